package route

import (
	"regexp"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// operation is what the router of a generated server hands requests on for: a
// switch over pieces of the path, then over the method.
type operation struct {
	method, path string
	fn           *link.Func // the server's method that it calls
}

// operations lists those of a generated server, by its type.
func (f *Finder) operations(server *link.Type) []operation {
	if server == nil {
		return nil
	}
	fn := f.prog.MethodFunc(server, "ServeHTTP")
	if fn == nil || !inGenerated(fn) {
		return nil
	}
	scan := &requestScan{f: f, seen: map[visit]bool{}}
	patterns := pathPatterns(fn.Unit)
	var out []operation
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		c := fn.Callee(in)
		if in.Op != unit.OpCall || c == nil || c.Kind != unit.CallStatic || !scan.takesRequest(fn, in) {
			continue
		}
		to := f.prog.Func(c.Sym)
		if to == nil || to.Recv != fn.Recv {
			continue
		}
		for _, g := range fn.Gates(in.Block) {
			cond := fn.Instrs[g.If].Args[0]
			if cond < 0 || g.Edge != 0 {
				continue
			}
			if a := scan.asks(fn, int32(cond)); a != nil && a.method && !a.negated {
				path := switchedPath(fn, in.Block)
				if p := patterns[path]; p != "" {
					path = p
				}
				out = append(out, operation{a.text, path, to})
			}
		}
	}
	return out
}

// operationOf is the one that calls a method of the interface that a server
// implements; nil for a method that is none, such as one that makes errors.
func operationOf(ops []operation, method string) *operation {
	for i := range ops {
		fn := ops[i].fn
		for k := range fn.Unit.Funcs {
			g := &fn.Unit.Funcs[k]
			if g.Sym != fn.Sym && !strings.HasPrefix(g.Sym, fn.Sym+"$") {
				continue
			}
			if strings.Contains(fn.Name, method) && invokes(fn.Unit, g, method) {
				return &ops[i]
			}
		}
	}
	return nil
}

// invokes reports whether a function calls a method of one of its package's
// interfaces.
func invokes(u *unit.Unit, fn *unit.Func, method string) bool {
	return slices.ContainsFunc(fn.Instrs, func(in unit.Instr) bool {
		if in.Callee < 0 {
			return false
		}
		c := &u.Callees[in.Callee]
		return c.Kind == unit.CallInvoke && c.Pkg == u.Path && c.Name == method
	})
}

// switchedPath puts the path together that leads to a block: the pieces that
// were compared with constants on the way, and {} for each that was kept.
func switchedPath(fn *link.Func, block int32) string {
	var way []int32
	for b := block; b >= 0; b = fn.Blocks[b].Idom {
		way = append(way, b)
	}
	slices.Reverse(way)
	var path strings.Builder
	for n, b := range way {
		blk := &fn.Blocks[b]
		for i := blk.From; i < blk.To; i++ {
			in := &fn.Instrs[i]
			switch {
			case in.Op == unit.OpStore && keepsPiece(fn, in):
				path.WriteString("{}")
			case in.Op == unit.OpIf && n+1 < len(way) && in.Args[0] >= 0 && fn.Dominates(blk.Succs[0], way[n+1]):
				path.WriteString(comparedPiece(fn, &fn.Instrs[in.Args[0]]))
			}
		}
	}
	return path.String()
}

// keepsPiece reports whether a store keeps a piece of a text in a list, which
// is not merely copied from another.
func keepsPiece(fn *link.Func, store *unit.Instr) bool {
	to, v := store.Args[0], store.Args[1]
	if to < 0 || fn.Instrs[to].Op != unit.OpIndexAddr {
		return false
	}
	t := fn.TypeOf(v)
	return t != nil && t.Str == "string" && (v < 0 || fn.Instrs[v].Op != unit.OpLoad)
}

// comparedPiece is the constant that a piece of a text is compared with.
func comparedPiece(fn *link.Func, cond *unit.Instr) string {
	if cond.Op != unit.OpBin || cond.Str != "==" {
		return ""
	}
	for n, r := range cond.Args {
		other := cond.Args[1-n]
		if r >= 0 || r == unit.NoRef || other < 0 || fn.Instrs[other].Op != unit.OpSlice {
			continue
		}
		if l := &fn.Leaves[^r]; l.Kind == unit.LeafConst && l.Const == unit.ConstString {
			return l.Str
		}
	}
	return ""
}

var pathParameter = regexp.MustCompile(`\{[^{}/]*\}`)

// pathPatterns are the constants of a package that are paths with parameters,
// by what they are without the parameters' names.
func pathPatterns(u *unit.Unit) map[string]string {
	out := map[string]string{}
	for i := range u.Funcs {
		for j := range u.Funcs[i].Leaves {
			l := &u.Funcs[i].Leaves[j]
			if l.Kind == unit.LeafConst && l.Const == unit.ConstString && strings.HasPrefix(l.Str, "/") {
				out[pathParameter.ReplaceAllString(l.Str, "{}")] = l.Str
			}
		}
	}
	return out
}

// captured lists the middleware of a shape that the options of a generated
// server hold: what the functions that they are captured.
func (f *Finder) captured(options []*eval.Val, interceptor string) []*eval.Val {
	var out []*eval.Val
	seen := map[*eval.Val]bool{}
	var look func(v *eval.Val, depth int)
	look = func(v *eval.Val, depth int) {
		if v == nil || seen[v] || depth > maxWrapped {
			return
		}
		seen[v] = true
		for _, a := range v.Alternatives() {
			switch {
			case a.Kind == eval.Func && a.Fn != nil && sigMatches(interceptor, signatureOf(a)):
				out = append(out, a)
			case a.Kind == eval.Func:
				for _, b := range a.Args {
					look(b, depth+1)
				}
			case a.Kind == eval.Object:
				look(a.Obj.Content, depth+1)
				for _, b := range a.Obj.Elems {
					look(b, depth+1)
				}
			}
		}
	}
	for _, o := range options {
		look(o, 0)
	}
	return out
}

// signatureOf writes the signature of a function of the program.
func signatureOf(v *eval.Val) string {
	list := func(types []int32) string {
		var out []string
		for _, i := range types {
			if t := v.Fn.TypeAt(i); t != nil {
				out = append(out, t.Str)
			}
		}
		return "(" + strings.Join(out, ", ") + ")"
	}
	var params []int32
	for _, p := range v.Fn.Params {
		params = append(params, p.Type)
	}
	if v.Fn.Recv != "" && len(params) > 0 {
		params = params[1:]
	}
	return "func" + list(params) + " " + list(v.Fn.Results)
}
