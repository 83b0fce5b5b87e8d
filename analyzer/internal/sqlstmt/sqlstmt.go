// Package sqlstmt says what one SQL text does when it runs again: the class
// of each statement, the table, and where its values come from. It reads
// text only; what the bound arguments hold, and whether the caller looks at
// the result, is for others to weigh.
package sqlstmt

// Hole stands, inside a text, for a part that is not known: a verb of a
// format string, a variable that was concatenated.
const Hole = "\x00"

// Class of one statement, ordered from harmless to harmful as far as
// one order makes sense; see Max.
type Class int

// The classes of effects.md §0 as far as text alone decides them.
const (
	Read          Class = iota // reads, sets session state, opens a transaction
	Lock                       // excludes others, remembers nothing
	Idempotent                 // converges: absolute update, delete, upsert of absolute values
	Guarded                    // an update whose WHERE compares a column that it sets
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
	// where the value comes from.
	Sets []Bind
	// Where are the equality comparisons in the WHERE clause of the
	// statement's own level.
	Where []Bind
	// Conflict holds the target columns of ON CONFLICT or the like; Upsert is
	// set when a conflict updates.
	Conflict  []string
	Upsert    bool
	Returning bool   // RETURNING or OUTPUT
	Version   bool   // the guard is an optimistic version that the statement itself bumps
	Why       string // one phrase: what decided the class
}

// Bind is a column and the value put into it or compared with it.
type Bind struct {
	Column string // lower case, unquoted
	// Param is the index, from 0, of the bound argument (in order of
	// appearance for ? and %s, by number for $1 and @p1); -1 when the value
	// is none.
	Param int
	// Name is set for :name and @name placeholders.
	Name string
	// Expr is the value's text, tokens joined by one space, when Param is -1
	// and Name is empty.
	Expr string
}
