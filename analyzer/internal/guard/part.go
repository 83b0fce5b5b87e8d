package guard

import (
	"slices"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// part names a piece of what a request brings, in the same way for a value of the walk
// and for an operand of a function: a field of a variable, what a library's call gives.
type part struct {
	fn   *link.Func // the function that has the variable or makes the call
	at   int32      // its instruction
	root string     // else the type of what the endpoint is called with
	path string     // the fields that lead on: ".Name.String"
}

// then is a piece of the part.
func (p part) then(step string) part {
	p.path += step
	return p
}

// holds reports whether another part is a field of this one, be it an embedded struct's.
func (p part) holds(q part, field string) bool {
	rest, ok := strings.CutPrefix(q.path, p.path+".")
	q.path = p.path
	return ok && q == p && (rest == field || strings.HasSuffix(rest, "."+field) && strings.Count(rest, ".") == 1)
}

// partOf is the part of a request that a value is.
func partOf(v *eval.Val) (part, bool) {
	if v == nil {
		return part{}, false
	}
	on := func(base *eval.Val, step string) (part, bool) {
		p, ok := partOf(base)
		return p.then(step), ok
	}
	switch v.Kind {
	case eval.Field:
		return on(v.Args[0], "."+v.Str)
	case eval.Object:
		return madeAt(v.Obj.Site)
	case eval.Root:
		return rootPart(v.Type), v.Tag&eval.FromRequest != 0 && v.Type != nil
	case eval.Call:
		if len(v.Args) > 0 && keepsText(v.Ext) {
			return partOf(v.Args[0])
		}
		return part{fn: v.Site.Fn, at: v.Site.Instr}, v.Site.Fn != nil
	case eval.Result:
		if v.N >= 0 {
			return on(v.Args[0], resultStep(v.N))
		}
		for _, a := range v.Args[0].Args { // a variable that the call filled
			if a != nil && a.Kind == eval.Object && a.Obj.Content == v {
				return madeAt(a.Obj.Site)
			}
		}
	}
	return part{}, false
}

// madeAt is the part that a variable is, or the field that an address leads to.
func madeAt(site link.Site) (part, bool) {
	if site.Fn == nil || site.Instr < 0 {
		return part{}, false
	}
	if site.Fn.Instrs[site.Instr].Op == unit.OpAlloc {
		return part{fn: site.Fn, at: site.Instr}, true
	}
	left := maxSteps
	return value{fn: site.Fn, of: unit.Ref(site.Instr), left: &left}.part()
}

func rootPart(t *link.Type) part {
	if t == nil {
		return part{}
	}
	return part{root: t.Str}
}

func resultStep(n int32) string { return "#" + strconv.Itoa(int(n)) }

// keepsText reports whether a function gives the text that it is given first, but for
// its case and what surrounds it.
func keepsText(c *unit.Callee) bool {
	return c != nil && c.Pkg == "strings" && c.Type == "" && (strings.HasPrefix(c.Name, "Trim") || c.Name == "ToLower" || c.Name == "ToUpper")
}

// part is the part of a request that a value is, or that its address leads to.
func (v value) part() (part, bool) {
	if v.spent() || v.of == unit.NoRef {
		return part{}, false
	}
	if v.of < 0 {
		return v.givenPart()
	}
	in := &v.fn.Instrs[v.of]
	switch in.Op {
	case unit.OpAlloc:
		return v.variable()
	case unit.OpLoad, unit.OpConvert, unit.OpIface:
		return v.at(in.Args[0]).part()
	case unit.OpField, unit.OpFieldAddr:
		return v.field(in)
	case unit.OpCall:
		return v.result(in, v.of, -1)
	case unit.OpExtract:
		if call := in.Args[0]; call >= 0 && v.fn.Instrs[call].Op == unit.OpCall {
			return v.result(&v.fn.Instrs[call], call, in.N)
		}
	}
	return part{}, false
}

// givenPart is the part that a parameter or a captured variable is.
func (v value) givenPart() (part, bool) {
	l := &v.fn.Leaves[^v.of]
	switch given, ok := v.given(); {
	case ok:
		return given.part()
	case l.Kind == unit.LeafParam && v.params == nil:
		t := v.fn.TypeOf(v.of)
		return rootPart(t), t != nil
	case l.Kind == unit.LeafFree && int(l.N) < len(v.free):
		return v.free[l.N].part()
	}
	return part{}, false
}

// variable is the part that a variable holds: what is stored to it, or else what is
// put there by a call that is given its address.
func (v value) variable() (part, bool) {
	stored := slices.DeleteFunc(v.stores(func(to unit.Ref) bool { return to == v.of }), func(r unit.Ref) bool {
		return r >= 0 && v.fn.Instrs[r].Op == unit.OpLoad && v.fn.Instrs[r].Args[0] == v.of // return of a named result
	})
	switch len(stored) {
	case 0:
		return part{fn: v.fn, at: int32(v.of)}, true
	case 1:
		return v.at(stored[0]).part()
	}
	return part{}, false
}

// stores lists what a function stores to an address, but for zero values, which a
// variable starts with.
func (v value) stores(to func(unit.Ref) bool) []unit.Ref {
	var out []unit.Ref
	for i := range v.fn.Instrs {
		if in := &v.fn.Instrs[i]; in.Op == unit.OpStore && to(in.Args[0]) && !v.fn.IsZero(in.Args[1]) {
			out = append(out, in.Args[1])
		}
	}
	return out
}

// field is the part that a field holds. One that is only trimmed stays what it was.
func (v value) field(in *unit.Instr) (part, bool) {
	same := func(r unit.Ref) bool {
		if r < 0 {
			return false
		}
		at := &v.fn.Instrs[r]
		return at.Op == unit.OpFieldAddr && at.Str == in.Str && at.Args[0] == in.Args[0]
	}
	stored := slices.DeleteFunc(v.stores(same), func(r unit.Ref) bool {
		for r >= 0 && v.fn.Instrs[r].Op == unit.OpCall && keepsText(v.fn.Callee(&v.fn.Instrs[r])) {
			r = v.fn.Instrs[r].Args[1]
		}
		return r >= 0 && v.fn.Instrs[r].Op == unit.OpLoad && same(v.fn.Instrs[r].Args[0])
	})
	switch {
	case len(stored) == 0:
		p, ok := v.at(in.Args[0]).part()
		return p.then("." + in.Str), ok
	case len(stored) == 1 && len(v.stores(func(to unit.Ref) bool { return to == in.Args[0] })) == 0:
		return v.at(stored[0]).part()
	}
	return part{}, false
}

// result is the part that a call gives, as its nth result or (-1) the only one. A
// function of the module gives one where all its returns do, but for those of nothing.
// Of its own that is a record which it fills: a text that it reads may be another one
// for another name.
func (v value) result(call *unit.Instr, at unit.Ref, n int32) (part, bool) {
	if c := v.fn.Callee(call); keepsText(c) {
		return v.at(call.Args[1]).part()
	} else if c == nil || !c.First {
		p := part{fn: v.fn, at: int32(at)}
		if n >= 0 {
			p = p.then(resultStep(n))
		}
		return p, true
	}
	run, ok := v.runOf(call)
	if !ok {
		return part{}, false
	}
	var all []part
	for _, ret := range run.returns() {
		r := returned(run.fn, ret, max(n, 0))
		if run.fn.IsZero(r) {
			continue
		}
		p, ok := run.at(r).part()
		if !ok || p.fn == run.fn && !isRecord(run.fn, p.at) || len(all) > 0 && p != all[0] {
			return part{}, false
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		return part{}, false
	}
	return all[0], true
}

// isRecord reports whether an instruction makes a variable for a struct.
func isRecord(fn *link.Func, at int32) bool {
	t := fn.TypeOf(unit.Ref(at))
	return fn.Instrs[at].Op == unit.OpAlloc && t != nil && t.Elem != nil && t.Elem.Kind == unit.KindStruct
}
