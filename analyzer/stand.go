package analyzer

import (
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/route"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// stands is where an endpoint is listed and its finding is shown: at the
// method of an RPC, else at the registration; in a generated file only when
// neither is elsewhere.
func (a *analysis) stands(j *judged) span {
	e := j.endpoint
	if j.alone != nil {
		return a.standsAlone(j.alone, e)
	}
	if e.Handler != nil && !generated(e.Handler) && (e.Method == "RPC" || generated(e.Site.Fn)) {
		return a.files.declaration(e.Handler)
	}
	return a.files.registration(e.Site)
}

// statement is where a finding about an event stands: at its call, or, where
// that is generated or in a package that is not judged, at the nearest call on
// the way there that is neither.
func (a *analysis) statement(j *judged, o *guard.Occurrence) (span, link.Site, bool) {
	if o == nil {
		return span{}, link.Site{}, false
	}
	sites := []link.Site{o.Site}
	for i := len(o.Path) - 1; i >= 0; i-- {
		if c := o.Path[i]; c.Frame.Fn != nil && c.Item.Instr >= 0 {
			sites = append(sites, linkSite(c))
		}
	}
	for _, s := range sites {
		if s.Fn == nil || s.Instr < 0 || generated(s.Fn) || j.alone != nil && s.Fn.Unit != j.alone {
			continue
		}
		if call := a.files.call(s); call != nil {
			return a.files.nodeSpan(s.Fn, call.Fun), s, true
		}
	}
	return span{}, link.Site{}, false
}

// standsAlone is stands for a package that was judged by itself: only its own
// code can be shown, so that what another package registers stands at the call
// that leads there.
func (a *analysis) standsAlone(own *unit.Unit, e *route.Endpoint) span {
	switch {
	case e.Site.Fn.Unit != own:
		return a.leads(own, e)
	case e.Handler != nil && e.Handler.Unit == own && !generated(e.Handler) && (e.Method == "RPC" || generated(e.Site.Fn)):
		return a.files.declaration(e.Handler)
	}
	return a.files.registration(e.Site)
}

// leads is the last call in a program on the way to a registration.
func (a *analysis) leads(own *unit.Unit, e *route.Endpoint) span {
	stack := e.Stack()
	for i := len(stack) - 2; i >= 0; i-- {
		if stack[i].Unit != own || stack[i].Pos.Line == 0 {
			continue
		}
		at := link.Site{Fn: stack[i], Instr: callOf(stack[i], stack[i+1])}
		if at.Instr < 0 {
			break
		}
		if call := a.files.call(at); call != nil {
			return a.files.nodeSpan(at.Fn, call.Fun)
		}
		return a.files.instr(at)
	}
	return a.files.declaration(e.Main())
}

// generated says whether a function stands in a generated file.
func generated(fn *link.Func) bool {
	return fn.Pos.Line > 0 && fn.Unit.GeneratedFiles[fn.Pos.File]
}

// callOf is the first instruction of fn that calls callee, by name when the
// call is not a static one; -1 when there is none.
func callOf(fn, callee *link.Func) int32 {
	named := int32(-1)
	for i := range fn.Instrs {
		c := fn.Callee(&fn.Instrs[i])
		if c == nil || fn.Instrs[i].Op != unit.OpCall {
			continue
		}
		if c.Sym == callee.Sym {
			return int32(i)
		}
		if named < 0 && c.Kind != unit.CallStatic && c.Name == callee.Name {
			named = int32(i)
		}
	}
	return named
}
