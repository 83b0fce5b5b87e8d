package config

import (
	"fmt"
	"strings"
)

// The forms to which routes are brought before they are compared. Neither can
// be a literal part of a route.
const (
	param    = "{}"    // one parameter, whatever its name and constraint
	catchAll = "{...}" // the rest of the path
)

// RouteGlob is a glob over routes, in which the frameworks' spellings of a
// parameter ({id}, {id:[0-9]+}, :id, <id>) are the same thing, and likewise
// those of the rest of the path ({rest...}, *rest, a last *).
type RouteGlob struct {
	text     string
	segments []string
}

// ParseRouteGlob reads a glob over routes. It fails where ParseGlob does.
func ParseRouteGlob(text string) (RouteGlob, error) {
	segments := splitRoute(text)
	if err := checkGlob(text, segments); err != nil {
		return RouteGlob{}, err
	}
	for i, s := range segments {
		if s != "*" && (s == "" || s[0] != '*' || !isRest(s)) { // those may be globs too
			segments[i] = routeSegment(s)
		}
	}
	return RouteGlob{text: text, segments: segments}, nil
}

// UnmarshalText reads a glob over routes.
func (g *RouteGlob) UnmarshalText(text []byte) (err error) {
	*g, err = ParseRouteGlob(string(text))
	return err
}

// String returns the glob as written.
func (g RouteGlob) String() string { return g.text }

// IsZero says whether no glob was given.
func (g RouteGlob) IsZero() bool { return g.text == "" }

// canonical is the glob with parameters unnamed, for digests.
func (g RouteGlob) canonical() string { return strings.Join(g.segments, "/") }

// Match says whether the whole of route matches. The zero RouteGlob matches
// nothing.
func (g RouteGlob) Match(route string) bool {
	if g.IsZero() {
		return false
	}
	segments := splitRoute(route)
	for i, s := range segments {
		segments[i] = routeSegment(s)
	}
	return matchAll(g.segments, segments, "**", func(pattern, name string) bool {
		if name == catchAll && isRest(pattern) {
			return true
		}
		return matchSegment(pattern, name)
	})
}

// splitRoute splits a route at the slashes that stand outside braces: a
// parameter's constraint may hold some.
func splitRoute(route string) []string {
	var segments []string
	depth, start := 0, 0
	for i := range len(route) {
		switch route[i] {
		case '{':
			depth++
		case '}':
			depth = max(0, depth-1)
		case '/':
			if depth == 0 {
				segments = append(segments, route[start:i])
				start = i + 1
			}
		}
	}
	if depth > 0 { // unbalanced: these are no parameters
		return strings.Split(route, "/")
	}
	return append(segments, route[start:])
}

// routeSegment brings the parameters of one segment to their common form.
func routeSegment(s string) string {
	switch {
	case s == "*" || isRest(s):
		return catchAll
	case s == "{$}": // net/http: the path ends here
		return ""
	case strings.HasPrefix(s, ":"):
		return colonParams(s)
	}
	return bracketParams(s)
}

// isRest says whether a segment is gin's and httprouter's *name or net/http's
// {name...}.
func isRest(s string) bool {
	if name, ok := strings.CutPrefix(s, "*"); ok {
		return name != "" && wordLen(name) == len(name)
	}
	return strings.HasPrefix(s, "{") && strings.HasSuffix(s, "...}")
}

// bracketParams replaces each {…} and <…> of a segment.
func bracketParams(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if n := bracketLen(s[i:]); n > 0 {
			b.WriteString(param)
			i += n
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// bracketLen returns the length of the bracketed text that s begins with, or 0.
func bracketLen(s string) int {
	switch s[0] {
	case '{':
		return balancedLen(s, '}')
	case '<':
		return balancedLen(s, '>')
	}
	return 0
}

// balancedLen returns the length up to the bracket that closes s[0], or 0.
func balancedLen(s string, closing byte) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case s[0]:
			depth++
		case closing:
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

// colonParams replaces the parameters of a segment that begins with a colon
// (:id, fiber's :from-:to, :id<int>, :id?). In other segments a colon is a
// literal: /orders/{id}:cancel.
func colonParams(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		n := 0
		if s[i] == ':' {
			n = wordLen(s[i+1:])
		}
		if n == 0 {
			b.WriteByte(s[i])
			i++
			continue
		}
		b.WriteString(param)
		i += 1 + n
		i += constraintLen(s[i:])
	}
	return b.String()
}

// constraintLen returns the length of what may follow a colon parameter: <int>
// or ([0-9]+), and ?.
func constraintLen(s string) int {
	n := 0
	if strings.HasPrefix(s, "<") {
		n = balancedLen(s, '>')
	} else if strings.HasPrefix(s, "(") {
		n = balancedLen(s, ')')
	}
	if strings.HasPrefix(s[n:], "?") {
		n++
	}
	return n
}

// wordLen returns how many letters, digits and underscores s begins with.
func wordLen(s string) int {
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return i
		}
	}
	return len(s)
}

// Pattern selects endpoints by method and route, as 'POST /pay/**'.
type Pattern struct {
	text string
	// Method is "" for any method.
	Method Method
	// Route is the glob over routes.
	Route RouteGlob
}

// ParsePattern reads 'METHOD ROUTE' or a route alone; the method * stands for
// any.
func ParsePattern(text string) (Pattern, error) {
	words := strings.Fields(text)
	p := Pattern{text: strings.Join(words, " ")}
	var err error
	switch {
	case len(words) == 2:
		if words[0] != "*" {
			err = p.Method.UnmarshalText([]byte(words[0]))
		}
	case len(words) != 1 || !strings.ContainsAny(words[0], "/*"):
		err = fmt.Errorf("%q does not select endpoints; write method and route, such as 'POST /orders/**'", text)
	}
	if err != nil {
		return Pattern{}, err
	}
	if p.Route, err = ParseRouteGlob(words[len(words)-1]); err != nil {
		return Pattern{}, err
	}
	return p, nil
}

// UnmarshalText reads a pattern.
func (p *Pattern) UnmarshalText(text []byte) (err error) {
	*p, err = ParsePattern(string(text))
	return err
}

// String returns the pattern as written.
func (p Pattern) String() string { return p.text }

// IsZero says whether no pattern was given.
func (p Pattern) IsZero() bool { return p.text == "" }

// Match says whether an endpoint's method and route match. The zero Pattern
// matches nothing.
func (p Pattern) Match(e EndpointKey) bool {
	return (p.Method == "" || strings.EqualFold(string(p.Method), e.Method)) && p.Route.Match(e.Route)
}
