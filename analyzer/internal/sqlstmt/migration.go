package sqlstmt

import (
	"regexp"
	"strings"
)

// namespace is a schema's name that a migration tool fills in, in front of the name
// of a table: {{ .Schema }}.users, ${schema}.users, :schema.users.
var namespace = regexp.MustCompile("[\"`]?(?:\\{\\{[^{}\\n]*\\}\\}|\\$\\{\\w+\\})[\"`]?\\.([\\w\"`])|([\\s(]):\"?[A-Za-z_]\\w*\"?\\.([A-Za-z_\"])")

// Unqualified leaves out the schemas' names that a text leaves open: a table has the
// same name wherever it stands.
func Unqualified(ddl string) string {
	if !strings.ContainsAny(ddl, "{:") {
		return ddl
	}
	return namespace.ReplaceAllString(ddl, "$1$2$3")
}

// definitions are the ones that a migration leads to, without the names of schemas
// that it leaves open.
func definitions(text string) []token { return lex(Unqualified(upOnly(text))) }

// upOnly blanks what a migration file does to go back, and data that is no
// SQL. Every line stays, so that line numbers do.
func upOnly(text string) string {
	lines := strings.Split(text, "\n")
	down, data := false, false
	for i, l := range lines {
		l = strings.TrimSpace(l)
		if data {
			data = l != `\.`
			lines[i] = ""
			continue
		}
		if up, ok := direction(l); ok {
			down = !up
		}
		if down || strings.HasPrefix(l, `\`) { // a command of psql
			lines[i] = ""
			continue
		}
		// The rows of a dump follow its COPY.
		data = len(l) > 5 && strings.EqualFold(l[:5], "COPY ") && strings.HasSuffix(strings.ToLower(l), "from stdin;")
	}
	return strings.Join(lines, "\n")
}

// direction reads the comments by which migration tools separate the way up
// from the way down: goose, sql-migrate, dbmate and tern.
func direction(line string) (up, ok bool) {
	rest, isComment := strings.CutPrefix(line, "--")
	if !isComment {
		return false, false
	}
	f := strings.Fields(strings.ToLower(rest))
	switch {
	case len(f) > 1 && (f[0] == "+goose" || f[0] == "+migrate") && (f[1] == "up" || f[1] == "down"):
		return f[1] == "up", true
	case len(f) > 0 && (f[0] == "migrate:up" || f[0] == "migrate:down"):
		return f[0] == "migrate:up", true
	case strings.HasPrefix(line, "---- create above / drop below"):
		return false, true
	}
	return false, false
}
