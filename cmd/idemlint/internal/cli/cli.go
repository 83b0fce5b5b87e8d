// Package cli is the command line of idemlint: flags, commands, selection of
// what is shown, and exit codes. The analysis itself is an Engine that the
// main package supplies.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/idemlint/idemlint/analyzer/baseline"
	"github.com/idemlint/idemlint/analyzer/report"
	"github.com/idemlint/idemlint/cmd/idemlint/internal/format"
)

// The exit codes, the same for every format.
const (
	exitOK       = 0
	exitFindings = 1 // findings of at least the level of -fail-on
	exitError    = 2 // bad usage, load error or incomplete analysis
)

// Engine analyses the packages that the options name. An error means that
// there is no result at all; what is wrong with some packages is in the
// result's document.
type Engine func(ctx context.Context, opts Options) (*Result, error)

// Options are what the flags say about the analysis.
type Options struct {
	// Dir is the absolute folder to run in; file names in the other options
	// are relative to it.
	Dir string
	// Patterns are package patterns; none means the default.
	Patterns []string
	// Tags are build tags, comma-separated.
	Tags string
	// Config names the configuration; empty means the nearest. ConfigData,
	// unless nil, is its content: that of another revision.
	Config     string
	ConfigData []byte
	// Baseline names the accepted findings: empty means the config's, "off"
	// none. BaselineData is as ConfigData.
	Baseline     string
	BaselineData []byte
	// Rules are the rules that -rules names or leaves out.
	Rules RuleSet
	// Strict makes every mutating endpoint need a guard.
	Strict bool
	// Cgo runs cgo for packages that need it.
	Cgo bool
	// NoIndex judges every package by itself.
	NoIndex bool
	// Fixes asks for the fixes of single statements, too.
	Fixes bool
	// Progress, unless nil, is told how many of how many steps are done.
	Progress func(done, total int)
	// Log, unless nil, is told what -v prints: one line, without a line end.
	Log func(line string)
}

// Result is what an Engine found.
type Result struct {
	Document *report.Document
	// ModuleDirs holds the absolute folder of each module of the document.
	ModuleDirs map[string]string
	// Warnings are for the user of the command, one sentence each.
	Warnings []string
	// Stale are the entries of the baseline that match nothing.
	Stale []baseline.Entry
}

// Baseline is the file of accepted findings that belongs to a run.
type Baseline struct {
	File  string // absolute
	Named bool   // by flag or config; otherwise it is only where it would be
	Root  string // absolute folder of the module or workspace
}

// App is the command. All fields but Vet and Glob must be set.
type App struct {
	Run Engine
	// Index makes the index that "idemlint index" writes or checks.
	Index func(ctx context.Context, opts Options) (Index, error)
	// Setup plans what "idemlint init" writes.
	Setup func(ctx context.Context, opts Options, s Setup) (*SetupPlan, error)
	// Guideline writes the standard of the module that the options name, in
	// Markdown.
	Guideline func(ctx context.Context, opts Options) (string, error)
	// Baseline says which file of accepted findings belongs to a run.
	Baseline func(opts Options) (Baseline, error)
	// Models lists the models in use; CheckModel says what is wrong with a file
	// of rows, whose name is absolute.
	Models     func(opts Options) ([]Model, error)
	CheckModel func(ctx context.Context, dir, file string) ([]string, error)
	Rules      []format.Rule // all, in priority order
	// Glob parses a pattern of routes for -endpoint and why.
	Glob func(pattern string) (match func(route string) bool, err error)
	// Clean deletes what is kept of former runs and returns how many bytes that
	// frees.
	Clean func() (int64, error)
	// Vet runs the program as go vet's tool, on the process's own arguments,
	// and returns the exit code if it returns.
	Vet func() int

	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(key string) string
	// Terminal says whether a stream is one.
	Terminal func(w io.Writer) bool
}

// Main runs the command with its arguments, the program's name not among
// them, and returns the exit code.
func (a *App) Main(ctx context.Context, args []string) int {
	if a.Vet != nil && drivenByGo(args) {
		return a.Vet()
	}
	code, err := a.dispatch(ctx, args)
	var help *helpError
	switch {
	case errors.As(err, &help):
		fmt.Fprint(a.Stdout, help.text)
		return exitOK
	case err != nil:
		a.complain(err.Error())
		return exitError
	}
	return code
}

// drivenByGo says whether the go command calls: it asks a vet tool for its
// version and flags and hands it a file that describes one package.
func drivenByGo(args []string) bool {
	for _, arg := range args {
		if arg == "-V=full" || arg == "-flags" {
			return true
		}
	}
	return len(args) > 0 && strings.HasSuffix(args[len(args)-1], ".cfg")
}

// complain writes a message for the user. It may quote the analysed code.
func (a *App) complain(message string) {
	lines := strings.Split(strings.TrimSpace(message), "\n")
	for i, line := range lines {
		lines[i] = format.Clean(strings.ReplaceAll(line, "\t", "    "))
	}
	fmt.Fprintln(a.Stderr, "idemlint: "+strings.Join(lines, "\n"))
}

// dispatch finds the command and runs it.
func (a *App) dispatch(ctx context.Context, args []string) (int, error) {
	cmd, args, err := findCommand(args)
	if err != nil {
		return exitError, err
	}
	if cmd.run == nil {
		return exitError, fmt.Errorf("%s is not available yet", cmd.name)
	}
	s, args, err := cmd.parse(args)
	if err != nil {
		return exitError, err
	}
	return cmd.run(ctx, a, s, args)
}

// reason returns what an error of the file system says, without the name of
// the file, which the user wrote in another way.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// IsTerminal says whether w is a terminal, as far as the standard library can
// tell: a character device.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
