package analyzer

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/report"
)

// panicked makes an error of a panic that was just recovered.
func (a *analysis) panicked(at string, panicked any) error {
	return a.internalError(at, fmt.Sprint(panicked), string(debug.Stack()))
}

// internalError says that a mistake in this program keeps it from looking at
// something: what is listed is then not all, and nobody may take it for that.
func (a *analysis) internalError(at, text, stack string) error {
	if a.force.Panic != nil {
		a.force.Panic(at, text, stack)
	}
	return fmt.Errorf("%s%s, please report it: %s", internalErrorAt, at, text)
}

const internalErrorAt = "internal error at "

// broken reports whether one of some problems is a mistake in this program.
func broken(problems []report.Problem) bool {
	return slices.ContainsFunc(problems, func(p report.Problem) bool { return strings.HasPrefix(p.Text, internalErrorAt) })
}

// broke is the problem of code that could not be followed.
func (e *engine) broke(f eval.Failure) load.Error {
	out := load.Error{Msg: e.internalError(f.Site.Fn.Sym, f.Panic, f.Stack).Error(), Package: f.Site.Fn.Unit.Path}
	if at := e.files.instr(f.Site); at.line > 0 {
		out.Pos.Filename, out.Pos.Line, out.Pos.Column = e.files.absolute(at.pkg, at.file), at.line, 1
	}
	return out
}
