package world

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The normaliser decides what does not count as a difference. Two levels:
//
// Times are masked always: a row whose only difference is updated_at is the
// same row. A time is any text in RFC 3339 or SQL form, and any integer that,
// read as seconds, milliseconds, microseconds or nanoseconds since 1970, lies
// in the year around now.
//
// Identities are masked when one act is compared with another, never when a
// replay is compared with the state it found: UUIDs, ULIDs and hex strings of
// 16 digits or more anywhere in a value, integers in fields that are called
// id or end in _id, the reply numbers of the vendor (v-1), and numbers of six
// digits or more in the names of files and keys.

var (
	timeText = regexp.MustCompile(`\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?\s*(Z|UTC|[+-]\d{2}:?\d{2}( UTC|( [A-Z]{3,4}))?)?( m=[+-][\d.]+)?`)
	longInt  = regexp.MustCompile(`\b\d{10,19}\b`)
	idText   = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|\b[0-9A-HJKMNP-TV-Z]{26}\b|[0-9a-f]{16,}|\bv-\d+\b`)
	placeNum = regexp.MustCompile(`\d{6,}`)
	jsonID   = regexp.MustCompile(`("(?:id|[a-z_]+_id)":\s*)(\d+)`)
)

// MaskTimes replaces every time in s.
func MaskTimes(s string) string {
	s = timeText.ReplaceAllString(s, "<time>")
	return longInt.ReplaceAllStringFunc(s, func(digits string) string {
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return digits
		}
		for _, unit := range []int64{1, 1e3, 1e6, 1e9} {
			if diff := time.Since(time.Unix(n/unit, 0)); diff < 366*24*time.Hour && diff > -366*24*time.Hour {
				return "<time>"
			}
		}
		return digits
	})
}

// MaskIDs replaces every generated identity in s.
func MaskIDs(s string) string {
	return jsonID.ReplaceAllString(idText.ReplaceAllString(s, "<id>"), "${1}<id>")
}

// Times is the normaliser for comparing a state with a later one.
func Times(r Record) Record {
	return mapFields(r, func(_, v string) string { return MaskTimes(v) })
}

// Identities returns the normaliser for comparing one act with another; the
// keys that the harness sent are masked too.
func Identities(keys ...string) func(Record) Record {
	return func(r Record) Record {
		r.Place = placeNum.ReplaceAllString(MaskIDs(maskKeys(r.Place, keys)), "<id>")
		return mapFields(r, func(name, v string) string {
			v = MaskIDs(MaskTimes(maskKeys(v, keys)))
			if _, err := strconv.ParseInt(v, 10, 64); err == nil && (name == "id" || strings.HasSuffix(name, "_id")) {
				return "<id>"
			}
			return v
		})
	}
}

func maskKeys(s string, keys []string) string {
	for _, k := range keys {
		if k != "" {
			s = strings.ReplaceAll(s, k, "<key>")
		}
	}
	return s
}

func mapFields(r Record, f func(name, value string) string) Record {
	fields := make([]Field, len(r.Fields))
	for i, fl := range r.Fields {
		fields[i] = Field{Name: fl.Name, Value: f(fl.Name, fl.Value)}
	}
	r.Fields = fields
	return r
}
