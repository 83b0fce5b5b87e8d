package route

import (
	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
)

// common is the number of handlers from which on what stands in front of all of
// them is taken for middleware of the service: it cannot be about what one of
// them does.
const common = 3

// shared gives the symbols of the functions in front of an endpoint's handler
// that stand in front of several others, too.
func (f *Finder) shared(e *Endpoint) map[string]bool {
	if f.ways == nil {
		f.ways, f.behind = map[*Endpoint]map[*link.Func]bool{}, map[*link.Func]map[*link.Func]bool{}
		for _, o := range f.endpoints {
			f.ways[o] = f.way(o)
			if o.Handler == nil {
				continue
			}
			for fn := range f.ways[o] {
				if f.behind[fn] == nil {
					f.behind[fn] = map[*link.Func]bool{}
				}
				f.behind[fn][o.Handler] = true
			}
		}
	}
	out := map[string]bool{}
	for fn := range f.ways[e] {
		if len(f.behind[fn]) >= common {
			out[fn.Sym] = true
		}
	}
	return out
}

// way gives the functions in front of an endpoint's handler: middleware of its
// routers and servers, and the closures that were put around it.
func (f *Finder) way(e *Endpoint) map[*link.Func]bool {
	fns := map[*link.Func]bool{}
	front := append(f.layers(e), e.around...)
	front = append(front, e.wraps...)
	if e.router != nil {
		if top := e.router.top(); top != nil {
			front = append(front, top.outers()...)
		}
	}
	for _, v := range front {
		captures(v, fns, 0)
	}
	captures(e.value, fns, 0)
	delete(fns, e.Handler)
	return fns
}

// captures collects a function value and the function values that it holds on to.
func captures(v *eval.Val, fns map[*link.Func]bool, depth int) {
	if v == nil || depth > 10 {
		return
	}
	for _, a := range v.Alternatives() {
		if a.Kind != eval.Func {
			continue
		}
		if a.Fn != nil {
			fns[a.Fn] = true
		}
		captures(a.Recv, fns, depth+1)
		for _, arg := range a.Args {
			captures(arg, fns, depth+1)
		}
	}
}
