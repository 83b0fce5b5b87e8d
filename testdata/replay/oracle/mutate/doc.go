// Package mutate breaks the guards of the services under testdata/replay, one
// change to one function at a time, in the ways in which guards are broken in
// the field: the claim dropped, its outcome ignored, the effect moved before
// it, its expiry left out. It works on typed syntax and knows of guards only
// what Go and the client libraries say, nothing of the linter.
//
// Mutants are compiled together: each changed function gets copies under new
// names and a dispatcher under its own, so one build of the harness holds all
// of them and picks one at run time (see Build). The linter sees each mutant
// as the plain source that a person would have written (see Mutant.Source).
package mutate

import (
	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
)

// Operator is one way to break a guard.
type Operator struct {
	Name string
	What string // one line for the table
	// Symptoms are the defects that the operator is meant to cause; a mutant
	// counts only if the oracle observes one of them.
	Symptoms []trial.Name
	// Rules name the defect; a finding of any of them is right.
	Rules []string
	// apply proposes changes to one guard. Of the alternatives that one call
	// returns, the first that compiles is taken.
	apply func(g *guard) []change
}

// change is one proposal: edits of the guard's function that belong together.
type change struct {
	edits   []edit
	imports []string // import paths that the edits need
	decls   string   // declarations to add to the file
	alt     []change // tried in order when the edits do not compile
}

// edit replaces the text between two positions of the original source.
type edit struct {
	from, to int // offsets in the file
	text     string
}

// Mutant is a guard broken by an operator.
type Mutant struct {
	ID       int // from 1, over all modules
	Operator *Operator
	Module   string // directory under testdata/replay
	Package  string // import path
	File     string // absolute
	Line     int    // of the claim
	Func     string // the function that was changed
	// Source is the file with the mutant in place, formatted.
	Source []byte

	site  int    // the probe that tells which endpoints pass here
	fn    int    // the function's number within all mutated functions
	copy  string // the changed function's declaration under the copy's name
	decls string
	adds  []string
}

// Discarded is a change that could not be tried.
type Discarded struct {
	Operator *Operator
	Where    string
	Reason   string
}
