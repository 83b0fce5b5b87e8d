package model

import (
	"fmt"
	"go/token"
	"regexp"
	"strings"
)

// Symbol is a function, method or field as the type checker resolves it.
type Symbol struct {
	// Package is the import path with its version element.
	Package string
	// Type is the named type or interface that declares the method or field,
	// empty for a package-level function, type or variable.
	Type string
	Name string
}

// String is the symbol as people write it: path.Type.Name.
func (s Symbol) String() string {
	return s.Package + "." + s.member().String()
}

func (s Symbol) member() member { return member{s.Type, s.Name} }

// member is a Symbol without its package. As a pattern, Name ends in *.
type member struct{ typ, name string }

func (m member) String() string {
	if m.typ == "" {
		return m.name
	}
	return m.typ + "." + m.name
}

func (m member) pattern() bool { return strings.HasSuffix(m.name, "*") }

// parseMember reads a symbol whose alternatives are spelt out.
func parseMember(text string) (member, error) {
	typ, name, method := strings.Cut(text, ".")
	if !method {
		typ, name = "", text
	}
	prefix := strings.TrimSuffix(name, "*")
	valid := token.IsIdentifier(prefix) || method && name == "*"
	if !valid || method && !token.IsIdentifier(typ) {
		return member{}, fmt.Errorf("symbol %q is not of the form F, T.M, T.* or with a prefix before *", text)
	}
	return member{typ, name}, nil
}

// maxAlternatives bounds what one entry may expand to.
const maxAlternatives = 1000

var group = regexp.MustCompile(`\(([^()]*)\)`)

// expand spells out the alternatives in parentheses, first group outermost.
func expand(text string) ([]string, error) {
	out := []string{""}
	rest := text
	for {
		at := group.FindStringSubmatchIndex(rest)
		if at == nil {
			break
		}
		var next []string
		for _, head := range out {
			for option := range strings.SplitSeq(rest[at[2]:at[3]], "|") {
				next = append(next, head+rest[:at[0]]+strings.TrimSpace(option))
			}
		}
		if len(next) > maxAlternatives {
			return nil, fmt.Errorf("symbol %q expands to more than %d", text, maxAlternatives)
		}
		out, rest = next, rest[at[1]:]
	}
	for i := range out {
		out[i] += rest
	}
	return out, nil
}

var (
	versionElement = regexp.MustCompile(`/v([2-9]|[1-9][0-9]+)(/|$)`)
	versionSuffix  = regexp.MustCompile(`^(gopkg\.in/.*)\.v([0-9]+)(/|$)`)
)

// Fold takes the major version out of an import path: the elements /v2, /v3
// and so on, and the suffix .vN of gopkg.in paths. The version is that of the
// first such element, 1 for a path without one.
func Fold(path string) (folded string, major int) {
	major = 1
	if m := versionSuffix.FindStringSubmatch(path); m != nil {
		path = versionSuffix.ReplaceAllString(path, "$1$3")
		major = number(m[2])
	}
	for {
		at := versionElement.FindStringSubmatchIndex(path)
		if at == nil {
			return path, major
		}
		if major == 1 {
			major = number(path[at[2]:at[3]])
		}
		path = path[:at[0]] + path[at[4]:]
	}
}

// number reads digits that a regular expression has matched.
func number(digits string) int {
	n := 0
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	return n
}
