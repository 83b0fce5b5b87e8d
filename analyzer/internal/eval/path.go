package eval

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/link"
)

// Exactly is the path or the method of a request, known as a whole.
func Exactly(text string) *Val {
	v := Text(text)
	v.Own = true
	return v
}

// Below is the path of a request, of type t, that begins with a prefix and is none of
// the texts, nor begins with one of them that is longer.
func Below(prefix string, texts []string, t *link.Type) *Val {
	v := &Val{Kind: Path, Str: prefix, Tag: FromRequest, Type: t}
	for _, s := range texts {
		v.Args = append(v.Args, Text(s))
	}
	return v
}

// begins reports whether a path begins with a text, where that is known.
func (v *Val) begins(text string) (yes, known bool) {
	switch v.Kind {
	case Const:
		return strings.HasPrefix(v.Str, text), v.Own
	case Path:
		yes = strings.HasPrefix(v.Str, text)
		return yes, yes || v.excludes(text)
	}
	return false, false
}

// excludes reports whether a path neither is a text nor begins with it.
func (v *Val) excludes(text string) bool {
	return v.Kind == Path && (!strings.HasPrefix(text, v.Str) ||
		slices.ContainsFunc(v.Args, func(a *Val) bool { return a.Str == text }))
}

// pathIn is the path that a value was made of by taking a prefix away, and the
// prefix; the value itself when it was not.
func pathIn(v *Val) (path *Val, cut string) {
	for range maxCuts {
		call := v
		if v.Kind == Result && v.N == 0 && len(v.Args) == 1 {
			call = v.Args[0]
		}
		name := textCall(call)
		if name != "CutPrefix" && (name != "TrimPrefix" || call != v) {
			break
		}
		text, ok := call.Args[1].ConstString()
		if !ok {
			break
		}
		within, before := pathIn(call.Args[0])
		yes, known := within.begins(before + text)
		switch {
		case yes:
			return within, before + text
		case !known:
			return v, ""
		}
		v = call.Args[0] // it stays what it was
	}
	return v, ""
}

// maxCuts is how many prefixes in a row are looked at that a path does not have.
const maxCuts = 8

// textCall is the name of the function of package strings that a value is a call
// of, with two arguments.
func textCall(v *Val) string {
	if v.Kind == Call && v.Ext != nil && v.Ext.Pkg == "strings" && v.Ext.Type == "" && len(v.Args) == 2 {
		return v.Ext.Name
	}
	return ""
}

// tellsPrefix reports whether a condition that asks whether a path has a prefix
// holds, where that is known.
func tellsPrefix(c *Val) (yes, known bool) {
	name := textCall(c)
	if c.Kind == Result && c.N == 1 && len(c.Args) == 1 && textCall(c.Args[0]) == "CutPrefix" {
		c, name = c.Args[0], "HasPrefix"
	}
	if name != "HasPrefix" {
		return false, false
	}
	text, ok := c.Args[1].ConstString()
	if !ok {
		return false, false
	}
	path, cut := pathIn(c.Args[0])
	return path.begins(cut + text)
}

// samePath compares a path, or what is left of it without a prefix, with a
// constant, where what is known of it tells that.
func samePath(x, y *Val) (same, known bool) {
	if _, ok := x.ConstString(); ok {
		x, y = y, x
	}
	text, ok := y.ConstString()
	if !ok {
		return false, false
	}
	if x.Kind == Binary && x.Str == "+" {
		return sameJoined(textParts(x, nil, 0), text)
	}
	path, cut := pathIn(x)
	if path.Kind == Const && path != x {
		return path.Str == cut+text, true
	}
	return false, path.excludes(cut + text)
}

// textParts are the texts that a text is put together from.
func textParts(v *Val, parts []*Val, depth int) []*Val {
	if v.Kind == Binary && v.Str == "+" && len(v.Args) == 2 && depth < maxCuts {
		return textParts(v.Args[1], textParts(v.Args[0], parts, depth+1), depth+1)
	}
	return append(parts, v)
}

// sameJoined compares texts in a row, a request's method or path among them, with a
// constant, where what is known of them tells that.
func sameJoined(parts []*Val, text string) (same, known bool) {
	if !slices.ContainsFunc(parts, func(v *Val) bool { return v.Own || v.Kind == Path }) {
		return false, false
	}
	cut := func(v *Val, from func(s, with string) (string, bool)) bool {
		s, constant := v.ConstString()
		rest, ok := from(text, s)
		if !constant {
			return false
		}
		known = known || !ok
		text = rest
		return true
	}
	for len(parts) > 0 && cut(parts[0], strings.CutPrefix) {
		parts = parts[1:]
	}
	for len(parts) > 0 && cut(parts[len(parts)-1], strings.CutSuffix) {
		parts = parts[:len(parts)-1]
	}
	switch {
	case known: // one of them is not in the text
		return false, true
	case len(parts) == 0:
		return text == "", true
	case len(parts) == 1:
		return false, parts[0].excludes(text)
	case len(parts) != 3:
		return false, false
	}
	// The path stands at one end, and at the other what is not known.
	between, _ := parts[1].ConstString()
	front, back, ok := strings.Cut(text, between)
	if between == "" {
		return false, false
	}
	return false, !ok || parts[0].excludes(front) || parts[2].excludes(back)
}
