package eval

import (
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// record notes a call that puts what it is given into a log, a span or a
// metric: whether the caller's key is among it.
func (m *Machine) record(recv *Val, args []*Val) {
	m.Recorded = m.Recorded || holdsKey(append([]*Val{recv}, args...))
}

// holdsKey reports whether the caller's key is among some values. A request or
// a context that holds the key is not the key.
func holdsKey(list []*Val) (found bool) {
	for _, v := range list {
		Walk(v, func(x *Val) bool {
			if t := x.Type; t != nil && (t.Pkg == "context" && t.Name == "Context" || t.Pkg == "net/http" && t.Name == "Request") {
				return false
			}
			found = found || x.Tag&(StrongKey|EventID) != 0
			return !found
		})
	}
	return found
}

// mayRecord reports whether a function in which nothing happens has to be run
// all the same, as it may record the key.
func (m *Machine) mayRecord(fn *link.Func, params []*Val) bool {
	return m.Watch && !m.Recorded && m.records(fn, 0) && holdsKey(params)
}

// maxRecordDepth is how far a call that is not run is looked into.
const maxRecordDepth = 3

// records reports whether a function, or one that it calls, records what it is
// given.
func (m *Machine) records(fn *link.Func, depth int) bool {
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if in.Op != unit.OpCall && in.Op != unit.OpDefer && in.Op != unit.OpGo {
			continue
		}
		c := fn.Callee(in)
		if c == nil {
			continue
		}
		if rows := m.rows(c); rows != nil && rows.Pkg.Records {
			return true
		}
		if depth == maxRecordDepth {
			continue
		}
		callees := []*link.Func{m.Prog.Func(c.Sym)}
		if c.Kind == unit.CallInvoke && c.First {
			callees = m.Prog.MethodsNamed(c.Name)
		}
		for _, callee := range callees {
			if callee != nil && callee != fn && m.records(callee, depth+1) {
				return true
			}
		}
	}
	return false
}
