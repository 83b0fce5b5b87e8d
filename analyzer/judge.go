package analyzer

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/config"
	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/force"
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/internal/keyname"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/owner"
	"github.com/idemlint/idemlint/analyzer/internal/route"
	"github.com/idemlint/idemlint/analyzer/internal/rule"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
	"github.com/idemlint/idemlint/analyzer/report"
)

// analysis carries units to endpoints and findings: those of whole modules,
// or those that one package can see.
type analysis struct {
	cfg    *config.Config
	idx    *model.Index
	enable []string // rules that are on beside the config's
	files  *fileIndex
	owners *owner.Owners
	marks  marks
	fixer  *fixer // nil where no fix can be made
	judged []judged
	effort effort
	slim   guard.Slimmer
	force  force.Options
	// failures are the panics that were caught while code was followed.
	failures []eval.Failure
	// wants are the packages whose endpoints are asked for, nil for all. The
	// others are found, so that ids do not depend on what is asked for, and not
	// judged.
	wants  map[string]bool
	strays []stray
	// deployed is what templates say of Lambda functions, nil where no file is
	// read.
	deployed *deployed
}

// judged is an endpoint with its verdict and what the rules say of it.
type judged struct {
	endpoint *route.Endpoint
	verdict  *guard.Verdict // nil when nobody wants it
	problems []*rule.Problem
	// alone is the package that was judged by itself, nil for the engine;
	// premises are what the verdict then takes for granted.
	alone    *unit.Unit
	premises []string
}

// judge follows every endpoint of the units and asks the rules.
func (a *analysis) judge(units []*unit.Unit, facts *schema, texts eval.Sources) {
	prog := link.New(units)
	m := eval.New(prog, a.idx)
	m.UseSources(texts)
	facts.add(m.EntSchema())
	facts.add(eval.TagSchema(prog))
	finder := route.Find(m, prog, a.idx, a.wanted())
	for _, e := range a.deployed.place(finder.Endpoints()) {
		j := judged{endpoint: e}
		if a.wants == nil || a.wants[a.stands(&j).pkg] {
			j = a.weigh(m, finder, e, facts)
		}
		a.judged = append(a.judged, j)
	}
	a.outside(m, prog, nil)
	if a.force.Function != nil {
		followAll(m, prog, facts, a.force.Function)
	}
	a.failures = append(a.failures, m.Failures...)
}

// wanted tells which packages' endpoints are asked for, nil for all.
func (a *analysis) wanted() func(path string) bool {
	for _, wants := range a.wants {
		if !wants {
			return func(path string) bool { return a.wants[path] }
		}
	}
	return nil
}

// weigh follows one endpoint and asks the rules.
func (a *analysis) weigh(m *eval.Machine, finder *route.Finder, e *route.Endpoint, facts guard.Facts) judged {
	v := &guard.Verdict{
		Effect: report.EffectUnknown, Protection: report.ProtectionNone, Confidence: report.Seen,
		Reason: "following it failed with an internal error",
	}
	finder.Own(a.own(e))
	m.Bound(a.effort.left(endpointsTogether, endpointAnyway))
	m.Watch, m.Recorded = a.enabled(rule.KeyNotTraced), false
	m.Protect(e.Site, func() { v = guard.Judge(finder.Run(e), facts) })
	v.Recorded = m.Recorded
	a.effort += effort(m.Worked())
	problems := rule.Check(&rule.Context{Endpoint: e, Verdict: v}, a.enabled)
	a.slim.Verdict(v)
	for _, p := range problems {
		p.Slim(&a.slim)
	}
	return judged{endpoint: e, verdict: v, problems: problems}
}

// enabled says whether a rule speaks under this config.
func (a *analysis) enabled(r *rule.Rule) bool {
	if l, ok := a.cfg.Rules[r.Name]; ok {
		return string(l) != "off"
	}
	return r.On && a.cfg.RuleSet.Includes(r.Since) || slices.Contains(a.enable, r.Name)
}

// severity is a rule's severity under this config.
func (a *analysis) severity(r *rule.Rule) report.Severity {
	switch l := a.cfg.Rules[r.Name]; l {
	case "warning", "error":
		return report.Severity(l)
	}
	return r.Severity
}

// owner names who owns an endpoint: the owner of the file with the handler,
// else of the file that registers it; "" when nobody does.
func (a *analysis) owner(j *judged) string {
	if a.owners == nil {
		return ""
	}
	for _, s := range []span{a.handlerSpan(j), a.files.registration(j.endpoint.Site)} {
		if s.file == "" {
			continue
		}
		if o := a.owners.Of(a.files.absolute(s.pkg, s.file)); o != "" {
			return o
		}
	}
	return ""
}

// own tells the keys that the config names for an endpoint, nil for none.
func (a *analysis) own(e *route.Endpoint) func(source, name string) bool {
	if len(a.cfg.Keys) == 0 {
		return nil
	}
	keys := a.cfg.KeysOf(a.policyKey(&judged{endpoint: e}))
	return func(source, name string) bool {
		return slices.ContainsFunc(keys, func(k config.Key) bool {
			switch source {
			case "header":
				return strings.EqualFold(string(k.Header), name)
			case "metadata":
				return strings.EqualFold(string(k.Metadata), name)
			case "field", "body", "query":
				return k.Field != "" && keyname.Same(k.Field, name)
			}
			return false
		})
	}
}
