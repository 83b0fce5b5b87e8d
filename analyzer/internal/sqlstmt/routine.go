package sqlstmt

import "strings"

// Routines says, by lower-case name without schema, what the functions and
// procedures do that the texts define: the most harmful statement of their
// bodies. Bodies in other languages than SQL are not looked into and Unknown.
func Routines(ddl ...string) map[string]Stmt {
	out := map[string]Stmt{}
	for _, text := range ddl {
		if len(text) > maxSchema || !mentionsRoutine(text) {
			continue
		}
		for _, ts := range split(definitions(text)) {
			if name, s, ok := routine(ts); ok {
				out[name] = s
			}
		}
	}
	return out
}

func mentionsRoutine(text string) bool {
	low := strings.ToLower(text)
	return strings.Contains(low, "function") || strings.Contains(low, "procedure")
}

// routine reads CREATE FUNCTION and CREATE PROCEDURE.
func routine(ts tokens) (name string, body Stmt, ok bool) {
	if !ts.oneOf(0, "create") {
		return "", Stmt{}, false
	}
	i := definedAt(ts)
	if !ts.oneOf(i, "function", "procedure", "proc") {
		return "", Stmt{}, false
	}
	name, _, _ = ts.name(skipIf(ts, i+1))
	if name == "" {
		return "", Stmt{}, false
	}
	return name, bodyOf(ts[i:]), true
}

// bodyOf is the most harmful statement of a routine. The body is a quoted text
// (PostgreSQL) or follows the head as it is.
func bodyOf(ts tokens) Stmt {
	body := ts
	for i := range ts {
		if ts[i].kind == str && i > 0 && ts.oneOf(i-1, "as") {
			body = lex(unquoted(ts[i].text))
			break
		}
	}
	worst := Stmt{Class: Read, Verb: "CALL", Why: "the routine only reads"}
	for i := range body {
		if !body.startsWrite(i) {
			continue
		}
		end := i
		for end < len(body) && !body[end].is(";") {
			end++
		}
		if s := classify(body[i:end], scope{}); s.Class > worst.Class {
			worst = s
		}
	}
	return worst
}

// startsWrite says whether a statement that writes starts at i.
func (ts tokens) startsWrite(i int) bool {
	switch {
	case ts[i].quoted || ts[i].kind != word:
		return false
	case i > 0 && ts.oneOf(i-1, "for", "on", "before", "after", "or", "."): // FOR UPDATE, ON DELETE, a trigger's events
		return false
	case ts[i].is("insert"):
		return ts.oneOf(i+1, "into", "ignore")
	case ts[i].is("delete"):
		return ts.oneOf(i+1, "from")
	case ts[i].is("update"):
		return ts[i:].find(0, "set") < len(ts)-i
	}
	return ts[i].is("perform", "call") || ts[i].is("merge") && ts.oneOf(i+1, "into")
}

// unquoted is what stands between the quotes of a text.
func unquoted(s string) string {
	if strings.HasPrefix(s, "$") {
		if end := strings.IndexByte(s[1:], '$'); end >= 0 {
			tag := s[:end+2]
			return strings.TrimSuffix(strings.TrimPrefix(s, tag), tag)
		}
	}
	return strings.ReplaceAll(strings.Trim(s, "'"), "''", "'")
}

// TemporaryTables lists, in lower case, the tables that the texts make for one
// session only: what is written to them is gone with it.
func TemporaryTables(ddl ...string) []string {
	var out []string
	for _, text := range ddl {
		low := strings.ToLower(text)
		if len(text) > maxSchema || !strings.Contains(low, "temp") {
			continue
		}
		for _, ts := range split(lex(Unqualified(text))) {
			i := definedAt(ts)
			if ts.oneOf(0, "create") && ts.oneOf(i, "table") && ts[:i].has("temp", "temporary") {
				if name, _, _ := ts.name(skipIf(ts, i+1)); name != "" {
					out = append(out, name)
				}
			}
		}
	}
	return out
}
