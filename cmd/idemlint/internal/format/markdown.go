package format

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Format{Name: "markdown", Write: writeMarkdown, Inventory: true, Review: true})

// maxMarkdown bounds the rows of a table: a comment on GitHub holds 65,536
// characters.
const maxMarkdown = 150

// writeMarkdown writes the report for a comment or a wiki, whatever the view:
// the coverage, what asks for work, and all the rest folded away.
func writeMarkdown(w io.Writer, in *Input) error {
	m := &markdown{in: in, states: in.Document.States(), rules: in.Document.RulesOf()}
	m.head()
	m.review()
	m.endpoints()
	m.assumptions()
	m.printf("%s.\n", Summary(in.Document))
	_, err := w.Write(m.Bytes())
	return err
}

// markdown is Markdown output in the making. What comes from the analysed
// code goes through mdCode or mdText.
type markdown struct {
	bytes.Buffer
	in     *Input
	states map[string]report.State
	rules  map[string][]string
}

// printf appends formatted text.
func (m *markdown) printf(format string, args ...any) { fmt.Fprintf(m, format, args...) }

// head writes the coverage.
func (m *markdown) head() {
	c := m.in.Document.Coverage()
	m.printf("## Idempotency\n\n**%s**\n\n", CoverageLine(c))
	if !m.in.Document.Complete {
		m.printf("The analysis is incomplete: %s not analysed.\n\n", Count(m.in.Document.Packages.Skipped, "package"))
	}
	if c.Endpoints == 0 {
		return
	}
	m.printf("| State | Endpoints | Meaning |\n| --- | ---: | --- |\n")
	for _, s := range report.States() {
		if n := c.By[s]; n > 0 {
			m.printf("| %s | %d | %s |\n", stateWords[s], n, stateMeanings[s])
		}
	}
	m.printf("\n")
}

// review writes what differs from an older report and from a list of routes.
func (m *markdown) review() {
	for _, line := range ReviewLines(m.in) {
		if item, ok := strings.CutPrefix(line, "  "); ok {
			m.printf("- %s\n", mdText(item))
		} else {
			m.printf("\n**%s**\n\n", mdText(line))
		}
	}
	if m.in.Comparison != nil || m.in.Against != nil {
		m.printf("\n")
	}
}

// open says whether a state asks for work.
func open(s report.State) bool {
	return s == report.StateAtRisk || s == report.StatePartial || s == report.StateUnknown
}

// split divides the endpoints into those that ask for work and the others,
// both in the order of the states.
func (m *markdown) split() (work, rest []*report.Endpoint) {
	for _, s := range report.States() {
		for i := range m.in.Document.Endpoints {
			e := &m.in.Document.Endpoints[i]
			switch {
			case m.states[e.ID] != s:
			case open(s):
				work = append(work, e)
			default:
				rest = append(rest, e)
			}
		}
	}
	return work, rest
}

// endpoints writes the tables.
func (m *markdown) endpoints() {
	work, rest := m.split()
	if len(work) > 0 {
		m.printf("### To do\n\n")
		m.table(work)
	}
	if len(rest) > 0 {
		m.printf("<details><summary>%s more</summary>\n\n", Count(len(rest), "endpoint"))
		m.table(rest)
		m.printf("</details>\n\n")
	}
}

// assumptions writes what the verdicts rest on.
func (m *markdown) assumptions() {
	groups, total := assumptions(m.in.Document)
	if total == 0 {
		m.printf("0 assumptions.\n\n")
		return
	}
	m.printf("<details><summary>%s</summary>\n\n", Count(total, "assumption"))
	for _, g := range groups {
		m.printf("- %d %s\n", g.Count, mdText(assumptionWord(g.Kind)))
		for i, a := range g.List {
			if i == maxAssumptions {
				m.printf("  - and %d more\n", len(g.List)-i)
				break
			}
			m.printf("  - %s %s\n", mdCode(m.in.Tree.ShownFile(m.in.Document.Modules, a.Pos)), mdText(a.Text))
		}
	}
	m.printf("\n</details>\n\n")
}

// table writes endpoints, a row each.
func (m *markdown) table(list []*report.Endpoint) {
	m.printf("| Endpoint | State | Rules | Key | Store | Owner | At |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for i, e := range list {
		if i == maxMarkdown {
			m.printf("\nand %d more\n", len(list)-i)
			break
		}
		m.printf("| %s | %s | %s | %s | %s | %s | %s |\n", mdCode(Name(e)), stateWords[m.states[e.ID]], mdRules(m.in, m.rules[e.ID]),
			mdCode(orNone(e.Key)), mdCode(orNone(e.Store)), mdCode(orNone(e.Owner)), mdCode(m.in.at(e)))
	}
	m.printf("\n")
}

// mdRules links rules to their pages.
func mdRules(in *Input, rules []string) string {
	var links []string
	for _, name := range rules {
		if url := in.rule(name).URL; url != "" {
			links = append(links, "["+mdText(name)+"]("+url+")")
		} else {
			links = append(links, mdText(name))
		}
	}
	return strings.Join(links, ", ")
}

// mdCode writes text from the analysed code as code, in which nothing has a
// meaning: no markup, no mention of a person, no end of a table's cell.
func mdCode(s string) string {
	s = Clean(s)
	if s == "" {
		return ""
	}
	if !strings.ContainsAny(s, "`|\\") && strings.TrimSpace(s) == s {
		return "`" + s + "`"
	}
	return "<code>" + mdText(s) + "</code>"
}

// mdText writes text so that it stands for itself: all that Markdown or HTML
// could take for more becomes a character reference. An @ gets a joiner
// behind it, or GitHub would call whom it names.
func mdText(s string) string {
	var b strings.Builder
	for _, r := range Clean(s) {
		switch {
		case r == '@':
			b.WriteString("&#64;\u2060")
		case strings.ContainsRune("\\`*_{}[]()<>#+!|&~$:", r):
			fmt.Fprintf(&b, "&#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
