package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Position is a place in a config.
type Position struct {
	File   string // as given to Load, or what the settings are called
	Line   int    // from 1; 0 when the source has no lines
	Column int    // from 1
}

// String returns file:line:column, or the file alone where lines are unknown.
func (p Position) String() string {
	switch {
	case p.Line > 0 && p.Column > 0:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	case p.Line > 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return p.File
}

// Problem is one thing that is wrong with a config, in a sentence that says
// what to do.
type Problem struct {
	Pos  Position
	Text string
}

// Error returns position and text.
func (p Problem) Error() string { return p.Pos.String() + ": " + p.Text }

// Problems are all that is wrong with a config, by position. It is the type of
// the errors that bad content causes; an unreadable file has the error of the
// file system.
type Problems []Problem

// Error returns one line for each problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.Error()
	}
	return strings.Join(lines, "\n")
}

// asError sorts the problems by position; without any it returns nil.
func (p Problems) asError() error {
	if len(p) == 0 {
		return nil
	}
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	return p
}
