package sqlstmt

import (
	"strconv"
	"strings"
)

// fixup joins what the lexer gives as several tokens: ?1, ?name, :name,
// {:name}, %s, sqlc.arg(name), [name].
func fixup(in []token) []token {
	out := make([]token, 0, len(in))
	dollars := false // with $1 in the text, ? is an operator of PostgreSQL
	for _, t := range in {
		dollars = dollars || t.kind == param && strings.HasPrefix(t.text, "$")
	}
	for i := 0; i < len(in); {
		t, n := in[i], 1
		switch {
		case t.is("?"):
			if !dollars && !jsonKey(out, in, i) {
				t, n = question(in, i)
			}
		case t.is(":", "@"):
			t, n = named(out, in, i)
		case t.is("{"):
			t, n = braced(in, i)
		case t.is("%"):
			t, n = verb(in, i)
		case t.is("["):
			t, n = bracketed(out, in, i)
		case t.is("sqlc", "pggen"):
			t, n = macro(in, i)
		}
		out = append(out, t)
		i += n
		// A hole that a verb left behind belongs to the words around it.
		if k := len(out) - 1; k > 0 && glueable(out[k-1], out[k]) {
			out[k-1].text += out[k].text
			out[k-1].low += out[k].low
			out[k-1].hole = true
			out = out[:k]
		}
	}
	return out
}

func glueable(a, b token) bool {
	return a.kind == word && b.kind == word && b.glued && a.hole != b.hole && !a.quoted && !b.quoted &&
		!clauseWords[a.low] && !clauseWords[b.low]
}

// operand says whether a value can end with t.
func operand(t token) bool {
	switch t.kind {
	case op:
		return t.is(")", "]", "}")
	case word:
		return t.quoted || !clauseWords[t.low] && !t.is("not", "when", "then", "else", "case", "between", "like", "any", "distinct")
	}
	return true
}

// jsonKey says whether the ? at in[i] is PostgreSQL's test for a key: a value
// stands before it, a string behind.
func jsonKey(out, in []token, i int) bool {
	return len(out) > 0 && operand(out[len(out)-1]) && i+1 < len(in) && in[i+1].kind == str
}

// question makes a placeholder of ?, ?1 and bun's ?name; bun's ?TableAlias
// and its like become holes.
func question(in []token, i int) (token, int) {
	t := in[i]
	t.kind = param
	if i+1 == len(in) || !in[i+1].glued || in[i+1].hole {
		return t, 1
	}
	next := in[i+1]
	switch {
	case next.kind == num && strings.HasSuffix(next.text, "."): // ?0.table
		t.text += strings.TrimSuffix(next.text, ".")
		t.low = t.text
		in[i+1].kind, in[i+1].text, in[i+1].low = op, ".", "."
		return t, 1
	case next.kind == num:
	case next.kind != word || next.quoted || clauseWords[next.low]:
		return t, 1
	case strings.HasPrefix(next.text, "Table"), strings.HasSuffix(next.text, "PKs"), next.text == "Columns", next.text == "Values":
		t.kind, t.text, t.low, t.hole = word, Hole, Hole, true
		return t, 2
	}
	t.text += next.text
	t.low = t.text
	return t, 2
}

// named makes a placeholder of :name, :1 and @name.
func named(out, in []token, i int) (token, int) {
	t := in[i]
	if i+1 == len(in) || !in[i+1].glued || in[i+1].quoted || in[i+1].kind != word && in[i+1].kind != num {
		return t, 1
	}
	// a[1:n] and {k:v} have a value directly before the colon.
	if t.glued && len(out) > 0 && operand(out[len(out)-1]) && out[len(out)-1].kind != param {
		return t, 1
	}
	next := in[i+1]
	if cut := strings.Index(next.text, Hole); cut > 0 {
		in[i+1].text, in[i+1].low = Hole, Hole
		t.kind, t.text = param, t.text+next.text[:cut]
		t.low = t.text
		return t, 1
	}
	t.kind, t.text, t.hole = param, t.text+next.text, next.hole
	t.low = t.text
	return t, 2
}

// braced makes a placeholder of dbx's {:name}.
func braced(in []token, i int) (token, int) {
	if i+3 < len(in) && in[i+1].is(":") && in[i+1].glued && in[i+3].is("}") {
		if t, n := named(nil, in, i+1); n == 2 {
			t.glued = in[i].glued
			return t, 4
		}
	}
	return in[i], 1
}

// verb makes a hole of a fmt verb, for texts whose holes were not marked.
func verb(in []token, i int) (token, int) {
	t, n := in[i], 1
	if i+4 < len(in) && in[i+1].is("[") && in[i+2].kind == num && in[i+3].is("]") {
		n = 4
	}
	if i+n >= len(in) || !in[i+n].glued || in[i+n].kind != word {
		return t, 1
	}
	v := in[i+n].text
	if strings.IndexByte("sdvqtxfw", v[0]) < 0 || len(v) > 1 && v[1] != '_' {
		return t, 1
	}
	t.kind, t.hole, t.text = word, true, Hole+v[1:]
	t.low = strings.ToLower(t.text)
	return t, n + 1
}

// bracketed makes a quoted name of SQL Server's [name]; an index or an array
// stands directly behind a value.
func bracketed(out, in []token, i int) (token, int) {
	t := in[i]
	if len(out) > 0 && (in[i].glued && operand(out[len(out)-1]) || out[len(out)-1].is("array", "in", "=", "+", "-")) {
		return t, 1
	}
	var name []string
	for j := i + 1; j < len(in) && j < i+8; j++ {
		if in[j].is("]") {
			if len(name) == 0 {
				return t, 1
			}
			t.kind, t.quoted = word, true
			t.text = strings.Join(name, " ")
			t.low = strings.ToLower(t.text)
			return t, j - i + 1
		}
		if in[j].kind != word {
			break
		}
		name = append(name, in[j].text)
		t.hole = t.hole || in[j].hole
	}
	t.hole = false
	return t, 1
}

// macro makes a placeholder of sqlc.arg(name), sqlc.narg('name') and
// pggen.arg('name').
func macro(in []token, i int) (token, int) {
	t := in[i]
	if i+5 >= len(in) || !in[i+1].is(".") || !in[i+2].is("arg", "narg", "slice") || !in[i+3].is("(") || !in[i+5].is(")") {
		return t, 1
	}
	t.kind = param
	t.text = "@" + strings.Trim(in[i+4].text, `'"`)
	t.low = t.text
	return t, 6
}

// pair sets the spans of brackets and of CASE .. END.
func pair(toks []token) {
	var open []int
	for i := range toks {
		t := &toks[i]
		var want string
		switch {
		case t.is("(", "[", "{") && t.kind == op, t.is("case") && t.kind == word:
			open = append(open, i)
			continue
		case t.is("end") && t.kind == word:
			if n := len(open); n > 0 && toks[open[n-1]].is("case") {
				toks[open[n-1]].span = i - open[n-1]
				open = open[:n-1]
			}
			continue
		case t.is(")"):
			want = "("
		case t.is("]"):
			want = "["
		case t.is("}"):
			want = "{"
		default:
			continue
		}
		// A CASE without END inside the bracket is a column called so.
		n := len(open)
		for n > 0 && toks[open[n-1]].is("case") && want == "(" {
			n--
		}
		if n > 0 && toks[open[n-1]].is(want) {
			toks[open[n-1]].span = i - open[n-1]
			open = open[:n-1]
		}
	}
}

// number gives every placeholder its argument: by number where it has one,
// by name where it has one, else in order of appearance. One whose number is a
// hole takes the next one, as long as nothing before it may be a placeholder, too.
func number(toks []token) {
	base := 1 // of ?1; bun counts from ?0
	for _, t := range toks {
		if t.kind == param && t.text == "?0" {
			base = 0
		}
	}
	seen, last, known := 0, -1, true
	for i := range toks {
		t := &toks[i]
		if t.kind != param {
			known = known && (!t.hole || namesTable(toks, i))
			continue
		}
		if t.hole {
			if t.text == "$"+Hole && known {
				last++
				t.index = last
			}
			continue
		}
		rest := t.text[1:]
		digits := rest
		if t.text[0] == '@' {
			digits = strings.TrimPrefix(rest, "p")
		}
		first := 1
		if t.text[0] == '?' {
			first = base
		}
		switch n, err := strconv.Atoi(digits); {
		case rest == "":
			t.index = seen
			seen++
		case err == nil && n >= first && n < 1<<16:
			t.index = n - first
			last = max(last, t.index)
		default:
			t.name = rest
		}
	}
}

// namesTable says whether the token at i stands where a table is named.
func namesTable(toks tokens, i int) bool {
	return toks[i].kind == word && toks.oneOf(i-1, "into", "update", "from", "join", "table", ".")
}

// names makes holes of the ? that stand for a name, as bun has them: ?.t, ?1.t
// and INSERT INTO ?. They keep their place in the count of arguments.
func names(toks tokens) {
	for i := range toks {
		t := &toks[i]
		if t.kind != param || t.text[0] != '?' {
			continue
		}
		schema := i+2 < len(toks) && toks[i+1].glued && toks[i+1].is(".") && toks[i+2].kind == word
		if schema || toks.oneOf(i-1, "into", "update", "join", "table") || toks.at(i-2, "delete", "from") {
			*t = token{kind: word, hole: true, text: Hole, low: Hole, line: t.line, glued: t.glued, index: -1}
		}
	}
}
