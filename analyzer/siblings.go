package analyzer

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/fix"
	"github.com/idemlint/idemlint/analyzer/report"
)

// likeSibling puts in front of an endpoint the guard that stands in front of
// another one that the same function registers.
func (a *analysis) likeSibling(j *judged) []report.Edit {
	call := a.files.call(j.endpoint.Site)
	src := a.fixer.source(a.files, j.endpoint.Site)
	if src == nil || call == nil || j.endpoint.Protocol != "http" {
		return nil
	}
	for i := range a.judged {
		other := &a.judged[i]
		if !sibling(j, other) || other.verdict.Protection != report.ProtectionFull || len(other.verdict.Claims) == 0 ||
			other.endpoint.Handler == nil || inFront(other.verdict, other.endpoint.Handler.Sym) == "" {
			continue
		}
		registers := a.files.call(other.endpoint.Site)
		if registers == nil {
			continue
		}
		stand, ok := fix.StandAt(src, registers)
		if !ok || !a.guards(src, other, stand) {
			continue
		}
		if edits := stand.Guarding(src, call); len(edits) > 0 {
			return edits
		}
	}
	return nil
}

// guards reports whether it is what stands in front of a route that guards it,
// and nothing that the router has in front of all routes: another route of the
// same router that changes something makes no claim.
func (a *analysis) guards(src *fix.Source, j *judged, st fix.Stand) bool {
	return slices.ContainsFunc(a.judged, func(other judged) bool {
		if !sibling(j, &other) || len(other.verdict.Claims) > 0 || other.verdict.Effect == report.EffectNone {
			return false
		}
		switch other.endpoint.Method {
		case "POST", "PUT", "PATCH", "DELETE":
		default:
			return false // a guard may let safe methods through
		}
		call := a.files.call(other.endpoint.Site)
		return call != nil && src.Same(st.Router, fix.Router(call))
	})
}

// sibling reports whether two endpoints are registered in one file by one
// function or the closures in it.
func sibling(j, other *judged) bool {
	if other.verdict == nil || other.endpoint == j.endpoint {
		return false
	}
	a, b := j.endpoint.Site, other.endpoint.Site
	return a.Fn.Unit == b.Fn.Unit && a.Fn.Instrs[a.Instr].Pos.File == b.Fn.Instrs[b.Instr].Pos.File && top(a.Fn.Sym) == top(b.Fn.Sym)
}

// top is the declared function that a closure stands in.
func top(sym string) string {
	name, _, _ := strings.Cut(sym, "$")
	return name
}
