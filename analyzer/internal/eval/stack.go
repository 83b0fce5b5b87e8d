package eval

import "github.com/idemlint/idemlint/analyzer/internal/link"

// Stack lists the functions that are being run, the outermost first.
func (m *Machine) Stack() []*link.Func { return append([]*link.Func(nil), m.stack...) }
