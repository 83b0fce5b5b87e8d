package model

// Build says how the calls of a fluent chain make a statement. The record that
// is written is the row's Entity; its type gives the table, unless a call
// names it, and the columns.
type Build struct {
	Verb string `yaml:"verb"` // INSERT, REPLACE, UPDATE, DELETE or SELECT
	// Table, Set, Where and Suffix are methods of the chain. A Set is either
	// an assignment's text with its values or a column and a value; a Where
	// is a condition's text with its values, or expressions; a Suffix is text
	// with its values, or an expression.
	Table  []string `yaml:"table,omitempty"`
	Set    []string `yaml:"set,omitempty"`
	Where  []string `yaml:"where,omitempty"`
	Suffix []string `yaml:"suffix,omitempty"`
	// Columns and Values are methods that list them, one after the other.
	Columns []string `yaml:"columns,omitempty"`
	Values  []string `yaml:"values,omitempty"`
	// Records are methods that are given a record: a struct, or a map of columns.
	Records []string `yaml:"records,omitempty"`
	// SuffixText stands in front of each suffix.
	SuffixText string `yaml:"suffix-text,omitempty"`
	// Sink is what the arguments of the call itself are: pair (column, value),
	// record (a struct or map of columns), row (a list of columns as argument 1
	// and one of values as argument 2), update (a record as argument 1 and a
	// condition as argument 2), conditions (a condition from argument 1 on), or
	// nothing.
	Sink string `yaml:"sink,omitempty"`
	// Returning are methods that make the statement answer with its rows.
	Returning []string `yaml:"returning,omitempty"`
	// Exact says that the columns of a struct are named as its fields are.
	Exact bool `yaml:"exact,omitempty"`
	// Whole says that the row's conditions hold only where no statement is written.
	Whole bool `yaml:"whole,omitempty"`
}

// Expression is a function, method or named type of a builder of statements that
// stands for a part of one.
type Expression struct {
	Pos Pos `yaml:"-"`

	// On is a call that makes the part, or the type of a map or slice that is it.
	On Symbols `yaml:"on"`
	// Text is the part, of a map each entry's: {0} is argument 0, {recv} the
	// receiver, {set 1} the assignments in the record that argument 1 is, {key}
	// an entry's key, and ? the next value.
	Text string `yaml:"text,omitempty"`
	// Args are the values, in the order of the question marks.
	Args Arg `yaml:"args,omitempty"`
	// Join is AND or OR, between a call's arguments, elements or entries.
	Join string `yaml:"join,omitempty"`
	// Ops are the comparisons that the keys of a map name, in lower case; such
	// a map is a value that says how it is compared (goqu's Op).
	Ops map[string]string `yaml:"ops,omitempty"`
}
