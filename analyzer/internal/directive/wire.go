package directive

import (
	"go/token"
	"path/filepath"
)

// Wire is a directive as it travels between packages: what Set needs of it,
// without positions of a file set and without folders.
type Wire struct {
	Kind   Kind
	Rules  []string
	Name   string
	Reason string
	Named  bool
	Target Target
	Func   string
	File   string // base name
	Line   int    // of the comment
	From   int
	To     int
	Bodies [][2]int // line ranges that it does not reach
}

// Wire returns the directive in the form that travels.
func (d *Directive) Wire() Wire {
	w := Wire{
		Kind: d.Kind, Rules: d.Rules, Name: d.Name, Reason: d.Reason, Named: d.Named, Target: d.Target,
		Func: d.Func, File: filepath.Base(d.Position.Filename), Line: d.Position.Line, From: d.From, To: d.To,
	}
	for _, b := range d.bodies {
		w.Bodies = append(w.Bodies, [2]int{b.from, b.to})
	}
	return w
}

// Directive returns the directive as one of the named file.
func (w Wire) Directive(file string) Directive {
	d := Directive{
		Kind: w.Kind, Rules: w.Rules, Name: w.Name, Reason: w.Reason, Named: w.Named, Target: w.Target,
		Func: w.Func, Position: token.Position{Filename: file, Line: w.Line}, From: w.From, To: w.To,
	}
	for _, b := range w.Bodies {
		d.bodies = append(d.bodies, lines{b[0], b[1]})
	}
	return d
}
