package eval

import "slices"

// pieced is the list that the wiring walks, or adds to, where a value is one of
// several lists: pieces are put into it only where a setting says so, or one of
// two where it chooses. It has all that any of them has, each once. It is nil
// for a value that may be anything else, and while a request is followed, which
// takes one of the ways.
func (m *Machine) pieced(v *Val) *Val {
	if m.memoOn || v == nil || v.Kind != Join {
		return nil
	}
	var lists []*Val
	for _, a := range v.Alternatives() {
		switch {
		case a.IsNil():
		case a.Kind != Object || !isList(a) || a.Obj.Content != nil || a.Obj.Open || a.Obj.Tag != 0:
			return nil
		default:
			lists = append(lists, a)
		}
	}
	if len(lists) == 0 {
		return nil
	}
	// The longest comes first, so that one that has grown is the list itself.
	whole := slices.MaxFunc(lists, func(a, b *Val) int { return len(a.Obj.Elems) - len(b.Obj.Elems) })
	elems := slices.Clip(whole.Obj.Elems)
	for _, l := range lists {
		m.work += len(l.Obj.Elems)
		for _, e := range l.Obj.Elems {
			if !slices.Contains(elems, e) && len(elems) < maxElems {
				elems = append(elems, e)
			}
		}
	}
	if len(elems) == len(whole.Obj.Elems) {
		return whole
	}
	o, list := *whole.Obj, *whole
	o.Elems, list.Obj = elems, &o
	return &list
}
