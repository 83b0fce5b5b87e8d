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

// given says whether a value is an argument.
func given(b Bind) bool { return b.Param >= 0 || b.Name != "" }

// namesOne says whether a WHERE clause names the row by its id, or by what no
// other row is likely to have, in a column that is not set.
func namesOne(where []Bind, table string, assigned map[string]int) bool {
	return pinsID(where, table) || slices.ContainsFunc(where, func(b Bind) bool {
		_, set := assigned[b.Column]
		return given(b) && !set && ownName(b.Column, table)
	})
}

// ownName says whether a column is called like one whose values are not shared: a
// token, or the number of what the table keeps. What it keeps is how its name
// ends, or begins where it is one word: the orders of shop_orders and orderinfo,
// and not those of order_items.
func ownName(column, table string) bool {
	at := strings.LastIndexByte(column, '_')
	of := column[:max(at, 0)]
	kept := of != "" && (strings.HasSuffix(singular(table), of) || strings.HasPrefix(table, of) && !strings.Contains(table, "_"))
	switch column[at+1:] {
	case "token", "otp", "nonce", "uuid":
		return true
	case "code":
		return of == "" || of == "sms" || strings.HasPrefix(of, "verif") || kept
	case "id", "no", "sn", "number", "ref", "reference":
		return kept
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
