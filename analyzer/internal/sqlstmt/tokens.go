package sqlstmt

import (
	"slices"
	"strings"
)

// tokens is a run of tokens: a text, a statement, a clause or an expression.
// "Level" means the tokens outside of every bracket and CASE of the run.
type tokens []token

// next is the position behind the token or the bracketed group at i, at most
// the length.
func (ts tokens) next(i int) int {
	if i >= len(ts) {
		return len(ts)
	}
	if end := i + ts[i].span; end < len(ts) {
		return end + 1
	}
	return i + 1
}

// group is what stands between the bracket at i and its partner, and the
// position behind the partner; ok is false when i is no such bracket.
func (ts tokens) group(i int) (inner tokens, behind int, ok bool) {
	if i < 0 || i >= len(ts) || ts[i].span == 0 || i+ts[i].span >= len(ts) {
		return nil, i, false
	}
	end := i + ts[i].span
	return ts[i+1 : end], end + 1, true
}

// at says whether the tokens from i on are the given words.
func (ts tokens) at(i int, words ...string) bool {
	for k, w := range words {
		if i+k >= len(ts) || i+k < 0 || !ts[i+k].is(w) {
			return false
		}
	}
	return true
}

// oneOf says whether the token at i is one of the given words.
func (ts tokens) oneOf(i int, words ...string) bool {
	return i >= 0 && i < len(ts) && ts[i].is(words...)
}

// find is the position, at this level and not before from, of the first token
// that is one of the given words; len(ts) when there is none.
func (ts tokens) find(from int, words ...string) int {
	for i := from; i < len(ts); i = ts.next(i) {
		if ts[i].is(words...) {
			return i
		}
	}
	return len(ts)
}

// findSeq is like find for a sequence of words.
func (ts tokens) findSeq(from int, words ...string) int {
	for i := from; i < len(ts); i = ts.next(i) {
		if ts.at(i, words...) {
			return i
		}
	}
	return len(ts)
}

// has says whether one of the given words occurs, at any level.
func (ts tokens) has(words ...string) bool {
	for _, t := range ts {
		if t.is(words...) {
			return true
		}
	}
	return false
}

// hasSeq says whether the sequence of words occurs, at any level.
func (ts tokens) hasSeq(words ...string) bool {
	for i := range ts {
		if ts.at(i, words...) {
			return true
		}
	}
	return false
}

// hole says whether a part of the run is not known. A hole within a string
// or a placeholder's number does not count: it cannot be more than a value.
func (ts tokens) hole() bool {
	for _, t := range ts {
		if t.hole && t.kind == word {
			return true
		}
	}
	return false
}

// split cuts the run at every sep of this level.
func (ts tokens) split(sep string) []tokens {
	if len(ts) == 0 {
		return nil
	}
	var out []tokens
	start := 0
	for i := 0; i < len(ts); i = ts.next(i) {
		if ts[i].is(sep) {
			out = append(out, ts[start:i])
			start = i + 1
		}
	}
	return append(out, ts[start:])
}

// first is the first of the arguments that a run lists, empty where there is none.
func (ts tokens) first() tokens {
	for _, arg := range ts.split(",") {
		return arg
	}
	return nil
}

// unwrap removes brackets around the whole run.
func (ts tokens) unwrap() tokens {
	for len(ts) > 1 && ts[0].is("(") && ts[0].span == len(ts)-1 {
		ts = ts[1 : len(ts)-1]
	}
	return ts
}

// same says whether two runs have the same tokens.
func (ts tokens) same(other tokens) bool {
	if len(ts) != len(other) {
		return false
	}
	for i := range ts {
		if ts[i].low != other[i].low || ts[i].kind != other[i].kind || ts[i].index != other[i].index {
			return false
		}
	}
	return true
}

// String joins the tokens by one space; a qualified name stays together.
func (ts tokens) String() string {
	var b strings.Builder
	for i, t := range ts {
		if i > 0 && !t.is(".") && !ts[i-1].is(".") {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}

// name reads the possibly qualified name at i: its last part in lower case
// (empty when that part has a hole), the part before it, and the position
// behind it. The position is i when there is no name.
func (ts tokens) name(i int) (last, qualifier string, behind int) {
	if i >= len(ts) || ts[i].kind != word {
		return "", "", i
	}
	parts := []token{ts[i]}
	i++
	for i+1 < len(ts) && ts[i].is(".") && (ts[i+1].kind == word || ts[i+1].is(".")) {
		i++
		if ts[i].kind == word {
			parts = append(parts, ts[i])
			i++
		}
	}
	n := len(parts)
	if n > 1 {
		qualifier = parts[n-2].low
	}
	if !parts[n-1].hole {
		last = parts[n-1].low
	}
	return last, qualifier, i
}

// column reads a run that is nothing but a column, with index or path, like
// a, t.a, "a" or a[1]; ok is false for every other run.
func (ts tokens) column() (name, qualifier string, ok bool) {
	ts = ts.unwrap()
	if len(ts) == 0 || ts[0].kind != word || !ts[0].quoted && literalWords[ts[0].low] {
		return "", "", false
	}
	name, qualifier, i := ts.name(0)
	for i < len(ts) && ts[i].is("[") && ts[i].span > 0 {
		i = ts.next(i)
	}
	return name, qualifier, i == len(ts)
}

// holed reports whether a part of a text is not known.
func (ts tokens) holed() bool { return slices.ContainsFunc(ts, func(t token) bool { return t.hole }) }

// literalWords are words that stand for a value.
var literalWords = map[string]bool{
	"null": true, "true": true, "false": true, "default": true, "current_timestamp": true, "current_date": true,
	"current_time": true, "localtimestamp": true, "localtime": true, "sysdate": true, "systimestamp": true,
	"current_user": true, "session_user": true, "user": true, "rowid": false,
}

// Printable writes the holes of a text as an ellipsis and cuts what is long.
func Printable(s string) string {
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + Hole
	}
	return strings.ReplaceAll(s, Hole, "…")
}
