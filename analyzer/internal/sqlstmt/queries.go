package sqlstmt

import "strings"

// Named is one query of a file of named queries.
type Named struct {
	Name string
	// Verb is the annotation behind the name, as written: ":one", ":many",
	// ":exec", ":execrows", ... of sqlc. It is empty where there is none, as
	// in files of goyesql.
	Verb string
	Line int    // of the name, from 1
	Text string // what follows up to the next name, without space around it
}

// Queries reads the named queries of an SQL file. A query begins with a
// comment line "name: NAME [:VERB]"; text before the first name belongs to
// none.
func Queries(text string) []Named {
	var out []Named
	var body []string
	flush := func() {
		if len(out) > 0 {
			out[len(out)-1].Text = strings.TrimSpace(strings.Join(body, "\n"))
		}
		body = nil
	}
	for i, line := range strings.Split(text, "\n") {
		name, verb, ok := queryName(line)
		if !ok {
			body = append(body, line)
			continue
		}
		flush()
		out = append(out, Named{Name: name, Verb: verb, Line: i + 1})
	}
	flush()
	return out
}

// queryName reads the line that names a query. Other comments may begin with
// name: as well, so the name has to stand alone or before a verb.
func queryName(line string) (name, verb string, ok bool) {
	line = strings.TrimSpace(line)
	switch {
	case strings.HasPrefix(line, "--"), strings.HasPrefix(line, "/*"):
		line = line[2:]
	case strings.HasPrefix(line, "#"):
		line = line[1:]
	default:
		return "", "", false
	}
	line = strings.TrimSuffix(strings.TrimSpace(line), "*/")
	rest, isName := strings.CutPrefix(strings.TrimSpace(line), "name:")
	fields := strings.Fields(rest)
	if !isName || len(fields) == 0 || len(fields) > 1 && !strings.HasPrefix(fields[1], ":") {
		return "", "", false
	}
	if len(fields) > 1 {
		verb = fields[1]
	}
	return fields[0], verb, true
}
