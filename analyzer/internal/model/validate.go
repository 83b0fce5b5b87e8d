package model

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// The words that the schema allows, in the order its comments name them.
var (
	httpMethods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE", "QUERY"}
	protocols   = []string{"http", "grpc", "connect", "twirp", "graphql", "lambda", "event"}
	composes    = []string{"wrap", "chain", "interceptor"}
	inherits    = []string{"live", "copy", "replace"}
	reaches     = []string{"all", "later", "prefix", "asked"}
	sources     = []string{"header", "metadata", "query", "path", "body", "cookie", "event-id"}
	results     = []string{"bool", "count", "error", "value"}
	origins     = []string{"fresh", "request"}
	modes       = []string{"once", "first", "alone", "tx", "retry", "goroutine", "watch"}
	kinds       = []string{"id", "random", "time"}
	guardKinds  = []string{"middleware", "call"}
	classes     = []string{
		string(ClassRead), string(ClassIdempotent), string(ClassInsert), string(ClassInsertIgnore),
		string(ClassGuarded), string(ClassClaim), string(ClassBurn), string(ClassLock),
		string(ClassNonIdempotent), string(ClassUnknown),
	}
)

// rows checks what the shape of the YAML does not: words, selectors, symbols
// and what a row must have. It spells out the alternatives of symbols.
func (c *checker) rows(f *File) {
	if f.Library == "" {
		c.add(1, "library is missing; name the library as people call it")
	}
	if len(f.Packages) == 0 {
		c.add(1, "packages is missing; list the import paths with their rows")
	}
	for i := range f.Packages {
		c.pkg(&f.Packages[i])
		for j := range i {
			c.overlap(&f.Packages[j], &f.Packages[i])
		}
	}
}

func (c *checker) pkg(p *Package) {
	line := p.Pos.Line
	for _, path := range append([]string{p.Path}, p.Also...) {
		switch folded, major := Fold(path); {
		case path == "":
			c.add(line, "package has no path; write its import path")
		case folded != path:
			c.add(line, "path %q has a version in it; write %q, with versions: [%d] if the rows hold for that one alone", path, folded, major)
		}
	}
	c.word(line, "protocol", p.Protocol, protocols, false)
	for i := range p.Shapes {
		c.shape(&p.Shapes[i])
	}
	for i := range p.Services {
		c.service(&p.Services[i])
	}
	seen := make(map[seenKey]Pos)
	checkRows(c, seen, "routes", p.Routes, func(r *Route) (Pos, *Symbols) { return r.Pos, &r.On }, c.route)
	checkRows(c, seen, "polls", p.Polls, func(r *Poll) (Pos, *Symbols) { return r.Pos, &r.On }, c.poll)
	checkRows(c, seen, "kinds", p.Kinds, func(r *Kind) (Pos, *Symbols) { return r.Pos, &r.On }, func(*Kind) {})
	checkRows(c, seen, "triggers", p.Triggers, func(r *Trigger) (Pos, *Symbols) { return r.Pos, &r.On }, c.trigger)
	checkRows(c, seen, "webhooks", p.Webhooks, func(r *Webhook) (Pos, *Symbols) { return r.Pos, &r.On }, c.webhook)
	checkRows(c, seen, "groups", p.Groups, func(r *Group) (Pos, *Symbols) { return r.Pos, &r.On }, c.group)
	checkRows(c, seen, "attach", p.Attach, func(r *Attach) (Pos, *Symbols) { return r.Pos, &r.On }, c.attach)
	checkRows(c, seen, "mounts", p.Mounts, func(r *Mount) (Pos, *Symbols) { return r.Pos, &r.On }, c.mount)
	checkRows(c, seen, "wraps", p.Wraps, func(r *Wrap) (Pos, *Symbols) { return r.Pos, &r.On }, c.wrap)
	checkRows(c, seen, "composes", p.Composes, func(r *Compose) (Pos, *Symbols) { return r.Pos, &r.On }, c.compose)
	checkRows(c, seen, "serves", p.Serves, func(r *Serve) (Pos, *Symbols) { return r.Pos, &r.On }, c.serve)
	checkRows(c, seen, "options", p.Options, func(r *Option) (Pos, *Symbols) { return r.Pos, &r.On }, c.option)
	checkRows(c, seen, "keys", p.Keys, func(r *Key) (Pos, *Symbols) { return r.Pos, &r.On }, c.key)
	checkRows(c, seen, "requests", p.Requests, func(r *Request) (Pos, *Symbols) { return r.Pos, &r.On }, c.request)
	checkRows(c, seen, "makes", p.Makes, func(r *Make) (Pos, *Symbols) { return r.Pos, &r.On }, c.makes)
	checkRows(c, seen, "expressions", p.Expressions, func(r *Expression) (Pos, *Symbols) { return r.Pos, &r.On }, c.expression)
	checkRows(c, seen, "contexts", p.Contexts, func(r *Context) (Pos, *Symbols) { return r.Pos, &r.On }, c.context)
	checkRows(c, seen, "effects", p.Effects, func(r *Effect) (Pos, *Symbols) { return r.Pos, &r.On }, c.effect)
	checkRows(c, seen, "calls", p.Calls, func(r *Call) (Pos, *Symbols) { return r.Pos, &r.On }, c.call)
	checkRows(c, seen, "generators", p.Generators, func(r *Generator) (Pos, *Symbols) { return r.Pos, &r.On }, c.generator)
	checkRows(c, seen, "neutrals", p.Neutrals, func(r *Neutral) (Pos, *Symbols) { return r.Pos, &r.On }, func(*Neutral) {})
	checkRows(c, seen, "protections", p.Protections, func(r *Protection) (Pos, *Symbols) { return r.Pos, &r.On }, c.protection)
	c.contradictions(p, seen)
}

// seenKey is a symbol in one kind of row of a package.
type seenKey struct{ kind, symbol string }

// checkRows checks the symbols of one kind of row, then each row by itself.
func checkRows[R any](c *checker, seen map[seenKey]Pos, kind string, rows []R, on func(*R) (Pos, *Symbols), check func(*R)) {
	for i := range rows {
		pos, symbols := on(&rows[i])
		if len(*symbols) == 0 {
			c.add(pos.Line, "row of %s has no on; list the symbols that it is about", kind)
		}
		c.symbols(pos.Line, symbols)
		for _, symbol := range *symbols {
			key := seenKey{kind, symbol}
			if first, ok := seen[key]; ok {
				c.add(pos.Line, "symbol %s has a row of %s already, at %s:%d; keep one", symbol, kind, first.File, first.Line)
				continue
			}
			seen[key] = pos
		}
		check(&rows[i])
	}
}

// symbols spells out alternatives and checks the syntax.
func (c *checker) symbols(line int, on *Symbols) {
	var out Symbols
	for _, text := range *on {
		expanded, err := expand(text)
		if err != nil {
			c.add(line, "%v", err)
			continue
		}
		for _, symbol := range expanded {
			if _, err := parseMember(symbol); err != nil {
				c.add(line, "%v", err)
				continue
			}
			out = append(out, symbol)
		}
	}
	*on = out
}

// contradictions rejects a symbol that is called neutral and an effect.
func (c *checker) contradictions(p *Package, seen map[seenKey]Pos) {
	for i := range p.Neutrals {
		row := &p.Neutrals[i]
		for _, symbol := range row.On {
			if effect, ok := seen[seenKey{"effects", symbol}]; ok {
				c.add(row.Pos.Line, "symbol %s cannot be neutral, it has a row of effects at %s:%d; keep one", symbol, effect.File, effect.Line)
			}
		}
	}
}

// overlap rejects two packages that both hold for one import path.
func (c *checker) overlap(a, b *Package) {
	for _, path := range append([]string{b.Path}, b.Also...) {
		if path != a.Path && !slices.Contains(a.Also, path) {
			continue
		}
		if len(a.Versions) > 0 && len(b.Versions) > 0 && !slices.ContainsFunc(b.Versions, a.covers) {
			continue
		}
		c.add(b.Pos.Line, "package %s is listed already, at %s:%d; join the two, or give both disjoint versions", path, a.Pos.File, a.Pos.Line)
	}
}

// covers says whether the rows hold for a major version. Versions 0 and 1
// are the same: a path without a version element.
func (p *Package) covers(major int) bool {
	return len(p.Versions) == 0 || slices.ContainsFunc(p.Versions, func(v int) bool {
		return max(v, 1) == max(major, 1)
	})
}

// word checks that a value is one of the allowed, or missing where it may be.
func (c *checker) word(line int, key, value string, allowed []string, required bool) {
	switch {
	case value == "" && required:
		c.add(line, "%s is missing; use one of %s", key, strings.Join(allowed, ", "))
	case value != "" && !slices.Contains(allowed, value):
		c.add(line, "%s %q is unknown; use one of %s", key, value, strings.Join(allowed, ", "))
	}
}

// arg checks a selector, and that it is of one of the kinds that make sense.
func (c *checker) arg(line int, key string, a Arg, required bool, allowed ...SelKind) {
	s, err := a.Parse()
	switch {
	case err != nil:
		c.add(line, "%s: %v", key, err)
	case s.Kind == SelNone && required:
		c.add(line, "%s is missing; say where it is, such as \"arg 0\"", key)
	case s.Kind != SelNone && len(allowed) > 0 && !slices.Contains(allowed, s.Kind):
		c.add(line, "%s cannot be %q; start it with %s", key, a, wordsOf(allowed))
	}
}

func wordsOf(kinds []SelKind) string {
	var words []string
	for _, kind := range kinds {
		words = append(words, selSyntax[kind].word)
	}
	return strings.Join(words, ", ")
}

// methodOrArg checks a route's method: a word, or a selector.
func (c *checker) methodOrArg(line int, method string, extra ...string) {
	words := append(slices.Clone(httpMethods), extra...)
	switch _, err := Arg(method).Parse(); {
	case method == "":
		c.add(line, "method is missing; use one of %s, or say where it is, such as \"arg 0\"", strings.Join(words, ", "))
	case err != nil && !slices.Contains(words, method):
		c.add(line, "method %q is neither one of %s nor an argument selector", method, strings.Join(words, ", "))
	}
}

// signature checks a type text only as far as a slip would show.
func (c *checker) signature(line int, key, text string, required bool) {
	switch {
	case text == "" && required:
		c.add(line, "%s is missing; write a signature, such as func(context.Context) error", key)
	case text != "" && (!strings.HasPrefix(text, "func(") || strings.Count(text, "(") != strings.Count(text, ")")):
		c.add(line, "%s %q is not a signature; start it with func( and close every parenthesis", key, text)
	}
}

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// text checks the placeholders of a trace text.
func (c *checker) text(line int, text string) {
	for _, m := range placeholder.FindAllString(text, -1) {
		inner := m[1 : len(m)-1]
		if inner != "recv" && (len(inner) != 1 || inner[0] < '0' || inner[0] > '9') {
			c.add(line, "text has the unknown placeholder %s; use {0} to {9} for arguments or {recv}", m)
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
