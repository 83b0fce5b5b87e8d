package config

import (
	"fmt"
	"strings"
)

// maxPattern bounds a pattern's length in bytes, and with it the time that a
// match can take.
const maxPattern = 1000

// Glob is a pattern over slash-separated names: * stands for any characters
// within a segment, ** alone between slashes for any number of segments, none
// included. Everything else stands for itself.
type Glob struct {
	text     string
	segments []string
}

// ParseGlob reads a glob. It fails for an empty one, for a ** that is only a
// part of a segment, and for Go's "..." wildcard.
func ParseGlob(text string) (Glob, error) {
	segments := strings.Split(text, "/")
	if err := checkGlob(text, segments); err != nil {
		return Glob{}, err
	}
	return Glob{text: text, segments: segments}, nil
}

// checkGlob refuses what would never match, or not what it seems to.
func checkGlob(text string, segments []string) error {
	if text == "" {
		return fmt.Errorf("the pattern is empty; leave the key out to match everything")
	}
	if len(text) > maxPattern {
		return fmt.Errorf("the pattern is longer than %d bytes", maxPattern)
	}
	for _, s := range segments {
		if s == "..." {
			return fmt.Errorf("%q uses ...; write ** for any number of segments", text)
		}
		if s != "**" && strings.Contains(s, "**") {
			return fmt.Errorf("%q has ** inside a segment; write it alone between slashes, or * within the segment", text)
		}
	}
	return nil
}

// mustGlob is ParseGlob for texts in this package.
func mustGlob(text string) Glob {
	g, err := ParseGlob(text)
	if err != nil {
		panic(err)
	}
	return g
}

// UnmarshalText reads a glob.
func (g *Glob) UnmarshalText(text []byte) (err error) {
	*g, err = ParseGlob(string(text))
	return err
}

// String returns the glob as written.
func (g Glob) String() string { return g.text }

// IsZero says whether no glob was given.
func (g Glob) IsZero() bool { return g.text == "" }

// Match says whether the whole of name matches. The zero Glob matches nothing.
func (g Glob) Match(name string) bool {
	return !g.IsZero() && matchAll(g.segments, strings.Split(name, "/"), "**", matchSegment)
}

// matchSegment matches one segment.
func matchSegment(pattern, name string) bool {
	return matchAll([]byte(pattern), []byte(name), '*', func(p, c byte) bool { return p == c })
}

// matchAll matches a sequence against a pattern in which wild stands for any
// number of elements. It goes back to the last wild alone, which suffices
// since an earlier one could give up no more than that one, so the time is at
// most the product of the lengths.
func matchAll[E comparable](pattern, name []E, wild E, equal func(p, n E) bool) bool {
	p, n := 0, 0
	retry, resume := -1, 0 // the element after the last wild, and where name continues
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == wild:
			p++
			retry, resume = p, n
		case p < len(pattern) && equal(pattern[p], name[n]):
			p++
			n++
		case retry >= 0:
			resume++
			p, n = retry, resume
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == wild {
		p++
	}
	return p == len(pattern)
}
