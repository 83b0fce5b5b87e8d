package world

import (
	"fmt"
	"sort"
	"strings"
	"time"
)

// Record is one thing that a store holds: a row, a Redis key, an item, a
// file, a call that a partner carried out, a mail or message that was sent.
type Record struct {
	Store  string // sql, redis, dynamo, vendor, mail, broker, sqs, file, memory
	Place  string // the table, key, path or topic
	Fields []Field
	// Expires says whether the record will go away by itself. It is no part
	// of the record's identity.
	Expires bool
}

// Field is one named value of a record, as text.
type Field struct{ Name, Value string }

// String is the record's canonical form; two records are the same if their
// forms are equal.
func (r Record) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s {", r.Store, r.Place)
	for i, f := range r.Fields {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(f.Name)
		b.WriteString(": ")
		b.WriteString(f.Value)
	}
	b.WriteString("}")
	return b.String()
}

// Text makes a record of one value.
func Text(store, place, value string) Record {
	return Record{Store: store, Place: place, Fields: []Field{{Name: "value", Value: value}}}
}

// FromMap makes a record of named values, sorted by name.
func FromMap(store, place string, values map[string]string) Record {
	r := Record{Store: store, Place: place}
	for name, v := range values {
		r.Fields = append(r.Fields, Field{Name: name, Value: v})
	}
	sort.Slice(r.Fields, func(i, j int) bool { return r.Fields[i].Name < r.Fields[j].Name })
	return r
}

func sqlText(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case []byte:
		return string(v)
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	default:
		return fmt.Sprint(v)
	}
}
