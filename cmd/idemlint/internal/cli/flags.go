package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
	"github.com/idemlint/idemlint/cmd/idemlint/internal/format"
)

// settings hold what the flags of one call say.
type settings struct {
	command                         string // how to call it again, with -C
	dir, tags, config               string
	rules                           RuleSet
	endpoints                       []string
	level                           string
	strict, cgo, noIndex            bool
	baseline, newFrom, newFromPatch string
	format                          string
	json                            bool
	outs                            []output
	pathRoot, group, show, color    string
	fix, diff                       bool
	failOn                          string
	quiet, verbose, compare         bool
	setup                           setupFlags
	older, against, history         string // of report
	showSet, formatSet              bool
}

// setupFlags are the flags of init.
type setupFlags struct{ store, dialect, keyHeader, ttl, dir, wire string }

// output is one -out.
type output struct {
	format, file string
}

// flagDef describes a flag for parsing and for the usage text.
type flagDef struct {
	name, arg string
	text      string // lines after the first are indented
	bind      func(s *settings) flag.Value
}

// ownFlags belong to the commands that name them, and not to the analysis.
var ownFlags = []string{"check", "store", "dialect", "key-header", "ttl", "dir", "wire", "compare", "against", "history"}

// flagDefs are all flags, in the order of the usage text.
var flagDefs = []flagDef{
	{"C", "dir", "run in dir; before or after the command", func(s *settings) flag.Value { return text(&s.dir) }},
	{"tags", "list", "build tags, comma-separated", func(s *settings) flag.Value { return text(&s.tags) }},
	{"config", "file", "default: nearest .idemlint.yml, else .golangci.yml", func(s *settings) flag.Value { return text(&s.config) }},
	{"rules", "list", `only these rules; "-name" leaves one out`, func(s *settings) flag.Value { return &s.rules }},
	{"endpoint", "pattern", "only these, as 'POST /pay/**' (repeatable)", func(s *settings) flag.Value { return (*textList)(&s.endpoints) }},
	{"level", "level", "lowest severity shown: warning, error (default warning)", func(s *settings) flag.Value {
		return choice(&s.level, "warning", "error")
	}},
	{"strict", "", "every mutating endpoint needs a guard", func(s *settings) flag.Value { return yes(&s.strict) }},
	{"cgo", "", "run cgo and the C compiler for cgo packages", func(s *settings) flag.Value { return yes(&s.cgo) }},
	{"no-index", "", "judge packages as a driver without index does", func(s *settings) flag.Value { return yes(&s.noIndex) }},
	{"baseline", "file", "leave out findings listed in file", func(s *settings) flag.Value { return text(&s.baseline) }},
	{"new-from", "rev", "only findings touched since the merge base with rev", func(s *settings) flag.Value { return text(&s.newFrom) }},
	{"new-from-patch", "file", `the same for a diff; "-" is standard input`, func(s *settings) flag.Value { return text(&s.newFromPatch) }},
	{"format", "name", formatNames(false) + "\n(default text); report also:\n" + formatNames(true), func(s *settings) flag.Value {
		return choice(&s.format, names(format.All())...).note(&s.formatSet)
	}},
	{"json", "", "same as -format json", func(s *settings) flag.Value { return yes(&s.json) }},
	{"out", "name:file", "also write this format to file (repeatable)", func(s *settings) flag.Value { return (*outputs)(&s.outs) }},
	{"path-root", "dir", "base of paths in machine formats (default git root)", func(s *settings) flag.Value { return text(&s.pathRoot) }},
	{"group", "by", "none, cause, rule, package, owner (default none)", func(s *settings) flag.Value {
		return choice(&s.group, "none", "cause", "rule", "package", "owner")
	}},
	{"show", "list", "trace, source, unknown, waived\n(default trace,source up to 10 findings)", func(s *settings) flag.Value {
		return choices(&s.show, "trace", "source", "unknown", "waived").note(&s.showSet)
	}},
	{"color", "when", "auto, always, never (default auto; obeys NO_COLOR)", func(s *settings) flag.Value {
		return choice(&s.color, "auto", "always", "never")
	}},
	{"fix", "", "apply the fixes of the selected findings", func(s *settings) flag.Value { return yes(&s.fix) }},
	{"diff", "", "print the fixes as a diff, write nothing", func(s *settings) flag.Value { return yes(&s.diff) }},
	{"fail-on", "level", "exit 1 from: warning, error, never (default warning)", func(s *settings) flag.Value {
		return choice(&s.failOn, "warning", "error", "never")
	}},
	{"store", "name", "where keys are kept: sql, redis, dynamodb, memory\n(default: what the module uses)", func(s *settings) flag.Value {
		return choice(&s.setup.store, "sql", "redis", "dynamodb", "memory")
	}},
	{"dialect", "name", "of -store sql: postgres, mysql, sqlite (default: the driver's)", func(s *settings) flag.Value {
		return choice(&s.setup.dialect, "postgres", "mysql", "sqlite")
	}},
	{"key-header", "name", "header with the key (default Idempotency-Key)", func(s *settings) flag.Value { return text(&s.setup.keyHeader) }},
	{"ttl", "duration", "how long responses are kept (default 24h)", func(s *settings) flag.Value { return text(&s.setup.ttl) }},
	{"dir", "dir", "folder of the package in the module\n(default internal/idempotency)", func(s *settings) flag.Value { return text(&s.setup.dir) }},
	{"wire", "file", "write the call of Use into this file", func(s *settings) flag.Value { return text(&s.setup.wire) }},
	{"compare", "file", "older report (json); exit 1 when coverage falls or an\nendpoint gets worse or leaves the inventory", func(s *settings) flag.Value { return text(&s.older) }},
	{"against", "file", "openapi.yaml or a text with METHOD /route lines; exit 1\nwhen only one side has an endpoint", func(s *settings) flag.Value { return text(&s.against) }},
	{"history", "dir", "older reports (json) for the trend in html", func(s *settings) flag.Value { return text(&s.history) }},
	{"q", "", "less on standard error", func(s *settings) flag.Value { return yes(&s.quiet) }},
	{"v", "", "more on standard error", func(s *settings) flag.Value { return yes(&s.verbose) }},
	{"check", "", "write nothing; exit 1 when the file is stale", func(s *settings) flag.Value { return yes(&s.compare) }},
}

// defaults returns the settings of no flags.
func defaults() *settings {
	return &settings{level: "warning", format: "text", group: "none", color: "auto", failOn: "warning",
		setup: setupFlags{keyHeader: "Idempotency-Key", ttl: "24h", dir: "internal/idempotency"}}
}

// parse reads the command's flags and returns what follows them.
func (c *command) parse(args []string) (*settings, []string, error) {
	s := defaults()
	if c.failOn != "" {
		s.failOn = c.failOn
	}
	fs := flagSet(s, c.flags)
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil, nil, &helpError{c.usage()}
	} else if err != nil {
		return nil, nil, c.usageError(err.Error())
	}
	rest := fs.Args()
	if ended := len(args)-len(rest) > 0 && args[len(args)-len(rest)-1] == "--"; !ended {
		for _, arg := range rest {
			if strings.HasPrefix(arg, "-") && arg != "-" {
				return nil, nil, c.usageError("flag " + arg + " comes after an argument; put flags first")
			}
		}
	}
	if err := s.check(); err != nil {
		return nil, nil, c.usageError(err.Error())
	}
	return s, rest, nil
}

// flagSet returns a flag set that writes into s and knows the named flags, or
// all of them.
func flagSet(s *settings, names []string) *flag.FlagSet {
	fs := flag.NewFlagSet("idemlint", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	for _, d := range flagDefs {
		if takes(names, d) {
			fs.Var(d.bind(s), d.name, d.text)
		}
	}
	return fs
}

// check looks at what single flags cannot see, and completes the settings.
func (s *settings) check() error {
	s.command = "idemlint"
	if s.dir != "" {
		s.command += " -C " + format.Quote(s.dir)
	}
	dir, err := filepath.Abs(s.dir)
	if err != nil {
		return fmt.Errorf("-C %s: %w", s.dir, err)
	}
	if info, err := os.Stat(dir); err != nil {
		return fmt.Errorf("-C %s: %w", s.dir, reason(err))
	} else if !info.IsDir() {
		return fmt.Errorf("-C %s: not a folder", s.dir)
	}
	s.dir = dir
	if s.json {
		if s.formatSet && s.format != "json" {
			return fmt.Errorf("-json and -format %s exclude each other; use -out for a second format", s.format)
		}
		s.format = "json"
	}
	if s.newFrom != "" && s.newFromPatch != "" {
		return errors.New("-new-from and -new-from-patch exclude each other")
	}
	return nil
}

// path returns a file name from a flag, relative to the folder of the run.
func (s *settings) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.dir, name)
}

// view returns how to show n findings or endpoints.
func (s *settings) view(n int, endpoints, color bool) format.View {
	v := format.View{Endpoints: endpoints, Group: format.Group(s.group), Color: color, Command: s.command}
	if !s.showSet {
		v.Show.Trace = n <= format.MaxDetailed
		v.Show.Source = v.Show.Trace
		return v
	}
	for _, what := range splitList(s.show) {
		switch what {
		case "trace":
			v.Show.Trace = true
		case "source":
			v.Show.Source = true
		case "unknown":
			v.Show.Unknown = true
		case "waived":
			v.Show.Waived = true
		}
	}
	return v
}

// severities orders levels; "never" is above all.
var severities = map[string]int{string(report.Warning): 1, string(report.Error): 2, "never": 3}

// atLeast says whether a severity reaches a level.
func atLeast(s report.Severity, level string) bool {
	return severities[string(s)] >= severities[level]
}

// splitList splits a comma-separated list; blanks around items are dropped.
func splitList(s string) []string {
	var items []string
	for _, item := range strings.Split(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// formatNames lists the formats that are for inventories, or the others, in
// lines that fit into the usage text's column.
func formatNames(inventory bool) string {
	const width = 57
	var b strings.Builder
	line := 0
	for i, name := range names(slices.DeleteFunc(format.All(), func(f *format.Format) bool { return f.Inventory != inventory })) {
		switch {
		case i == 0:
		case line+len(", "+name+",") > width:
			b.WriteString(",\n")
			line = 0
		default:
			b.WriteString(", ")
			line += len(", ")
		}
		b.WriteString(name)
		line += len(name)
	}
	return b.String()
}

// names lists what formats are called.
func names(formats []*format.Format) []string {
	var out []string
	for _, f := range formats {
		out = append(out, f.Name)
	}
	return out
}
