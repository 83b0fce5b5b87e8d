package format

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Format{Name: "html", Write: writeHTML, Inventory: true, Review: true})

// assets are the parts of the page and the libraries that it holds; where
// those come from says html/vendor/README.md.
//
//go:embed html/page.tmpl html/page.css html/page.js html/vendor
var assets embed.FS

// The files that make up the page's scripts and its style.
var (
	scriptFiles = []string{"vendor/list.min.js", "vendor/uPlot.iife.min.js", "page.js"}
	styleFiles  = []string{"vendor/uPlot.min.css", "page.css"}
	licences    = []string{"vendor/list.js-LICENSE", "vendor/uPlot-LICENSE"}
)

// excerptLines is how many lines of source stand before and after a step.
const excerptLines = 3

// page is what the template shows. All of its strings may come from the
// analysed code: html/template escapes them where they are used.
type page struct {
	Doc         *report.Document
	Policy      string // of what the browser may load: nothing
	Scripts     []template.JS
	Style       template.CSS
	Licences    []string
	Summary     string
	Line        string
	Percent     string
	Needing     int
	Coverage    report.Coverage
	Bar         []barPart
	Legend      []legendEntry
	Breakdowns  []breakdown
	Filters     []filter
	Rows        []row
	History     []point
	Changes     []changeView
	Compared    bool
	Against     *Against
	Before      string // the older report's coverage
	Assumptions []assumptionGroup
	Assumed     int
}

// Tool names what made the report.
func (p *page) Tool() string {
	return "idemlint " + strings.TrimPrefix(p.Doc.Tool, "idemlint ")
}

// Owned says whether an endpoint has an owner: without any the table has no
// column for them.
func (p *page) Owned() bool {
	return slices.ContainsFunc(p.Doc.Endpoints, func(e report.Endpoint) bool { return e.Owner != nil })
}

// barPart is a piece of a bar that is 100 wide.
type barPart struct {
	State    report.State
	X, Width float64
}

// legendEntry explains a state.
type legendEntry struct {
	State         report.State
	Word, Meaning string
	Count         int
}

// breakdown is the coverage of the endpoints by something they have.
type breakdown struct {
	Title, Filter string
	Groups        []groupRow
}

// groupRow is a line of a breakdown.
type groupRow struct {
	report.Group
	Value string // of the filter
	Bar   []barPart
	Label string
	Open  int
}

// filter is a choice above the table.
type filter struct {
	Name, Title string
	Options     []option
}

// option is a value of a filter.
type option struct{ Value, Text string }

// row is an endpoint, in the table and on a page of its own.
type row struct {
	*report.Endpoint
	Number   int // from 1, for links within the page
	State    report.State
	Word     string
	Rank     int
	Name     string
	At       string
	Handler  string
	Owner    string
	Rules    []Rule
	RuleList string
	Findings []findingView
	Nodes    []node
	Steps    []stepView
}

// findingView is a finding on an endpoint's page.
type findingView struct {
	*report.Finding
	URL string
}

// node is a box of the picture of a trace.
type node struct {
	Kind, Label, Text string
	Broken            bool // a guard that does not keep what it promises
}

// stepView is a step of a trace with its source.
type stepView struct {
	report.Step
	At     string
	Source []sourceLine
}

// sourceLine is a line of an excerpt.
type sourceLine struct {
	Number int
	Text   string
	Hit    bool
}

// point is a report of the past.
type point struct {
	At       string
	Unix     int64
	Percent  string
	Ratio    float64
	AtRisk   int
	Needing  int
	Revision string
}

// changeView is an endpoint that differs from the older report.
type changeView struct {
	Kind       report.ChangeKind
	Name, Text string
}

// changeViews names the changes.
func changeViews(c *report.Comparison) []changeView {
	var out []changeView
	for i := range c.Changes {
		ch := &c.Changes[i]
		out = append(out, changeView{ch.Kind, Name(ch.Endpoint()), changeText(ch)})
	}
	return out
}

// writeHTML writes one page that needs nothing else, whatever the view.
func writeHTML(w io.Writer, in *Input) error {
	text, err := assets.ReadFile("html/page.tmpl")
	if err != nil {
		return err
	}
	funcs := template.FuncMap{"word": func(s report.State) string { return stateWords[s] }, "assumption": assumptionWord}
	t, err := template.New("page").Funcs(funcs).Parse(string(text))
	if err != nil {
		return err
	}
	p, err := newPage(in)
	if err != nil {
		return err
	}
	return t.Execute(w, p)
}

// newPage gathers what the page shows.
func newPage(in *Input) (*page, error) {
	doc := in.Document
	c := doc.Coverage()
	p := &page{
		Doc: doc, Summary: Summary(doc), Line: CoverageLine(c), Percent: percent(c.Ratio()), Needing: c.Needing(),
		Coverage: c, Bar: bar(&c), Against: in.Against,
	}
	if in.Comparison != nil {
		p.Compared, p.Before = true, CoverageLine(in.Comparison.Before)
		p.Changes = changeViews(in.Comparison)
	}
	for _, s := range report.States() {
		if n := c.By[s]; n > 0 {
			p.Legend = append(p.Legend, legendEntry{s, stateWords[s], stateMeanings[s], n})
		}
	}
	p.Assumptions, p.Assumed = assumptions(doc)
	b := rowBuilder{in: in, states: doc.States(), rules: doc.RulesOf()}
	for i := range doc.Endpoints {
		p.Rows = append(p.Rows, b.row(&doc.Endpoints[i], i+1))
	}
	slices.SortStableFunc(p.Rows, func(a, b row) int { return cmp.Compare(a.Rank, b.Rank) })
	p.breakdowns(b.rules)
	for _, h := range in.History {
		hc := h.Document.Coverage()
		p.History = append(p.History, point{
			At: h.Time.UTC().Format("2006-01-02 15:04"), Unix: h.Time.Unix(), Percent: percent(hc.Ratio()), Ratio: hc.Ratio(),
			AtRisk: hc.By[report.StateAtRisk], Needing: hc.Needing(), Revision: h.Document.Revision,
		})
	}
	return p, p.embed()
}

// embed reads scripts and style, and allows the browser these and no more.
func (p *page) embed() error {
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	var style strings.Builder
	for _, name := range styleFiles {
		data, err := assets.ReadFile("html/" + name)
		if err != nil {
			return err
		}
		style.Write(data)
	}
	p.Style = template.CSS(style.String()) //nolint:gosec // a file of this program
	p.Policy = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src" + hash(style.String()) + "; script-src"
	for _, name := range scriptFiles {
		data, err := assets.ReadFile("html/" + name)
		if err != nil {
			return err
		}
		p.Scripts = append(p.Scripts, template.JS(data)) //nolint:gosec // a file of this program
		p.Policy += hash(string(data))
	}
	for _, name := range licences {
		data, err := assets.ReadFile("html/" + name)
		if err != nil {
			return err
		}
		p.Licences = append(p.Licences, string(data))
	}
	return nil
}

// bar divides 100 by states.
func bar(c *report.Coverage) []barPart {
	var parts []barPart
	x := 0.0
	for _, s := range report.States() {
		if n := c.By[s]; n > 0 {
			width := 100 * float64(n) / float64(c.Endpoints)
			parts = append(parts, barPart{s, x, width})
			x += width
		}
	}
	return parts
}

// breakdowns divides the endpoints and fills the filters.
func (p *page) breakdowns(rules map[string][]string) {
	one := func(f func(e *report.Endpoint) string) func(e *report.Endpoint) []string {
		return func(e *report.Endpoint) []string { return []string{f(e)} }
	}
	p.Filters = append(p.Filters, filter{Name: "state", Title: "State"})
	for _, l := range p.Legend {
		p.Filters[0].Options = append(p.Filters[0].Options, option{string(l.State), l.Word})
	}
	p.breakdown("package", "Package", "", one(func(e *report.Endpoint) string { return e.Package }))
	p.breakdown("owner", "Owner", "no owner", func(e *report.Endpoint) []string { return orEmpty(strings.Fields(orNone(e.Owner))) })
	p.breakdown("protocol", "Protocol", "", one(func(e *report.Endpoint) string { return e.Protocol }))
	p.breakdown("rule", "Rule", "no finding", func(e *report.Endpoint) []string { return orEmpty(rules[e.ID]) })
}

// orEmpty returns the list, or one of "" when it is empty.
func orEmpty(list []string) []string {
	if len(list) == 0 {
		return []string{""}
	}
	return list
}

// breakdown adds one division, those with most open endpoints first, and its
// filter. What has no value is called none.
func (p *page) breakdown(name, title, none string, key func(e *report.Endpoint) []string) {
	b := breakdown{Title: "By " + name, Filter: name}
	f := filter{Name: name, Title: title}
	for _, g := range p.Doc.GroupBy(key) {
		text := cmp.Or(g.Name, none)
		if name == "package" {
			text = p.shortPackage(text)
		}
		row := groupRow{Group: g, Value: filterValue(g.Name), Bar: bar(&g.Coverage), Label: CoverageLine(g.Coverage)}
		row.Name = text
		for s, n := range g.By {
			if open(s) {
				row.Open += n
			}
		}
		b.Groups = append(b.Groups, row)
		f.Options = append(f.Options, option{row.Value, text})
	}
	if none != "" && len(b.Groups) == 1 && b.Groups[0].Value == filterValue("") {
		return // nothing to tell apart
	}
	slices.SortStableFunc(b.Groups, func(a, b groupRow) int {
		// Those with no value stand below the others.
		if a.Value != b.Value && (a.Value == filterValue("") || b.Value == filterValue("")) {
			return cmp.Compare(boolean(a.Value == filterValue("")), boolean(b.Value == filterValue("")))
		}
		return cmp.Compare(b.Open, a.Open)
	})
	p.Breakdowns = append(p.Breakdowns, b)
	p.Filters = append(p.Filters, f)
}

// boolean counts true as 1.
func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// filterValue is what the table is filtered by; "" would be no filter.
func filterValue(name string) string { return cmp.Or(name, "-") }

// shortPackage names a package without its module, when there is only one.
func (p *page) shortPackage(path string) string {
	if len(p.Doc.Modules) == 1 {
		if rest, ok := strings.CutPrefix(path, p.Doc.Modules[0]+"/"); ok {
			return rest
		}
	}
	return path
}

// rowBuilder makes rows.
type rowBuilder struct {
	in     *Input
	states map[string]report.State
	rules  map[string][]string
}

// row makes an endpoint's row and page.
func (b *rowBuilder) row(e *report.Endpoint, number int) row {
	state := b.states[e.ID]
	r := row{
		Endpoint: e, Number: number, State: state, Word: stateWords[state], Rank: slices.Index(report.States(), state),
		Name: Name(e), At: b.in.at(e), Owner: orNone(e.Owner), Handler: shortName(e.Handler, e.Package),
		RuleList: strings.Join(orEmpty(b.rules[e.ID]), " "),
	}
	for _, name := range b.rules[e.ID] {
		r.Rules = append(r.Rules, b.in.rule(name))
	}
	for i := range b.in.Document.Findings {
		f := &b.in.Document.Findings[i]
		if slices.Contains(f.Endpoints, e.ID) {
			r.Findings = append(r.Findings, findingView{f, b.in.rule(f.Rule).URL})
		}
	}
	for _, s := range e.Trace {
		r.Steps = append(r.Steps, b.step(s))
	}
	r.Nodes = nodes(e, state)
	return r
}

// step makes a step with its source.
func (b *rowBuilder) step(s report.Step) stepView {
	module := b.in.Tree.ModuleOf(s.Package)
	v := stepView{Step: s, At: b.in.Tree.Shown(module, s.Pos)}
	pos := ParsePos(s.Pos)
	abs := b.in.Tree.Abs(module, pos.File)
	for n := pos.Line - excerptLines; pos.Line > 0 && n <= pos.Line+excerptLines; n++ {
		if line, ok := b.in.Tree.Line(abs, n); ok {
			v.Source = append(v.Source, sourceLine{n, clip(expand(line)), n == pos.Line})
		}
	}
	return v
}

// nodes draws a trace: the endpoint, what stands guard, the functions on the
// way, the effect.
func nodes(e *report.Endpoint, state report.State) []node {
	out := []node{{Kind: "route", Label: e.Method, Text: routeOf(e)}}
	guarded := false
	for _, s := range e.Trace {
		if s.Kind == report.StepKey || s.Kind == report.StepClaim {
			guarded = true
			out = append(out, node{Kind: string(s.Kind), Text: s.Text, Broken: state != report.StateProtected})
		}
	}
	if !guarded && state == report.StateAtRisk {
		out = append(out, node{Kind: "gap", Text: "nothing tells a repeated request from the first"})
	}
	last := ""
	for _, s := range e.Trace {
		if s.Kind != report.StepCall && s.Kind != report.StepEffect {
			continue
		}
		if name := shortName(s.Func, s.Package); name != last {
			out = append(out, node{Kind: "call", Text: name})
			last = name
		}
		if s.Kind == report.StepEffect {
			out = append(out, node{Kind: "effect", Text: s.Text})
		}
	}
	return out
}

// shortName is a function without its package's path.
func shortName(name, pkg string) string {
	if rest, ok := strings.CutPrefix(name, pkg+"."); ok {
		return rest
	}
	if i := strings.LastIndexByte(name, '/'); i >= 0 && !strings.HasPrefix(name, "(") {
		return name[i+1:]
	}
	return name
}
