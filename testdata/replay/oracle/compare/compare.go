// Package compare sets the linter's verdicts beside the measured truth.
package compare

import (
	"fmt"
	"regexp"
	"sort"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
)

// Row is one endpoint with its truth and the linter's verdict.
type Row struct {
	Truth    trial.Truth
	Verdict  *report.Endpoint // nil when the linter did not find the endpoint
	Findings []report.Finding // the active ones about it
}

// Comparison is the whole table.
type Comparison struct {
	Rows []Row
	// Unmeasured are endpoints that the linter reports and the harness does
	// not know, by module.
	Unmeasured []report.Endpoint
}

// Join matches truths and verdicts. Documents are keyed by the module's
// directory under testdata/replay.
func Join(truths []trial.Truth, documents map[string]report.Document) Comparison {
	var c Comparison
	used := map[string]map[int]bool{}
	for _, t := range truths {
		doc := documents[t.Module]
		row := Row{Truth: t}
		if i := find(t, doc.Endpoints); i >= 0 {
			e := doc.Endpoints[i]
			row.Verdict, row.Findings = &e, findingsOf(e, doc.Findings)
			if used[t.Module] == nil {
				used[t.Module] = map[int]bool{}
			}
			used[t.Module][i] = true
		}
		c.Rows = append(c.Rows, row)
	}
	modules := make([]string, 0, len(documents))
	for m := range documents {
		modules = append(modules, m)
	}
	sort.Strings(modules)
	for _, m := range modules {
		for i, e := range documents[m].Endpoints {
			if !used[m][i] {
				c.Unmeasured = append(c.Unmeasured, e)
			}
		}
	}
	return c
}

// find returns the index of the verdict about t: the same protocol, method
// and route; else the same with a method that the linter left open; else, for
// entry points that have no route, the same handler.
func find(t trial.Truth, list []report.Endpoint) int {
	for _, match := range []func(report.Endpoint) bool{
		func(e report.Endpoint) bool { return t.Route != "" && sameRoute(t, e) && e.Method == t.Method },
		func(e report.Endpoint) bool { return t.Route != "" && sameRoute(t, e) && e.Method == "ANY" },
		func(e report.Endpoint) bool { return t.Handler != "" && e.Handler == t.Handler },
	} {
		for i, e := range list {
			if match(e) {
				return i
			}
		}
	}
	return -1
}

func sameRoute(t trial.Truth, e report.Endpoint) bool {
	return e.Protocol == t.Protocol && plainRoute(e.Route) == plainRoute(t.Route)
}

var placeholder = regexp.MustCompile(`\{[^}]*\}|:[A-Za-z_][A-Za-z0-9_]*`)

// plainRoute makes routes of all frameworks comparable.
func plainRoute(r string) string {
	r = placeholder.ReplaceAllString(r, "{}")
	if len(r) > 1 {
		r = strings.TrimSuffix(r, "/")
	}
	return r
}

func findingsOf(e report.Endpoint, all []report.Finding) []report.Finding {
	about := map[string]bool{}
	for _, id := range e.Findings {
		about[id] = true
	}
	var out []report.Finding
	for _, f := range all {
		if about[f.ID] && f.Status == report.Active {
			out = append(out, f)
		}
	}
	return out
}

// Agrees says whether the verdict is the truth. The protection of an endpoint
// without effect protects nothing and is not compared.
func (r Row) Agrees() bool { return r.EffectAgrees() && r.ProtectionAgrees() }

// EffectAgrees says whether the effect class is right.
func (r Row) EffectAgrees() bool {
	return r.Verdict != nil && string(r.Verdict.Effect) == r.Truth.Effect
}

// ProtectionAgrees says whether the protection is right.
func (r Row) ProtectionAgrees() bool {
	return r.Verdict != nil && (r.Truth.Effect == trial.None || string(r.Verdict.Protection) == r.Truth.Protection)
}

// Agreed counts the rows on which truth and verdict agree.
func (c Comparison) Agreed() int {
	n := 0
	for _, r := range c.Rows {
		if r.Agrees() {
			n++
		}
	}
	return n
}

// Percent is the agreement as a percentage.
func (c Comparison) Percent() float64 {
	if len(c.Rows) == 0 {
		return 0
	}
	return 100 * float64(c.Agreed()) / float64(len(c.Rows))
}

// Parts says on how many endpoints the effect class is right, and on how many
// of those with an effect the protection.
func (c Comparison) Parts() string {
	effects, protections, guarded := 0, 0, 0
	for _, r := range c.Rows {
		if r.EffectAgrees() {
			effects++
		}
		if r.Truth.Effect == trial.None {
			continue
		}
		guarded++
		if r.ProtectionAgrees() {
			protections++
		}
	}
	return fmt.Sprintf("effect %d/%d, protection %d/%d", effects, len(c.Rows), protections, guarded)
}

// Line is the figure in one line.
func (c Comparison) Line() string {
	return fmt.Sprintf("replay: %d/%d (%.1f %%)", c.Agreed(), len(c.Rows), c.Percent())
}
