package directive

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// Set holds the directives of many files and remembers which of them had an
// effect. Files are named as the file set names them, functions by their
// symbols: pkg.F, pkg.(T).M, pkg.(*T).M. The zero Set is empty and ready. Its
// lookups may run in several goroutines, Add may not run beside them.
type Set struct {
	all    []*entry
	byFile map[string][]*entry
	byFunc map[string][]*entry
}

// entry is a directive of a Set.
type entry struct {
	Directive
	used atomic.Bool
}

// Add adds the directives of a file of a package.
func (s *Set) Add(pkgPath string, directives []Directive) {
	if s.byFile == nil {
		s.byFile, s.byFunc = map[string][]*entry{}, map[string][]*entry{}
	}
	for _, d := range directives {
		e := &entry{Directive: d}
		s.all = append(s.all, e)
		s.byFile[d.Position.Filename] = append(s.byFile[d.Position.Filename], e)
		if d.Func != "" {
			sym := pkgPath + "." + d.Func
			s.byFunc[sym] = append(s.byFunc[sym], e)
		}
	}
}

// Ignore returns the ignore of a rule that counts at a line of a file, else on
// the declaration of fn ("" for none), and marks it as used; nil when there is
// none. Of several at a line the one on the smallest piece of code wins. A
// finding is asked about at each place where its directive may stand: its own
// line, the registration and the handler.
func (s *Set) Ignore(file string, line int, fn, rule string) *Directive {
	return use(s.find(file, line, fn, func(d *Directive) bool {
		return d.Kind == Ignore && slices.Contains(d.Rules, rule)
	}))
}

// GuardedBy returns the guarded-by that counts at a line of a file, else on
// the declaration of fn, as Ignore does.
func (s *Set) GuardedBy(file string, line int, fn string) *Directive {
	return use(s.find(file, line, fn, func(d *Directive) bool { return d.Kind == GuardedBy }))
}

// Of lists the directives of a kind, in the order of their positions.
func (s *Set) Of(kind Kind) []*Directive {
	var found []*Directive
	for _, e := range s.all {
		if e.Kind == kind {
			found = append(found, &e.Directive)
		}
	}
	slices.SortFunc(found, byPosition)
	return found
}

// Nolint returns the nolint that counts at a line of a file and marks it as
// used; nil when there is none. Drivers whose host reads nolint do not ask.
func (s *Set) Nolint(file string, line int) *Directive {
	return use(s.find(file, line, "", func(d *Directive) bool { return d.Kind == Nolint }))
}

// Unused lists the directives that had no effect so far, in the order of their
// positions, without nolints that do not name idemlint. It says something only
// after a run over a whole module.
func (s *Set) Unused() []*Directive {
	var unused []*Directive
	for _, e := range s.all {
		if !e.used.Load() && (e.Kind != Nolint || e.Named) {
			unused = append(unused, &e.Directive)
		}
	}
	slices.SortFunc(unused, byPosition)
	return unused
}

// find returns the directive that a test accepts and that counts at a line,
// else on a function; nil when there is none.
func (s *Set) find(file string, line int, fn string, test func(*Directive) bool) *entry {
	var best *entry
	for _, e := range s.byFile[file] {
		if test(&e.Directive) && e.Covers(line) && (best == nil || e.To-e.From <= best.To-best.From) {
			best = e
		}
	}
	if best != nil || fn == "" {
		return best
	}
	for _, e := range s.byFunc[fn] {
		if test(&e.Directive) {
			return e
		}
	}
	return nil
}

// use marks an entry as used.
func use(e *entry) *Directive {
	if e == nil {
		return nil
	}
	e.used.Store(true)
	return &e.Directive
}

// byPosition orders directives by file, line and column.
func byPosition(a, b *Directive) int {
	return cmp.Or(
		cmp.Compare(a.Position.Filename, b.Position.Filename),
		cmp.Compare(a.Position.Line, b.Position.Line),
		cmp.Compare(a.Position.Column, b.Position.Column),
	)
}
