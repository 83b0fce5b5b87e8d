package eval

import "github.com/idemlint/idemlint/analyzer/internal/link"

// Stack lists the functions that are being run, the outermost first.
func (m *Machine) Stack() []*link.Func { return append([]*link.Func(nil), m.stack...) }

// Caller is a call on the way to what is being run; its frame is nil where
// the call is not code of the program.
type Caller struct {
	Frame *Frame
	Instr int32
}

// Callers lists the calls that lead to what is being run, the outermost
// first: one for every function of Stack.
func (m *Machine) Callers() []Caller { return append([]Caller(nil), m.callers...) }

// Gives reports whether a value holds what the frame's function was given as
// an argument: the same constant text, or the same value.
func (f *Frame) Gives(v *Val) bool {
	found := false
	Walk(v, func(x *Val) bool {
		for _, p := range f.params {
			if p == nil || found {
				continue
			}
			s, ok := p.ConstString()
			xs, is := x.ConstString()
			found = p == x && !ok || ok && is && s == xs && s != ""
		}
		if x.Kind == Field && !found { // a field holds nothing of the others
			for _, p := range f.params {
				found = found || p != nil && p == x.Args[0]
			}
			return false
		}
		return !found
	})
	return found
}
