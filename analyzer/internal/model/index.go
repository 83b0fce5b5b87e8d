package model

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Index finds rows. It is safe for concurrent use.
type Index struct {
	files    []*File // highest precedence first
	packages map[string][]owned
	shapes   []ShapeEntry
	services []ServiceEntry
	methods  map[string][]ShapeMethodEntry
	paths    sync.Map // import path -> *pkgIndex, nil when nothing is known
}

// owned is a package with the file that it stands in.
type owned struct {
	pkg  *Package
	file *File
}

// Rows holds the rows of one symbol; a nil pointer says that there is none
// of that kind.
type Rows struct {
	Route      *Route
	Poll       *Poll
	Kind       *Kind
	Trigger    *Trigger
	Webhook    *Webhook
	Group      *Group
	Attach     *Attach
	Mount      *Mount
	Wrap       *Wrap
	Compose    *Compose
	Serve      *Serve
	Option     *Option
	Key        *Key
	Request    *Request
	Make       *Make
	Expression *Expression
	Context    *Context
	Effect     *Effect
	Call       *Call
	Generator  *Generator
	Protection *Protection
	// Neutral says that the call has no effect that counts; never together
	// with Effect.
	Neutral bool
	// Pkg has the path, framework and protocol, but no rows.
	Pkg *Package
	// User is set when a row comes from a file that is not built in.
	User bool
}

// ShapeEntry is a shape with its package, as PackageOf gives it.
type ShapeEntry struct {
	*Shape
	Pkg *Package
}

// ServiceEntry is a service with its package, as PackageOf gives it.
type ServiceEntry struct {
	*Service
	Pkg *Package
}

// ShapeMethodEntry is an effect row that matches methods by their signature.
type ShapeMethodEntry struct {
	*Effect
	Pkg *Package
}

// NewIndex joins files; of two rows of one kind for one symbol, that of the
// later file counts. So the built-in files come first, then those that a
// config lists, then the user's own. The error names rows that refer to a
// shape nobody defines, with their positions.
func NewIndex(files ...*File) (*Index, error) {
	x := &Index{
		files:    slices.Clone(files),
		packages: make(map[string][]owned),
		methods:  make(map[string][]ShapeMethodEntry),
	}
	slices.Reverse(x.files)
	for _, file := range x.files {
		for i := range file.Packages {
			pkg := &file.Packages[i]
			for _, path := range append([]string{pkg.Path}, pkg.Also...) {
				x.packages[path] = append(x.packages[path], owned{pkg, file})
			}
		}
	}
	ids := x.collect()
	return x, x.checkShapes(ids)
}

// collect lists what is found without a symbol, and gives the shapes' ids.
func (x *Index) collect() map[string]bool {
	ids := make(map[string]bool)
	for _, file := range x.files {
		for i := range file.Packages {
			pkg := &file.Packages[i]
			header := header(owned{pkg, file})
			for j := range pkg.Shapes {
				if shape := &pkg.Shapes[j]; !ids[shape.ID] {
					ids[shape.ID] = true
					x.shapes = append(x.shapes, ShapeEntry{shape, header})
				}
			}
			for j := range pkg.Services {
				x.services = append(x.services, ServiceEntry{&pkg.Services[j], header})
			}
			for j := range pkg.Effects {
				if row := &pkg.Effects[j]; len(row.Shape) > 0 {
					x.addMethods(ShapeMethodEntry{row, header})
				}
			}
		}
	}
	return ids
}

// addMethods enters a row under the names of its methods.
func (x *Index) addMethods(entry ShapeMethodEntry) {
	names := make(map[string]bool)
	for _, symbol := range entry.On {
		if m, err := parseMember(symbol); err == nil && m.typ != "" && !m.pattern() {
			names[m.name] = true
		}
	}
	for name := range names {
		x.methods[name] = append(x.methods[name], entry)
	}
}

func (x *Index) checkShapes(ids map[string]bool) error {
	var errs []error
	missing := func(pos Pos, id string) {
		if id != "" && !ids[id] {
			errs = append(errs, fmt.Errorf("%s:%d: shape %q is not defined in any file; add it under shapes", pos.File, pos.Line, id))
		}
	}
	for _, file := range x.files {
		for i := range file.Packages {
			for j := range file.Packages[i].Routes {
				row := &file.Packages[i].Routes[j]
				missing(row.Pos, row.Shape)
			}
			for j := range file.Packages[i].Options {
				row := &file.Packages[i].Options[j]
				missing(row.Pos, row.Shape)
			}
		}
	}
	return errors.Join(errs...)
}

// Lookup gives the rows of a symbol, nil when there is none. The package is
// the import path as the compiler knows it, version included. A symbol that a
// row names is not matched against patterns; of several patterns the longest
// counts; of equals that of the later file.
func (x *Index) Lookup(sym Symbol) *Rows {
	pkg := x.pkg(sym.Package)
	if pkg == nil {
		return nil
	}
	return pkg.lookup(sym.member())
}

// PackageOf gives what is known about an import path as a whole (framework,
// protocol with its default filled in, neutral), without rows; nil when
// nothing is known.
func (x *Index) PackageOf(path string) *Package {
	pkg := x.pkg(path)
	if pkg == nil {
		return nil
	}
	return pkg.header
}

// Known says whether any file lists the import path.
func (x *Index) Known(path string) bool { return x.pkg(path) != nil }

// Shapes lists the kinds of handlers, by precedence. The caller must not
// change it.
func (x *Index) Shapes() []ShapeEntry { return x.shapes }

// Services lists the patterns of generated registrations, by precedence. The
// caller must not change it.
func (x *Index) Services() []ServiceEntry { return x.services }

// ShapeMethod gives the effect rows that match a method of this name by its
// signature, by precedence. The caller must not change it.
func (x *Index) ShapeMethod(method string) []ShapeMethodEntry { return x.methods[method] }

// HasKind says whether code tells kinds of a type's values apart by one of its
// fields or methods.
func (x *Index) HasKind(path, typ string) bool {
	pkg := x.pkg(path)
	if pkg == nil {
		return false
	}
	for m, rows := range pkg.exact {
		if m.typ == typ && rows.Kind != nil {
			return true
		}
	}
	return false
}

func (x *Index) pkg(path string) *pkgIndex {
	if known, ok := x.paths.Load(path); ok {
		return known.(*pkgIndex)
	}
	made, _ := x.paths.LoadOrStore(path, x.build(path))
	return made.(*pkgIndex)
}

// pkgIndex holds the rows that hold for one import path.
type pkgIndex struct {
	header   *Package
	exact    map[member]*Rows
	patterns []pattern // longest first
	cache    sync.Map  // member -> *Rows, for members that only patterns match
	other    *Rows     // for members without any row; nil unless the package is neutral
}

type pattern struct {
	member
	rows *Rows
}

// build joins the packages for a path, nil when there are none.
func (x *Index) build(path string) *pkgIndex {
	folded, major := Fold(path)
	var found []owned
	for _, o := range x.packages[folded] {
		if o.pkg.covers(major) {
			found = append(found, o)
		}
	}
	if len(found) == 0 {
		return nil
	}
	p := &pkgIndex{header: header(found...), exact: make(map[member]*Rows)}
	user := false
	for _, o := range found {
		user = user || o.pkg.Neutral && !o.file.builtin
		p.add(o)
	}
	if p.header.Neutral {
		p.other = &Rows{Neutral: true, Pkg: p.header, User: user}
	}
	p.finish()
	return p
}

const defaultProtocol = "http"

// header joins what packages of one path say as a whole, highest precedence
// first, without their rows.
func header(found ...owned) *Package {
	first := found[0].pkg
	h := &Package{Pos: first.Pos, Path: first.Path, Also: first.Also, Versions: first.Versions}
	for _, o := range found {
		h.Framework = cmp.Or(h.Framework, o.pkg.Framework)
		h.Protocol = cmp.Or(h.Protocol, o.pkg.Protocol)
		h.Neutral = h.Neutral || o.pkg.Neutral
		h.Records = h.Records || o.pkg.Records
	}
	h.Protocol = cmp.Or(h.Protocol, defaultProtocol)
	return h
}

// add enters the rows of a package; what is there already has precedence.
func (p *pkgIndex) add(o owned) {
	pkg, user := o.pkg, !o.file.builtin
	enter(p, user, pkg.Routes, func(r *Route) Symbols { return r.On }, func(s *Rows) **Route { return &s.Route })
	enter(p, user, pkg.Polls, func(r *Poll) Symbols { return r.On }, func(s *Rows) **Poll { return &s.Poll })
	enter(p, user, pkg.Kinds, func(r *Kind) Symbols { return r.On }, func(s *Rows) **Kind { return &s.Kind })
	enter(p, user, pkg.Triggers, func(r *Trigger) Symbols { return r.On }, func(s *Rows) **Trigger { return &s.Trigger })
	enter(p, user, pkg.Webhooks, func(r *Webhook) Symbols { return r.On }, func(s *Rows) **Webhook { return &s.Webhook })
	enter(p, user, pkg.Groups, func(r *Group) Symbols { return r.On }, func(s *Rows) **Group { return &s.Group })
	enter(p, user, pkg.Attach, func(r *Attach) Symbols { return r.On }, func(s *Rows) **Attach { return &s.Attach })
	enter(p, user, pkg.Mounts, func(r *Mount) Symbols { return r.On }, func(s *Rows) **Mount { return &s.Mount })
	enter(p, user, pkg.Wraps, func(r *Wrap) Symbols { return r.On }, func(s *Rows) **Wrap { return &s.Wrap })
	enter(p, user, pkg.Composes, func(r *Compose) Symbols { return r.On }, func(s *Rows) **Compose { return &s.Compose })
	enter(p, user, pkg.Serves, func(r *Serve) Symbols { return r.On }, func(s *Rows) **Serve { return &s.Serve })
	enter(p, user, pkg.Options, func(r *Option) Symbols { return r.On }, func(s *Rows) **Option { return &s.Option })
	enter(p, user, pkg.Keys, func(r *Key) Symbols { return r.On }, func(s *Rows) **Key { return &s.Key })
	enter(p, user, pkg.Requests, func(r *Request) Symbols { return r.On }, func(s *Rows) **Request { return &s.Request })
	enter(p, user, pkg.Makes, func(r *Make) Symbols { return r.On }, func(s *Rows) **Make { return &s.Make })
	enter(p, user, pkg.Expressions, func(r *Expression) Symbols { return r.On }, func(s *Rows) **Expression { return &s.Expression })
	enter(p, user, pkg.Contexts, func(r *Context) Symbols { return r.On }, func(s *Rows) **Context { return &s.Context })
	enter(p, user, pkg.Calls, func(r *Call) Symbols { return r.On }, func(s *Rows) **Call { return &s.Call })
	enter(p, user, pkg.Generators, func(r *Generator) Symbols { return r.On }, func(s *Rows) **Generator { return &s.Generator })
	enter(p, user, pkg.Protections, func(r *Protection) Symbols { return r.On }, func(s *Rows) **Protection { return &s.Protection })
	p.addEffects(pkg, user)
}

// enter puts one kind of row under its symbols.
func enter[R any](p *pkgIndex, user bool, rows []R, on func(*R) Symbols, slot func(*Rows) **R) {
	for i := range rows {
		for _, symbol := range on(&rows[i]) {
			s := p.rows(symbol)
			if at := slot(s); *at == nil {
				*at = &rows[i]
				s.User = s.User || user
			}
		}
	}
}

// addEffects enters effects and neutrals, of which a symbol has only one: a
// user's neutral hides a built-in effect, and the other way round.
func (p *pkgIndex) addEffects(pkg *Package, user bool) {
	for i := range pkg.Effects {
		for _, symbol := range pkg.Effects[i].On {
			if s := p.rows(symbol); s.Effect == nil && !s.Neutral {
				s.Effect = &pkg.Effects[i]
				s.User = s.User || user
			}
		}
	}
	for i := range pkg.Neutrals {
		for _, symbol := range pkg.Neutrals[i].On {
			if s := p.rows(symbol); s.Effect == nil && !s.Neutral {
				s.Neutral = true
				s.User = s.User || user
			}
		}
	}
}

// rows gives the entry of a symbol that Load has checked.
func (p *pkgIndex) rows(symbol string) *Rows {
	m, err := parseMember(symbol)
	if err != nil {
		panic("model: row was not checked by Load: " + err.Error())
	}
	s := p.exact[m]
	if s == nil {
		s = &Rows{Pkg: p.header}
		p.exact[m] = s
	}
	return s
}

// finish moves the patterns out of the exact symbols and makes symbols
// without an effect neutral where the package is.
func (p *pkgIndex) finish() {
	for _, m := range slices.Collect(maps.Keys(p.exact)) {
		s := p.exact[m]
		if p.header.Neutral && s.Effect == nil {
			s.Neutral = true
		}
		if m.pattern() {
			p.patterns = append(p.patterns, pattern{m, s})
			delete(p.exact, m)
		}
	}
	slices.SortFunc(p.patterns, func(a, b pattern) int {
		return len(b.name) - len(a.name)
	})
}

func (p *pkgIndex) lookup(m member) *Rows {
	if s := p.exact[m]; s != nil {
		return s
	}
	if len(p.patterns) == 0 {
		return p.other
	}
	if known, ok := p.cache.Load(m); ok {
		return known.(*Rows)
	}
	made, _ := p.cache.LoadOrStore(m, p.match(m))
	return made.(*Rows)
}

// match finds the longest pattern. Two of one length cannot both match.
func (p *pkgIndex) match(m member) *Rows {
	for _, pat := range p.patterns {
		if pat.typ == m.typ && strings.HasPrefix(m.name, strings.TrimSuffix(pat.name, "*")) {
			return pat.rows
		}
	}
	return p.other
}
