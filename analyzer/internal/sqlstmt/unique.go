package sqlstmt

import (
	"slices"
	"strings"
)

// maxSchema is the length in bytes up to which a file of definitions is read.
const maxSchema = 8 << 20

// maxDeclared bounds the constraints and the generated columns that are kept.
const maxDeclared = 10_000

// Constraint is a primary key or a unique constraint or index of a table.
type Constraint struct {
	Table string // without schema and quotes, lower case
	// Name is that of the constraint or index; where the text gives none, the
	// one that PostgreSQL makes up, such as users_email_key.
	Name string
	// Columns are lower case. An expression over one column that maps equal
	// values to equal ones, such as lower(email), counts as that column; any
	// other expression stands as its text.
	Columns []string
	Primary bool
	Where   string // condition of a partial index, tokens joined by one space; else empty
	// Defaults are the constants that columns of Columns and Where have when an
	// INSERT leaves them out.
	Defaults map[string]string
	// Generated are those of Columns that the database fills when an INSERT
	// leaves them out.
	Generated []string
	Text      int // index, from 0, of the text that declares it
	Line      int // from 1, in that text
}

// Condition is the text of a condition as [Constraint] has it.
func Condition(text string) string {
	for _, ts := range split(lex(text)) {
		return ts.String()
	}
	return ""
}

// Cell is what is known of a column in the row that an insert adds.
type Cell struct {
	Constant string // "" for a value that is none
	Set      bool   // whether the insert gives the column at all
	// Blank reports whether it may be the empty text, nil where it may not.
	Blank func() bool
}

// Refuses reports whether a second row like one is refused: all columns are among
// those that are the same in both, or left out and the same constant by default, and
// the row can meet the condition. Row is as in Covers.
func (c *Constraint) Refuses(same []string, row func(column string) Cell) bool {
	return len(c.Columns) > 0 && c.Covers(row) && !slices.ContainsFunc(c.Columns, func(name string) bool {
		_, constant := c.Defaults[name]
		return !slices.Contains(same, name) && (row(name).Set || !constant)
	})
}

// Covers reports whether a row meets the condition of a partial index, as far as it
// is known: no term asks a column for another value than the one that the row has,
// or for some text where there may be none. A flag that a row leaves out is taken
// as not set; what else it leaves out may have any value by default.
func (c *Constraint) Covers(row func(column string) Cell) bool {
	rest := strings.Fields(c.Where)
	if slices.ContainsFunc(rest, func(w string) bool { return strings.EqualFold(w, "or") || strings.EqualFold(w, "between") }) {
		return true
	}
	for len(rest) > 0 {
		end := slices.IndexFunc(rest, func(w string) bool { return strings.EqualFold(w, "and") })
		if end < 0 {
			end = len(rest)
		}
		words := plainTerm(rest[:end])
		rest = rest[min(end+1, len(rest)):]
		if len(words) == 0 || strings.EqualFold(words[0], "not") {
			continue
		}
		name := strings.ToLower(words[0])
		cell := row(name)
		if by, ok := c.Defaults[name]; ok && !cell.Set {
			cell.Constant, cell.Set = by, true
		}
		if asksForText(words[1:]) && cell.Set && (cell.Constant == "''" || cell.Blank != nil && cell.Blank()) {
			return false
		}
		if wants, ok := asked(words[1:]); ok && (cell.Set && cell.Constant != "" && !sameText(cell.Constant, wants) || !cell.Set && wants == "true") {
			return false
		}
	}
	return true
}

// plainTerm is a term of a condition without brackets, casts and functions that trim.
func plainTerm(words []string) []string {
	var out []string
	for i := 0; i < len(words); i++ {
		switch w := words[i]; {
		case w == "(" || w == ")":
		case w == "::":
			i++ // the type
			if i+1 < len(words) && strings.EqualFold(words[i+1], "varying") {
				i++
			}
		case len(out) == 0 && trims[strings.ToLower(w)]:
		default:
			out = append(out, w)
		}
	}
	return out
}

// trims are the functions that leave a text what it is but for what surrounds it, and
// the words in front of their argument.
var trims = map[string]bool{"trim": true, "btrim": true, "ltrim": true, "rtrim": true, "both": true, "leading": true, "trailing": true, "from": true}

// asksForText reports whether a term asks for a text that is not empty.
func asksForText(words []string) bool {
	return len(words) == 2 && (words[0] == "<>" || words[0] == "!=") && words[1] == "''"
}

// sameText compares two constants of a database, of which there are several for true
// and false.
func sameText(a, b string) bool {
	plain := func(s string) string {
		switch s = strings.ToLower(s); s {
		case "1", "t":
			return "true"
		case "0", "f":
			return "false"
		}
		return s
	}
	return plain(a) == plain(b)
}

// asked is the value that a term of a condition asks of the column in front; ok is
// false for other terms.
func asked(words []string) (value string, ok bool) {
	switch {
	case len(words) == 0, len(words) == 2 && strings.EqualFold(words[0], "is") && strings.EqualFold(words[1], "true"):
		return "true", true
	case len(words) >= 2 && words[0] == "=":
		return strings.Trim(words[1], "'"), true
	}
	return "", false
}

// column is a column that the database fills when an INSERT leaves it out.
type column struct {
	Table string // as in Constraint
	Name  string // lower case
	// How is "serial", "identity" (of any dialect), "default" or "rowid": an
	// INTEGER PRIMARY KEY, which SQLite numbers.
	How  string
	Expr string // of the default, tokens joined by one space; else empty
	Text int    // index, from 0, of the text that declares it
	Line int    // from 1, in that text
}

// Unique reads the primary keys, unique constraints and unique indexes that
// are in force after all of the texts, which are migrations in their order or
// a schema. Of a migration with both ways only the way up is read. What is
// not understood is passed over.
func Unique(ddl ...string) []Constraint {
	return readSchema(ddl).constraints
}

// schema is what the statements so far have declared.
type schema struct {
	constraints []Constraint
	generated   []column
	text        int
}

func readSchema(ddl []string) *schema {
	s := &schema{}
	for i, text := range ddl {
		s.text = i
		if len(text) > maxSchema {
			text = text[:maxSchema]
		}
		for _, ts := range split(definitions(text)) {
			s.statement(ts)
		}
	}
	filled, defaults := map[[2]string]bool{}, map[[2]string]string{}
	for _, g := range s.generated {
		filled[[2]string{g.Table, g.Name}] = true
		if g.How == "default" && Steady(g.Expr) {
			defaults[[2]string{g.Table, g.Name}] = strings.Trim(g.Expr, "'")
		}
	}
	for i := range s.constraints {
		c := &s.constraints[i]
		c.Defaults = map[string]string{}
		for _, name := range c.Columns {
			if filled[[2]string{c.Table, name}] {
				c.Generated = append(c.Generated, name)
			}
			if by, ok := defaults[[2]string{c.Table, name}]; ok && !strings.Contains(by, "(") { // what a function gives may be new
				c.Defaults[name] = by
			}
		}
		for _, w := range strings.Fields(strings.ToLower(c.Where)) {
			if by, ok := defaults[[2]string{c.Table, w}]; ok {
				c.Defaults[w] = by
			}
		}
	}
	return s
}

// statement reads one statement.
func (s *schema) statement(ts tokens) {
	switch {
	case ts.oneOf(0, "create"):
		if i := definedAt(ts); ts.oneOf(i, "table") {
			s.createTable(ts, i)
		} else if ts.oneOf(i, "index") && ts[:i].has("unique") {
			s.createIndex(ts, i)
		}
	case ts.oneOf(0, "do"):
		s.block(ts)
	case ts.at(0, "alter", "table"):
		s.alterTable(ts)
	case ts.at(0, "drop", "table"):
		for _, item := range ts[skipIf(ts, 2):].split(",") {
			table, _, _ := item.name(0)
			s.dropTable(table)
		}
	case ts.at(0, "drop", "index"):
		i := 2
		if ts.oneOf(i, "concurrently") {
			i++
		}
		name, _, _ := ts.name(skipIf(ts, i))
		s.drop(func(c Constraint) bool { return c.Name == name })
	}
}

// block reads the definitions in a block of procedural code, DO $$ .. $$.
func (s *schema) block(ts tokens) {
	for i := range ts {
		if ts[i].kind != str {
			continue
		}
		body := tokens(lex(unquoted(ts[i].text)))
		for k := 0; k < len(body); k++ {
			if !body.at(k, "create") && !body.at(k, "alter", "table") {
				continue
			}
			end := k
			for end < len(body) && !body[end].is(";") {
				end++
			}
			s.statement(body[k:end])
			k = end
		}
	}
}

// definedAt is the position of the kind of thing that a CREATE makes.
func definedAt(ts tokens) int {
	i := 1
	for ts.oneOf(i, "or", "replace", "unique", "clustered", "nonclustered", "temp", "temporary", "unlogged", "global", "local", "external", "foreign") {
		i++
	}
	return i
}

// skipIf is the position behind IF [NOT] EXISTS and ONLY.
func skipIf(ts tokens, i int) int {
	for ts.oneOf(i, "if", "not", "exists", "only") {
		i++
	}
	return i
}

// createTable reads CREATE TABLE name (definition, ...).
func (s *schema) createTable(ts tokens, i int) {
	table, _, next := ts.name(skipIf(ts, i+1))
	inner, behind, ok := ts.group(next)
	if table == "" || !ok {
		return
	}
	for _, item := range inner.split(",") {
		s.element(table, item)
	}
	if ts.at(behind, "primary", "key") { // Spanner's stands behind the columns
		s.key(table, "", ts, behind+2, true)
	}
}

// element reads one definition of a table: a constraint or a column.
func (s *schema) element(table string, ts tokens) {
	if len(ts) == 0 {
		return
	}
	name, i := "", 0
	if ts.oneOf(0, "constraint") {
		name, _, i = ts.name(1)
	}
	switch {
	case ts.at(i, "primary", "key"):
		s.key(table, name, ts, i+2, true)
	case ts.oneOf(i, "unique") && !isColumnType(ts, i+1):
		s.key(table, name, ts, i+1, false)
	case ts.oneOf(i, "foreign", "check", "exclude", "key", "index", "like", "period", "fulltext", "spatial") && (i > 0 || !isColumnType(ts, i+1)):
	case i == 0 && ts[0].kind == word && !ts[0].hole:
		s.column(table, ts)
	}
}

// isColumnType says whether a type follows a word that is then a column's
// name: a table may have a column called key.
func isColumnType(ts tokens, i int) bool {
	return ts.oneOf(i, "text", "varchar", "char", "character", "uuid", "int", "integer", "bigint", "smallint", "tinyint",
		"bytea", "blob", "binary", "varbinary", "boolean", "bool", "bit", "timestamp", "timestamptz", "datetime", "json", "jsonb",
		"numeric", "decimal", "real", "double", "float", "nvarchar", "nchar", "varchar2", "string", "citext", "longtext",
		"mediumtext", "inet", "uniqueidentifier", "serial", "bigserial")
}

// key reads what follows PRIMARY KEY or UNIQUE in a table's definition.
func (s *schema) key(table, name string, ts tokens, i int, primary bool) {
	line := ts[min(i, len(ts)-1)].line
	for i < len(ts) && !ts[i].is("(") {
		switch {
		case ts.at(i, "using", "index"): // an index that is there already
			return
		case ts.oneOf(i, "key", "index", "clustered", "nonclustered", "nulls", "not", "distinct", "concurrently", "if", "exists"):
		case ts.oneOf(i, "using"):
			i++ // BTREE
		case ts[i].kind == word && name == "":
			name = ts[i].low // MySQL: UNIQUE KEY name (columns)
		default:
			return
		}
		i++
	}
	inner, _, ok := ts.group(i)
	if !ok {
		return
	}
	s.add(Constraint{Table: table, Name: name, Columns: keyColumns(inner), Primary: primary, Line: line})
}

// keyColumns reads the columns of a key or an index.
func keyColumns(ts tokens) []string {
	var out []string
	for _, item := range ts.split(",") {
		item = item[:item.find(0, "asc", "desc", "collate", "nulls")]
		if inner, behind, ok := item.group(0); ok && behind == len(item) && inner.find(0, ",") < len(inner) {
			out = append(out, keyColumns(inner)...) // CQL: PRIMARY KEY ((a, b), c)
			continue
		}
		item = item.unwrap()
		_, _, next := item.name(0)
		if prefix, _, ok := item.group(next); ok && len(prefix) == 1 && prefix[0].kind == num {
			item = item[:next] // MySQL: the first n characters
		} else if next > 0 && next+1 == len(item) && item[next].kind == word {
			item = item[:next] // the operator class of an index
		}
		name := item.String()
		if column, _, ok := wrapped(item); ok {
			name = column
		}
		out = append(out, name)
	}
	return out
}

// column reads the definition of a column.
func (s *schema) column(table string, ts tokens) {
	name := ts[0].low
	line := ts[0].line
	generated := column{Table: table, Name: name, Line: line, Text: s.text}
	constraint := ""
	for i := 1; i < len(ts); i = ts.next(i) {
		switch {
		case ts.oneOf(i, "constraint"):
			constraint, _, _ = ts.name(i + 1)
			i++
		case ts.at(i, "primary", "key"):
			s.add(Constraint{Table: table, Name: constraint, Columns: []string{name}, Primary: true, Line: line})
			if ts.oneOf(1, "integer") && generated.How == "" {
				generated.How = "rowid"
			}
		case ts.oneOf(i, "unique"):
			s.add(Constraint{Table: table, Name: constraint, Columns: []string{name}, Line: line})
		case ts.oneOf(i, "serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"):
			generated.How = "serial"
		case ts.oneOf(i, "auto_increment", "autoincrement", "identity", "auto_random"):
			generated.How = "identity"
		case ts.oneOf(i, "default"):
			value := ts[i+1 : defaultEnd(ts, i+1)]
			if by := ts.oneOf(i-1, "by"); !by && !value.oneOf(0, "null") && len(value) > 0 {
				generated.How, generated.Expr = "default", value.String()
			}
		case ts.oneOf(i, "references", "check"):
			constraint = ""
		}
	}
	if generated.How != "" {
		s.setGenerated(generated)
	}
}

// defaultEnd is the position behind the value of a DEFAULT.
func defaultEnd(ts tokens, i int) int {
	for ; i < len(ts); i = ts.next(i) {
		if ts.oneOf(i, "not", "null", "unique", "primary", "references", "check", "constraint", "collate", "comment", "on", "generated", "after", "first") && i > 0 && !ts.oneOf(i-1, "default") {
			return i
		}
	}
	return len(ts)
}

// createIndex reads CREATE UNIQUE INDEX name ON table (columns) [WHERE ..].
func (s *schema) createIndex(ts tokens, i int) {
	c := Constraint{Line: ts[0].line}
	i++
	if ts.oneOf(i, "concurrently") {
		i++
	}
	i = skipIf(ts, i)
	if !ts.oneOf(i, "on") {
		c.Name, _, _ = ts.name(i)
	}
	on := ts.find(i, "on")
	table, _, next := ts.name(skipIf(ts, on+1))
	if ts.oneOf(next, "using") {
		next += 2
	}
	inner, behind, ok := ts.group(next)
	if !ok || table == "" {
		return
	}
	c.Table, c.Columns = table, keyColumns(inner)
	if where := ts.find(behind, "where"); where < len(ts) {
		c.Where = ts[where+1:].String()
	}
	if c.Name == "" {
		c.Name = table + "_" + strings.Join(c.Columns, "_") + "_idx"
	}
	s.add(c)
}

// add notes a constraint; a table has one primary key.
func (s *schema) add(c Constraint) {
	c.Text = s.text
	if c.Name == "" && c.Primary {
		c.Name = c.Table + "_pkey"
	}
	if c.Name == "" {
		c.Name = c.Table + "_" + strings.Join(c.Columns, "_") + "_key"
	}
	same := func(o Constraint) bool {
		return o.Table == c.Table && (o.Name == c.Name || o.Primary && c.Primary)
	}
	if len(s.constraints) < maxDeclared && !slices.ContainsFunc(s.constraints, same) {
		s.constraints = append(s.constraints, c)
	}
}

func (s *schema) setGenerated(g column) {
	s.unsetGenerated(g.Table, g.Name)
	if len(s.generated) < maxDeclared {
		s.generated = append(s.generated, g)
	}
}

func (s *schema) unsetGenerated(table, name string) {
	s.generated = slices.DeleteFunc(s.generated, func(o column) bool { return o.Table == table && o.Name == name })
}

func (s *schema) drop(match func(Constraint) bool) {
	s.constraints = slices.DeleteFunc(s.constraints, match)
}

func (s *schema) dropTable(table string) {
	s.drop(func(c Constraint) bool { return c.Table == table })
	s.generated = slices.DeleteFunc(s.generated, func(g column) bool { return g.Table == table })
}
