package sqlstmt

import (
	"slices"
	"strings"
)

// limited says whether MySQL's ORDER BY and LIMIT behind an UPDATE or DELETE
// choose the rows: with an order always, without one when a second run may come
// to others.
func limited(rest tokens, others bool) bool {
	if rest.find(0, "limit") == len(rest) && rest.find(0, "top") == len(rest) {
		return false
	}
	return others || rest.find(0, "order") < len(rest)
}

// single says whether a clause ends in LIMIT 1: many write it behind any
// condition that a single row meets.
func single(rest tokens) bool {
	at := rest.find(0, "limit")
	return at+2 == len(rest) && rest[at+1].kind == num && rest[at+1].text == "1"
}

// pools are columns by which many rows belong together, of which any will do.
var pools = []string{"status", "state", "queue", "topic", "channel", "type", "kind", "priority"}

// chosen says whether a WHERE clause says by values that are given which row is
// meant, rather than which kind of row.
func chosen(where []Bind) bool {
	return slices.ContainsFunc(where, func(b Bind) bool { return given(b) && !slices.Contains(pools, b.Column) })
}

// given says whether a value is an argument.
func given(b Bind) bool { return b.Param >= 0 || b.Name != "" }

// pinsOne says whether a WHERE clause names the row by its id, or by what no
// other row is likely to have, in a column that is not set.
func (t *target) pinsOne(where []Bind) bool {
	return pinsID(where, t.table) || slices.ContainsFunc(where, func(b Bind) bool {
		_, set := t.assigned[b.Column]
		return given(b) && !set && ownName(b.Column, t.table)
	})
}

// ownName says whether a column is called like one whose values are not shared: a
// token, or the number of what the table keeps.
func ownName(column, table string) bool {
	at := strings.LastIndexByte(column, '_')
	of := column[:max(at, 0)]
	switch column[at+1:] {
	case "token", "otp", "nonce", "email", "phone", "mobile", "uuid":
		return true
	case "code":
		return of == "" || of == "sms" || strings.HasPrefix(of, "verif") || strings.Contains(table, of)
	case "no", "sn", "number", "ref", "reference":
		return of != "" && strings.Contains(table, of)
	}
	return false
}

// pinsID says whether a WHERE clause names the row by its id, beside which
// LIMIT 1 is mere caution.
func pinsID(where []Bind, table string) bool {
	for _, b := range where {
		if b.Column == "id" || b.Column == "uuid" || b.Column != "" && (b.Column == table+"_id" || b.Column+"s" == table+"_id" || b.Column == singular(table)+"_id") {
			return true
		}
	}
	return false
}

// singular cuts the plural s of a table's name.
func singular(table string) string {
	if n := len(table); n > 1 && table[n-1] == 's' {
		return table[:n-1]
	}
	return table
}
