package cli

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
)

// command is one row of the command table.
type command struct {
	name    string // empty for the analysis itself
	args    string // for the usage line
	summary string
	flags   []string                                                                   // nil for all
	failOn  string                                                                     // the default of -fail-on, when it is another than usual
	run     func(ctx context.Context, a *App, s *settings, args []string) (int, error) // nil when it is not built
}

// The flags of several commands.
var (
	loadFlags = []string{"C", "tags", "config", "strict", "cgo", "no-index", "q", "v"}
	showFlags = []string{"rules", "endpoint", "level", "format", "json", "out", "path-root", "show", "color", "fail-on"}
)

// commands returns the table. It is a function because commands print it.
func commands() []*command {
	return []*command{
		{name: "", args: "[packages]", run: analyse},
		{name: "report", args: "[packages]", summary: "list every endpoint: effect, protection, trace",
			flags: slices.Concat(loadFlags, showFlags, []string{"compare", "against", "history"}), failOn: "never", run: listEndpoints},
		{name: "why", args: "FILE:LINE | 'METHOD /route' | function", summary: "explain FILE:LINE, 'METHOD /route' or a function",
			flags: slices.Concat(loadFlags, []string{"color"}), run: why},
		{name: "explain", args: "[rule]", summary: "print a rule's page; without a name, list the rules",
			flags: []string{"C"}, run: explain},
		{name: "init", summary: "write a config and, where none exists, a guard package",
			flags: []string{"C", "tags", "config", "cgo", "store", "dialect", "key-header", "ttl", "dir", "wire", "q", "v"}, run: initialise},
		{name: "guideline", summary: "write the team's standard in Markdown, from config and code",
			flags: []string{"C", "tags", "config", "strict", "cgo", "q", "v"}, run: guideline},
		{name: "baseline", args: "write | check | prune", summary: "write, check or prune accepted findings",
			flags: slices.Concat(loadFlags, []string{"baseline"}), run: baselineCommand},
		{name: "index", summary: "write the index for go vet, golangci-lint, nogo; -check if stale",
			flags: []string{"C", "tags", "config", "cgo", "check", "q", "v"}, run: index},
		{name: "model", args: "[check FILE]", summary: "list models in use, or check a model file",
			flags: []string{"C", "config"}, run: models},
		{name: "convert", args: "[file.json ...]", summary: "merge saved JSON results, print them in another format",
			flags: slices.Concat([]string{"C", "baseline", "new-from", "new-from-patch", "group", "q"}, showFlags), run: convert},
		{name: "cache", args: "clean", summary: "clean: delete cached results", flags: []string{"C", "q"}, run: cleanCache},
		{name: "version", summary: "print version and Go version it was built with", flags: []string{"C"}, run: version},
	}
}

// findCommand returns the command that the arguments name, the default one if
// they name none, and its arguments: those before the name go to the command.
func findCommand(args []string) (*command, []string, error) {
	table := commands()
	fs := flagSet(defaults(), nil)
	if err := fs.Parse(args); err != nil {
		return table[0], args, nil //nolint:nilerr // the command parses them again, and reports it
	}
	before, rest := args[:len(args)-fs.NArg()], fs.Args()
	if len(rest) == 0 || len(before) > 0 && before[len(before)-1] == "--" {
		return table[0], args, nil
	}
	if rest[0] == "help" {
		return nil, nil, &helpError{table[0].usage()}
	}
	for _, c := range table[1:] {
		if c.name == rest[0] {
			return c, slices.Concat(before, rest[1:]), nil
		}
	}
	return table[0], args, nil
}

// helpError carries a usage text that was asked for.
type helpError struct{ text string }

// Error implements error.
func (e *helpError) Error() string { return flag.ErrHelp.Error() }

// usageError returns an error that says where the usage is.
func (c *command) usageError(message string) error {
	return fmt.Errorf("%s; \"%s -h\" shows the usage", message, c.call())
}

// call returns how the command is called.
func (c *command) call() string {
	return strings.TrimSpace("idemlint " + c.name)
}

// takes says whether the command has a flag.
func (c *command) takes(d flagDef) bool { return takes(c.flags, d) }

func takes(names []string, d flagDef) bool {
	if names == nil {
		return !slices.Contains(ownFlags, d.name)
	}
	return slices.Contains(names, d.name)
}

// usage returns the text for -h.
func (c *command) usage() string {
	var b strings.Builder
	if c.name != "" {
		fmt.Fprintf(&b, "usage: %s\n\n%s.\n\n", strings.TrimSpace(c.call()+" [flags] "+c.args), strings.ToUpper(c.summary[:1])+c.summary[1:])
		c.printFlags(&b)
		return b.String()
	}
	b.WriteString(usageHead)
	for _, c := range commands()[1:] {
		fmt.Fprintf(&b, "  %-9s %s\n", c.name, c.summary)
	}
	b.WriteString("\n")
	c.printFlags(&b)
	b.WriteString(usageTail)
	return b.String()
}

// printFlags writes the command's flags in columns; -q and -v share a line.
func (c *command) printFlags(b *strings.Builder) {
	const column = "                       " // where texts begin
	for _, d := range flagDefs {
		if !c.takes(d) || d.name == "v" {
			continue
		}
		name, text := strings.TrimSpace("-"+d.name+" "+d.arg), d.text
		if d.name == "q" {
			name, text = "-q, -v", "less or more on standard error"
		}
		fmt.Fprintf(b, "  %-*s %s\n", len(column)-3, name, strings.ReplaceAll(text, "\n", "\n"+column))
	}
}

// The parts of the usage text around commands and flags.
const (
	usageHead = `Idemlint reports endpoints that act twice when the same request arrives twice.

usage: idemlint [flags] [packages]
       idemlint command [flags] [arguments]

Packages are go command patterns; default ./..., or all modules of go.work.
Commands ("idemlint command -h" for flags; write a package so named as ./name):
`
	usageTail = `
Exit status, whatever the format: 0 nothing to fail on; 1 findings, with -fix
those that remain, with -diff a patch; 2 bad usage, load error or incomplete
analysis. ("go run" turns 2 into 1: install the binary in CI.)
Also: go vet -vettool=$(which idemlint) ./... ; golangci-lint: docs/ci.md
`
)
