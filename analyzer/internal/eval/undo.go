package eval

import (
	"maps"
	"slices"
)

// undo remembers what the memory that the wiring made looked like before a
// request changed it, so that the next endpoint starts from the same program.
type undo struct {
	objs    map[*Obj]Obj
	globals map[string]*Val
}

// change announces a write to memory. It is called before every write.
func (m *Machine) change(o *Obj) *Obj {
	if !m.memoOn || o.ID > m.phase {
		return o
	}
	if _, ok := m.undo.objs[o]; !ok {
		was := *o
		was.Fields, was.Stamps = maps.Clone(o.Fields), maps.Clone(o.Stamps)
		was.Elems, was.Entries = slices.Clone(o.Elems), slices.Clip(o.Entries)
		if m.undo.objs == nil {
			m.undo.objs = map[*Obj]Obj{}
		}
		m.undo.objs[o] = was
	}
	return o
}

// changeGlobal announces a write to a variable of a package.
func (m *Machine) changeGlobal(sym string) {
	if !m.memoOn {
		return
	}
	if _, ok := m.undo.globals[sym]; !ok {
		if m.undo.globals == nil {
			m.undo.globals = map[string]*Val{}
		}
		m.undo.globals[sym] = m.globals[sym]
	}
}

// restore takes a request's changes back.
func (m *Machine) restore() {
	for o, was := range m.undo.objs {
		*o = was
	}
	for sym, was := range m.undo.globals {
		if was == nil {
			delete(m.globals, sym)
		} else {
			m.globals[sym] = was
		}
	}
	m.undo = undo{}
}
