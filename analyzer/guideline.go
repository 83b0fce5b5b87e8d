package analyzer

import (
	"context"
	_ "embed"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"text/template"
	"time"

	"github.com/idemlint/idemlint/analyzer/internal/config"
	"github.com/idemlint/idemlint/analyzer/internal/rule"
	"github.com/idemlint/idemlint/analyzer/internal/scaffold"
	"github.com/idemlint/idemlint/analyzer/report"
)

//go:embed guideline.md.tmpl
var guidelineText string

var guidelineTemplate = template.Must(template.New("guideline").Parse(guidelineText))

// guideline is what the template is filled with.
type guideline struct {
	Module, Source, Endpoints, State   string
	Methods                            []guidelineMethod
	Policies                           []guidelinePolicy
	Where, Format, Missing, Store, TTL string
	Guard                              string
	Snippets                           []guidelineSnippet
	Rules                              []guidelineRule
}

type guidelineMethod struct{ Request, Rule string }

type guidelinePolicy struct{ Match, Policy, Reason string }

type guidelineSnippet struct{ Name, Code string }

type guidelineRule struct{ Name, URL, Summary, Level string }

// Guideline writes a team's standard for idempotency in Markdown: from the
// config of the module that the options name, and from what its code uses. The
// same config and code give the same text.
func Guideline(ctx context.Context, opts Options) (string, error) {
	e, err := newEngine(ctx, opts)
	if err != nil {
		return "", err
	}
	p := &planner{engine: e, plan: &SetupPlan{}}
	if err := p.module(opts.Dir); err != nil {
		return "", err
	}
	res, err := e.result()
	if err != nil {
		return "", err
	}
	g := &guideline{Module: p.mod.Path, Source: "the defaults, as there is no config,"}
	if e.cfg.File != "" {
		g.Source = "`" + filepath.Base(e.cfg.File) + "`"
	}
	g.count(res.Document)
	g.requests(e.cfg)
	g.key(e.cfg)
	g.Store = stores(res.Document)
	g.TTL = hours(time.Duration(e.cfg.Guard.TTL))
	g.guard(p)
	for _, r := range rule.All() {
		if e.enabled(r) {
			g.Rules = append(g.Rules, guidelineRule{r.Name, RulePage(r.Name), cell(r.Summary), string(e.severity(r))})
		}
	}
	var b strings.Builder
	if err := guidelineTemplate.Execute(&b, g); err != nil {
		return "", fmt.Errorf("guideline: %w", err)
	}
	return b.String(), nil
}

// count says how far the module is.
func (g *guideline) count(doc *report.Document) {
	c := doc.Coverage()
	g.Endpoints = plural(c.Endpoints, "endpoint is", "endpoints are") + " known"
	if c.Needing() == 0 {
		g.State = "none of them needs a guard"
		return
	}
	g.State = plural(c.Needing(), "needs a guard, ", "need a guard, ") + plural(c.By[report.StateProtected], "has", "have") + " one without a defect"
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// requests says which requests need a key.
func (g *guideline) requests(cfg *config.Config) {
	repeats := "a key, when a repeat acts again: it inserts, adds, sends or charges. None when the caller names what is made (a unique e-mail address) or sets a value"
	if cfg.Strict {
		repeats = "a key, always"
	}
	g.Methods = []guidelineMethod{
		{"POST, PATCH", repeats},
		{"PUT, DELETE", "no key: they set or remove what the path names, so that a repeat changes nothing further"},
		{"GET, HEAD, OPTIONS", "no key: they change nothing"},
		{"RPC", "as POST, unless the proto file promises `idempotency_level` NO_SIDE_EFFECTS or IDEMPOTENT, and the method keeps that"},
		{"event, webhook, queue message", "the event's own id, claimed before it is handled"},
	}
	for _, e := range cfg.Endpoints {
		if e.Expired {
			continue
		}
		policy := "waived: the risk is accepted"
		switch {
		case e.Require != "":
			policy = "protection has to be " + string(e.Require)
		case e.Set.GuardedBy != "":
			policy = "guarded outside of the code by " + e.Set.GuardedBy
		}
		if e.Until != "" {
			policy += ", until " + string(e.Until)
		}
		g.Policies = append(g.Policies, guidelinePolicy{"`" + cell(e.Match.String()) + "`", cell(policy), cell(e.Reason)})
	}
}

// key says how callers send the key.
func (g *guideline) key(cfg *config.Config) {
	header := string(cfg.Guard.KeyHeader)
	g.Where = fmt.Sprintf("the header `%s`; for gRPC the metadata entry `%s`", header, strings.ToLower(header))
	for _, k := range cfg.Keys {
		name := "the field `" + k.Field + "`"
		switch {
		case k.Header != "":
			name = "the header `" + string(k.Header) + "`"
		case k.Metadata != "":
			name = "the metadata entry `" + string(k.Metadata) + "`"
		}
		if !k.On.IsZero() {
			name += " of `" + k.On.String() + "`"
		}
		g.Where += "; " + name
	}
	g.Format = "1 to 255 characters of printable ASCII without quotes and backslashes, such as a random UUID; the bare text or a string in double quotes (RFC 8941)"
	g.Missing = "a request that needs a key is refused with 400"
	if cfg.RequireKeysFrom != "" {
		g.Missing = "until " + string(cfg.RequireKeysFrom) + " such a request is served unguarded, from then on it is refused with 400"
	}
}

// stores names where keys are claimed today.
func stores(doc *report.Document) string {
	seen := map[string]bool{}
	var names []string
	for _, e := range doc.Endpoints {
		if e.Store != nil && *e.Store != "" && !seen[*e.Store] && e.Protection != report.ProtectionNone {
			seen[*e.Store] = true
			names = append(names, "`"+*e.Store+"`")
		}
	}
	shared := "a store that all processes share and that forgets nothing early"
	if len(names) == 0 {
		return shared
	}
	return shared + "; today " + strings.Join(names, ", ")
}

// guard says what to put around an endpoint: the team's own guard, or the one
// that idemlint init writes.
func (g *guideline) guard(p *planner) {
	c := &p.cfg.Guard
	pkg := string(c.Package)
	name := path.Base(pkg)
	switch {
	case pkg == "":
		name = "idempotency"
		g.Guard = "`idemlint init` writes the guard package; then `idemlint -fix` writes lines such as these."
	case c.Wrap != "" || c.Interceptor != "":
		g.Guard = "The guard is `" + pkg + "`:"
		if c.Wrap != "" {
			g.Guard += " put `" + name + "." + string(c.Wrap) + "` around a handler."
		}
		if c.Interceptor != "" {
			g.Guard += " Give a gRPC server the interceptor `" + name + "." + string(c.Interceptor) + "`."
		}
		return
	default:
		g.Guard = "The guard is `" + pkg + "`; `idemlint -fix` puts it around endpoints."
		if !p.written(pkg) {
			return
		}
	}
	for _, framework := range p.frameworks() {
		if part, ok := scaffold.Adapter(framework); ok {
			g.Snippets = append(g.Snippets, guidelineSnippet{framework, part.Snippet(name)})
		}
	}
}

// written says whether a package is one that idemlint init wrote.
func (p *planner) written(pkg string) bool {
	for _, have := range p.prog.Packages {
		if have.Path == pkg && have.Types != nil {
			return have.Types.Scope().Lookup("Use") != nil && have.Types.Scope().Lookup("ParseKey") != nil
		}
	}
	return false
}

// hours writes a time as people say it.
func hours(d time.Duration) string {
	day := 24 * time.Hour
	switch {
	case d > day && d%day == 0:
		return fmt.Sprintf("%d days", d/day)
	case d%time.Hour == 0:
		return plural(int(d/time.Hour), "hour", "hours")
	}
	return d.String()
}

// cell makes text fit for a cell of a table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "\r", " ").Replace(s)
}
