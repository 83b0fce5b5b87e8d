package format

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Format{Name: "text", Write: writeText, Review: true})

// MaxDetailed is how many findings, or endpoints in a report, text output
// shows with traces and excerpts when the user did not say.
const MaxDetailed = 10

// maxCauses bounds the causes listed below the findings.
const maxCauses = 10

// writeText writes the result for people.
func writeText(w io.Writer, in *Input) error {
	t := &text{in: in, style: style(in.View.Color)}
	if in.View.Endpoints {
		t.inventory()
	} else {
		t.findings()
	}
	t.printf("%s\n", Summary(in.Document))
	_, err := w.Write(t.Bytes())
	return err
}

// Summary is the last line of all text output.
func Summary(doc *report.Document) string {
	unknown, known, waived := 0, 0, make(map[string]bool)
	for _, e := range doc.Endpoints {
		if e.Effect == report.EffectUnknown {
			unknown++
		}
	}
	for _, f := range doc.Findings {
		if f.Status == report.Baselined {
			known++
		}
		if f.Status == report.Waived {
			for _, id := range f.Endpoints {
				waived[id] = true
			}
		}
	}
	text := fmt.Sprintf("%s in %s, %s not analysed, %d unknown, %d waived",
		Count(len(doc.Endpoints), "endpoint"), Count(doc.Packages.Analysed, "package"), Count(doc.Packages.Skipped, "package"), unknown, len(waived))
	if known > 0 {
		text += fmt.Sprintf(", %d baselined", known)
	}
	return text
}

// text is text output in the making. What comes from the analysed code goes
// through Clean.
type text struct {
	bytes.Buffer
	style
	in *Input
}

// printf appends formatted text.
func (t *text) printf(format string, args ...any) {
	fmt.Fprintf(t, format, args...)
}

// findings writes the findings by group, then what they have in common.
func (t *text) findings() {
	shown := t.in.findings()
	for _, g := range t.groups(shown) {
		if g.name != "" {
			t.printf("%s\n", t.bold(fmt.Sprintf("== %s (%s)", Clean(g.name), Count(len(g.findings), "finding"))))
		}
		for i := range g.findings {
			t.finding(&g.findings[i])
		}
		if g.name != "" && !t.detailed() {
			t.printf("\n")
		}
	}
	if len(shown) > 0 && !t.detailed() && t.in.View.Group == GroupNone {
		t.printf("\n")
	}
	if t.in.View.Show.Unknown {
		t.unknown()
	}
	if len(shown) == 0 {
		return
	}
	t.causes(shown)
	if !t.detailed() {
		t.next(shown)
	}
}

// detailed says whether each finding takes several lines.
func (t *text) detailed() bool {
	return t.in.View.Show.Trace || t.in.View.Show.Source
}

// group is a group of findings; the only one of no grouping has no name.
type group struct {
	name     string
	findings []report.Finding
}

// groups divides the findings as the view says: causes by size, other groups
// by name, rules in their own order.
func (t *text) groups(findings []report.Finding) []group {
	var groups []group
	index := make(map[string]int)
	for _, f := range findings {
		name := t.groupOf(&f)
		i, ok := index[name]
		if !ok {
			i = len(groups)
			index[name] = i
			groups = append(groups, group{name: name})
		}
		groups[i].findings = append(groups[i].findings, f)
	}
	slices.SortStableFunc(groups, func(a, b group) int {
		switch t.in.View.Group {
		case GroupCause:
			return cmp.Or(cmp.Compare(len(b.findings), len(a.findings)), cmp.Compare(a.name, b.name))
		case GroupRule:
			return cmp.Compare(t.ruleRank(a.name), t.ruleRank(b.name))
		}
		return cmp.Compare(a.name, b.name)
	})
	return groups
}

// groupOf returns the name of the finding's group.
func (t *text) groupOf(f *report.Finding) string {
	switch t.in.View.Group {
	case GroupCause:
		return f.Cause
	case GroupRule:
		return f.Rule
	case GroupPackage:
		return f.Package
	case GroupOwner:
		for _, id := range f.Endpoints {
			if e := t.in.endpoint(id); e != nil && e.Owner != nil {
				return *e.Owner
			}
		}
		return "no owner"
	}
	return ""
}

// ruleRank returns a rule's place among all.
func (t *text) ruleRank(name string) int {
	return slices.IndexFunc(t.in.Rules, func(r Rule) bool { return r.Name == name })
}

// finding writes one finding.
func (t *text) finding(f *report.Finding) {
	module := t.in.module(f)
	word := t.severity(f.Severity)
	if f.Status == report.Waived {
		word = "waived"
	}
	t.printf("%s: %s: %s\n", t.bold(Clean(t.in.Tree.Shown(module, f.Pos))), word, Clean(f.Rule+": "+f.Message))
	if f.Status == report.Waived && f.Reason != nil {
		t.printf("  reason: %s\n", Clean(*f.Reason))
	}
	if s := f.Changed; s != nil {
		t.printf("  changed: %s  %s\n", Clean(t.in.Tree.Shown(t.in.Tree.ModuleOf(s.Package), s.Pos)), Clean(s.Text))
	}
	if !t.detailed() {
		return
	}
	if t.in.View.Show.Source {
		t.excerpt(module, f.Pos, f.End)
	}
	if t.in.View.Show.Trace {
		t.trace("    ", f.Trace, false)
	}
	t.printf("  why:  %s\n  rule: %s\n", t.whyCommand(f), t.rulePage(f.Rule))
	if f.Fix != nil {
		t.printf("  fix:  %s\n", t.fixCommand(f))
	}
	t.printf("\n")
}

// severity returns the coloured word for a severity.
func (t *text) severity(s report.Severity) string {
	if s == report.Error {
		return t.red(string(s))
	}
	return t.yellow(string(s))
}

// trace writes the steps in columns. Premises other than seen are always
// named; all of them are when every is set.
func (t *text) trace(indent string, steps []report.Step, every bool) {
	width := 0
	positions := make([]string, len(steps))
	for i, s := range steps {
		positions[i] = Clean(t.in.Tree.Shown(t.in.Tree.ModuleOf(s.Package), s.Pos))
		width = max(width, utf8.RuneCountInString(positions[i]))
	}
	for i, s := range steps {
		premise := ""
		if every || s.Premise != report.Seen && s.Premise != "" {
			premise = " (" + string(s.Premise) + ")"
		}
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(positions[i]))
		t.printf("%s%-6s  %s%s  %s%s\n", indent, Clean(string(s.Kind)), t.dim(positions[i]), pad, Clean(s.Text), premise)
	}
}

// whyCommand returns the command that explains the finding.
func (t *text) whyCommand(f *report.Finding) string {
	p := ParsePos(t.in.Tree.Shown(t.in.module(f), f.Pos))
	return fmt.Sprintf("%s why %s", t.in.View.Command, Quote(fmt.Sprintf("%s:%d", p.File, p.Line)))
}

// fixCommand returns the command that applies the finding's fix.
func (t *text) fixCommand(f *report.Finding) string {
	var command strings.Builder
	command.WriteString(t.in.View.Command + " -fix -rules " + Quote(f.Rule))
	for _, id := range f.Endpoints {
		if e := t.in.endpoint(id); e != nil {
			command.WriteString(" -endpoint " + Quote(Name(e)))
		}
	}
	return command.String()
}

// rulePage says where a rule is explained.
func (t *text) rulePage(name string) string {
	if r := t.in.rule(name); r.URL != "" {
		return Clean(r.URL)
	}
	return t.in.View.Command + " explain " + Quote(name)
}

// unknown lists the endpoints that no verdict was found for.
func (t *text) unknown() {
	n := 0
	for _, e := range t.in.Document.Endpoints {
		if e.Effect == report.EffectUnknown {
			pos := t.in.Tree.Shown(e.Module, cmp.Or(e.RoutePos, e.HandlerPos))
			t.printf("%s: unknown: %s\n", t.bold(Clean(pos)), Clean(Name(&e)+": "+cmp.Or(e.Reason, "no reason given")))
			n++
		}
	}
	if n > 0 {
		t.printf("\n")
	}
}

// cause is what several findings share.
type cause struct {
	text      string
	endpoints map[string]bool
	findings  int
}

// size is by what causes are ordered and how they are counted.
func (c *cause) size() string {
	if len(c.endpoints) == 0 {
		return Count(c.findings, "finding")
	}
	return Count(len(c.endpoints), "endpoint")
}

// causes writes the causes, the largest first, unless there are few findings
// that have nothing in common.
func (t *text) causes(findings []report.Finding) {
	causes := findCauses(findings)
	if len(findings) <= MaxDetailed && len(causes) == len(findings) {
		return
	}
	errors := 0
	for _, f := range findings {
		if f.Severity == report.Error {
			errors++
		}
	}
	t.printf("%s (%s, %s), %s:\n", Count(len(findings), "finding"),
		Count(errors, "error"), Count(len(findings)-errors, "warning"), Count(len(causes), "cause"))
	for i, c := range causes {
		if i == maxCauses {
			t.printf("  and %d more: -group cause shows all\n", len(causes)-maxCauses)
			break
		}
		t.printf("  %s: %s\n", c.size(), Clean(c.text))
	}
	t.printf("\n")
}

// findCauses returns the causes of the findings, the largest first. A finding
// without a cause is its own.
func findCauses(findings []report.Finding) []*cause {
	var causes []*cause
	index := make(map[string]*cause)
	for _, f := range findings {
		text := cmp.Or(f.Cause, f.Rule+": "+f.Message)
		c := index[text]
		if c == nil {
			c = &cause{text: text, endpoints: make(map[string]bool)}
			index[text] = c
			causes = append(causes, c)
		}
		c.findings++
		for _, id := range f.Endpoints {
			c.endpoints[id] = true
		}
	}
	slices.SortStableFunc(causes, func(a, b *cause) int {
		return cmp.Or(cmp.Compare(len(b.endpoints), len(a.endpoints)),
			cmp.Compare(b.findings, a.findings), cmp.Compare(a.text, b.text))
	})
	return causes
}

// next writes what to do with many findings: the command that explains the
// first, and the pages of the rules.
func (t *text) next(findings []report.Finding) {
	t.printf("why:  %s\n", t.whyCommand(&findings[0]))
	var rules []string
	for _, f := range findings {
		if !slices.Contains(rules, f.Rule) {
			rules = append(rules, f.Rule)
		}
	}
	slices.SortFunc(rules, func(a, b string) int { return cmp.Compare(t.ruleRank(a), t.ruleRank(b)) })
	for _, r := range rules {
		t.printf("rule: %s\n", t.rulePage(r))
	}
	t.printf("\n")
}

// Count returns a number with its noun, in the plural unless there is one.
func Count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// style colours text when it is true.
type style bool

// paint puts text between an escape sequence and its end.
func (s style) paint(code, text string) string {
	if !s {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s style) bold(text string) string   { return s.paint("1", text) }
func (s style) dim(text string) string    { return s.paint("2", text) }
func (s style) red(text string) string    { return s.paint("31", text) }
func (s style) yellow(text string) string { return s.paint("33", text) }
