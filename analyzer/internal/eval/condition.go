package eval

import (
	"os"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// condition applies the first condition of a row that holds, unless a statement
// says all that there is to say.
func (m *Machine) condition(ev *Event, row *model.Effect, recv *Val, args []*Val) {
	if row.Builds != nil && row.Builds.Whole && ev.Stmt != nil && !ev.Partial {
		return
	}
	for k := range row.When {
		if w := &row.When[k]; m.holds(w, recv, args) {
			ev.Class, ev.Why = w.Class, ""
			if w.Text != "" {
				ev.Text = m.phrase(w.Text, args, recv)
			}
			return
		}
	}
}

// holds reports whether a row's condition is met.
func (m *Machine) holds(w *model.When, recv *Val, args []*Val) bool {
	v := m.pick(w.Arg, recv, args)
	present := v != nil && !(v.Kind == Const && (v.ConstKind == unit.ConstNil || v.ConstKind == unit.ConstZero || v.Str == "" && v.ConstKind == unit.ConstString))
	if w.Has && !present || w.Absent && present {
		return false
	}
	if len(w.Is) > 0 && !anyText(m.Texts(v), w.Is, strings.EqualFold) {
		return false
	}
	if len(w.Contains) > 0 && len(w.Call) == 0 && !m.contains(v, w.Contains) {
		return false
	}
	if len(w.Call) > 0 && !m.hasCall(v, w.Call, w.Contains) {
		return false
	}
	if len(w.Keys) > 0 && !m.hasKeys(v, w.Keys) {
		return false
	}
	if len(w.Bits) > 0 && !hasBits(v, w.Bits) {
		return false
	}
	if w.From != "" {
		tag := Tag(0)
		if v != nil {
			tag = Deep(v)
		}
		if w.From == "fresh" && tag&(Fresh|Clock) == 0 || w.From == "request" && tag&FromRequest == 0 {
			return false
		}
	}
	return true
}

func anyText(texts, want []string, match func(s, w string) bool) bool {
	for _, s := range texts {
		for _, w := range want {
			if match(s, w) {
				return true
			}
		}
	}
	return false
}

// contains reports whether a value's text has one of the words in it.
func (m *Machine) contains(v *Val, words []string) bool {
	return anyText(m.partTexts(v), words, func(s, sub string) bool {
		return strings.Contains(strings.ToLower(s), strings.ToLower(sub))
	})
}

// hasCall looks for a call of one of the symbols anywhere in a value, whose
// first argument has one of the words in it if there are any.
func (m *Machine) hasCall(v *Val, syms model.Symbols, words []string) bool {
	found := false
	Walk(v, func(x *Val) bool {
		if x.Kind == Call && x.Ext != nil && (len(words) == 0 || len(x.Args) > 0 && m.contains(x.Args[0], words)) {
			name := x.Ext.Name
			if x.Ext.Type != "" {
				name = x.Ext.Type + "." + name
			}
			for _, s := range syms {
				if s == name || strings.HasSuffix(s, "."+name) {
					found = true
				}
			}
		}
		return !found
	})
	return found
}

// hasKeys looks for a map entry or field with one of the names; * is any.
func (m *Machine) hasKeys(v *Val, keys []string) bool {
	found := false
	Walk(v, func(x *Val) bool {
		if x.Obj == nil {
			return !found
		}
		for _, e := range x.Obj.Entries {
			if s, ok := e.Key.ConstString(); ok && (slices.Contains(keys, s) || slices.Contains(keys, "*")) {
				found = true
			}
		}
		for name, f := range x.Obj.Fields {
			if slices.Contains(keys, name) && !zero(f) {
				found = true
			}
		}
		// bson.D and the like: a struct with the key in its first field.
		for _, name := range []string{"Key", "Name"} {
			if s, ok := x.Obj.Fields[name].ConstString(); ok && (slices.Contains(keys, s) || slices.Contains(keys, "*")) {
				found = true
			}
		}
		return !found
	})
	return found
}

// zero reports whether a value is the constant zero value of its type.
func zero(v *Val) bool {
	return v == nil || v.Kind == Const && (v.ConstKind == unit.ConstNil || v.ConstKind == unit.ConstZero || v.Str == "" || v.Str == "0" || v.Str == "false")
}

// openBits are os's flags by name, with the numbers of the system that
// idemlint runs on, for which the code under analysis is folded too.
var openBits = map[string]int{"O_CREATE": os.O_CREATE, "O_EXCL": os.O_EXCL, "O_TRUNC": os.O_TRUNC, "O_APPEND": os.O_APPEND}

func hasBits(v *Val, bits []string) bool {
	n := indexOf(v)
	if n < 0 {
		return false
	}
	for _, b := range bits {
		if n&openBits[b] == 0 {
			return false
		}
	}
	return true
}
