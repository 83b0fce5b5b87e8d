// Package sqlstmt says what one SQL text does when it runs again: the class
// of each statement, the table, and where its values come from. It reads
// text only; what the bound arguments hold, and whether the caller looks at
// the result, is for others to weigh.
//
// No dialect is given, so the statements of PostgreSQL, MySQL, SQLite, SQL
// Server and CQL are all taken as they come. Nothing is rejected: what is not
// understood is Unknown.
package sqlstmt

import "strings"

// Hole stands, inside a text, for a part that is not known: a verb of a
// format string, a variable that was concatenated.
const Hole = "\x00"

// maxText is the length in bytes up to which a text is read; what lies behind
// makes it Unknown. The longest queries of services have some kilobytes.
const maxText = 1 << 20

// maxDepth bounds the nesting of statements and expressions that is followed.
const maxDepth = 64

// Class of one statement, ordered from harmless to harmful as far as
// one order makes sense; see Max.
type Class int

// The classes, as far as text alone decides them.
const (
	Read          Class = iota // reads, sets session state, opens a transaction
	Lock                       // excludes others, remembers nothing
	Idempotent                 // converges: absolute update, delete, upsert of absolute values
	Guarded                    // a replay finds its WHERE no longer true: it compares a column that the statement sets
	InsertIgnore               // insert-or-ignore: a claim when the result is tested
	Insert                     // plain insert: identity decides
	Unknown                    // the text does not tell
	NonIdempotent              // relative or volatile assignment, queue pop, COPY, NOTIFY
)

// Stmt is one statement of a text.
type Stmt struct {
	Class Class
	Verb  string // upper case: SELECT, INSERT, UPDATE, DELETE, MERGE, ...
	Table string // without schema and quotes; empty when unknown or a hole
	// Sets are the columns that an INSERT or UPDATE writes, in order, with
	// where the value comes from. The column is empty where an INSERT does
	// not list its columns. Of several rows it is the first.
	Sets []Bind
	// Where are the equality comparisons in the WHERE clause of the
	// statement's own level, as far as all of them have to hold.
	Where []Bind
	// Only is set for an UPDATE or DELETE, or a SELECT of one table, whose WHERE clause
	// asks for nothing but Where and Nulls: what they say tells which rows it touches.
	Only bool
	// Nulls are the columns that an UPDATE wants to be NULL, as far as all of
	// them have to be.
	Nulls []string
	// States are the comparisons of columns that an UPDATE sets, where all of them
	// have to hold and nothing else is asked of such a column: whether the row still
	// meets them when the update has run is for who knows the arguments.
	States []State
	// Conflict holds the target columns of ON CONFLICT or the like; Upsert is
	// set when a conflict updates.
	Conflict  []string
	Upsert    bool
	Returning bool   // RETURNING or OUTPUT
	Version   bool   // the guard is an optimistic version that the statement itself bumps
	Drawn     bool   // another run of the UPDATE only puts other random values in the same place
	Why       string // one phrase: what decided the class

	// Constraint is the name in ON CONFLICT ON CONSTRAINT.
	Constraint string
	// NotExists is set when the statement inserts only where a SELECT, not
	// atomic with it, finds no row of the same table. A unique index on what
	// it compares makes a replay harmless.
	NotExists bool
	// Proc is the routine that CALL, EXEC or EXECUTE names, without schema.
	Proc string
	// Calls are the functions that a SELECT calls, lower case, without schema:
	// those of the database itself and the program's own.
	Calls []string
	// Columns are the columns that a SELECT gives, in order, lower case and
	// without table; empty for what is no plain column.
	Columns []string
	// Alone is set for a SELECT that reads Table, a table or a view, and nothing
	// else.
	Alone bool

	// Parts are the writing statements inside a WITH or EXPLAIN statement, in
	// order, when there are several. Class is already that of all of them; the
	// other fields are those of the decisive one.
	Parts []Stmt
}

// State is a column that has to be one of some values, or none of them.
type State struct {
	Column string
	Values []Bind
	Not    bool
}

// Bind is a column and the value put into it or compared with it.
type Bind struct {
	Column string // lower case, unquoted
	// Param is the index, from 0, of the bound argument (in order of
	// appearance in the whole text for ?, by number for $1 and @p1); -1 when
	// the value is none. A cast or a function that only converts the argument
	// (lower, trim, to_timestamp, ...) does not hide it.
	Param int
	// Name is set for :name, @name, $name and sqlc.arg(name) placeholders.
	Name string
	// Expr is the value's text, tokens joined by one space, when Param is -1
	// and Name is empty. A value with a fallback, such as
	// COALESCE($1, gen_random_uuid()), has both: argument and text.
	Expr string
	// Read says that the value is a column, of whatever rows are read.
	Read bool
}

// Parse splits a text into statements and classifies each of them. It
// returns nil for a text without any. Placeholders are counted over the whole
// text, as drivers do. A Hole may stand anywhere, also inside of a name; verbs
// of fmt that are still in the text, such as %s, are taken for holes. A hole
// in the place of a value is no argument.
func Parse(text string) []Stmt {
	cut := len(text) > maxText
	if cut {
		text = text[:maxText]
	}
	var out []Stmt
	for _, ts := range split(lex(text)) {
		out = append(out, unit(ts)...)
	}
	if cut {
		out = append(out, Stmt{Class: Unknown, Why: "text is too long to be read"})
	}
	return out
}

// Begins reports whether a text begins like a statement that reads or writes
// rows: with a verb, upper case or not, and a blank.
func Begins(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n(")
	end := strings.IndexAny(text, " \t\r\n")
	if end < 4 || end > 7 {
		return false
	}
	switch strings.ToLower(text[:end]) {
	case "select", "insert", "update", "delete", "upsert", "replace", "merge", "with":
		return true
	}
	return false
}

// Max is the class of running all of the statements: the most harmful one.
// It is Read when there is none.
func Max(stmts []Stmt) Class {
	most := Read
	for _, s := range stmts {
		most = max(most, s.Class)
	}
	return most
}
