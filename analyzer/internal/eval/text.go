package eval

import (
	"slices"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

func itoa(n int) string { return strconv.Itoa(n) }

// maxTexts bounds the alternatives of a text that are looked at, maxText the
// length in bytes of one that is put together.
const (
	maxTexts = 6
	maxText  = 1 << 18
)

// Texts are the texts that a value can be; what is not constant is a hole.
func (m *Machine) Texts(v *Val) []string { return m.texts(v, 0) }

func (m *Machine) texts(v *Val, depth int) []string {
	hole := []string{sqlstmt.Hole}
	if depth == 0 {
		m.spelled = 0
	}
	m.spelled++
	if v == nil || depth > 24 || m.spelled > maxParts {
		return hole
	}
	switch v.Kind {
	case Const:
		switch v.ConstKind {
		case unit.ConstString, unit.ConstNumber, unit.ConstBool:
			return []string{v.Str}
		}
		return []string{""}
	case Join, Choice:
		var out []string
		for _, a := range v.Args {
			if a == v {
				continue
			}
			if len(out) >= maxTexts {
				break
			}
			for _, s := range m.texts(a, depth+1) {
				if len(out) < maxTexts && !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
		}
		if len(out) > 0 {
			return out
		}
	case Binary:
		if v.Str == "+" && v.Type != nil && v.Type.Kind == unit.KindInt {
			return sums(m.texts(v.Args[0], depth+1), m.texts(v.Args[1], depth+1))
		}
		if v.Str == "+" {
			return cross(m.texts(v.Args[0], depth+1), m.texts(v.Args[1], depth+1))
		}
	case Object:
		if v.Obj.Content != nil {
			return m.texts(v.Obj.Content, depth+1)
		}
	case Call:
		if s := m.callText(v, depth); s != nil {
			return s
		}
	case Result:
		if len(v.Args) == 1 && v.N == 0 && v.Args[0].Kind == Call {
			return m.texts(v.Args[0], depth+1)
		}
	}
	if s := m.outsideText(v); s != nil {
		return s
	}
	return hole
}

// partTexts are the texts that a value can be, or that its parts are when it is
// a struct or a list of them. What maps hold is data and does not count.
func (m *Machine) partTexts(v *Val) []string {
	var out []string
	seen := map[*Val]bool{}
	var visit func(v *Val, depth int)
	visit = func(v *Val, depth int) {
		if v == nil || seen[v] || depth > 12 || len(out) > 64 {
			return
		}
		seen[v] = true
		if v.Kind == Object && (v.Obj.Content == nil || isAggregate(v.Obj.Type) || isList(v)) {
			if v.Obj.Content != v {
				visit(v.Obj.Content, depth+1)
			}
			for _, name := range sortedFields(v.Obj) {
				visit(v.Obj.Fields[name], depth+1)
			}
			for _, e := range v.Obj.Elems {
				visit(e, depth+1)
			}
			return
		}
		out = append(out, m.Texts(v)...)
	}
	visit(v, 0)
	return out
}

func cross(a, b []string) []string {
	var out []string
	for _, x := range a {
		for _, y := range b {
			switch {
			case len(out) >= maxTexts:
				return out
			case len(x)+len(y) > maxText:
				out = append(out, sqlstmt.Hole)
			default:
				out = append(out, x+y)
			}
		}
	}
	return out
}

// sums are the texts of the numbers that two numbers can add up to.
func sums(a, b []string) []string {
	var out []string
	for _, x := range a {
		for _, y := range b {
			text := sqlstmt.Hole
			i, err1 := strconv.Atoi(x)
			j, err2 := strconv.Atoi(y)
			if err1 == nil && err2 == nil {
				text = itoa(i + j)
			}
			if len(out) < maxTexts && !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	return out
}

// callText knows the calls that make texts of texts.
func (m *Machine) callText(v *Val, depth int) []string {
	switch v.Ext.Pkg + "." + v.Ext.Type + "." + v.Ext.Name {
	case "fmt..Sprintf":
		return m.sprintf(v, depth)
	case "strings..ToLower":
		var out []string
		for _, text := range m.texts(v.Args[0], depth+1) {
			out = append(out, strings.ToLower(text))
		}
		return out
	case "strings..Join":
		return m.joinText(v, depth)
	case "strings..ReplaceAll", "strings..Replace":
		return m.replaceText(v, depth)
	case "strings.Builder.String", "bytes.Buffer.String":
		return m.builderText(v, depth)
	}
	if restates(v) {
		return m.texts(v.Args[0], depth+1)
	}
	return nil
}

// restating are functions whose result is the text of their first argument
// with small changes: a statement stays what it is.
var restating = map[string]bool{
	"strings..TrimSpace": true, "strings..ToUpper": true, "strings..Clone": true, "strings..Trim": true,
	"strings..TrimPrefix": true, "strings..TrimSuffix": true, "strings..Replace": true, "strings..ReplaceAll": true,
	"strings.Replacer.Replace": true, "os..ExpandEnv": true,
	"regexp.Regexp.ReplaceAllString": true, "regexp.Regexp.ReplaceAllLiteralString": true, "regexp.Regexp.ReplaceAllStringFunc": true,
	"github.com/jmoiron/sqlx..In": true, "github.com/jmoiron/sqlx..Named": true,
}

// restates reports whether a value is made by a call that restates a text.
func restates(v *Val) bool {
	return v.Kind == Call && v.Ext != nil && len(v.Args) > 0 && restating[v.Ext.Pkg+"."+v.Ext.Type+"."+v.Ext.Name]
}

func (m *Machine) sprintf(v *Val, depth int) []string {
	var out []string
	args := Variadic(v.Args, 1)
	for _, format := range m.texts(v.Args[0], depth+1) {
		out = append(out, m.format(format, args, depth)...)
	}
	return out
}

// format fills a format's verbs with the texts of its arguments.
func (m *Machine) format(format string, args []*Val, depth int) []string {
	out := []string{""}
	next := 0
	for len(format) > 0 {
		at := strings.IndexByte(format, '%')
		if at < 0 {
			return cross(out, []string{format})
		}
		out = cross(out, []string{format[:at]})
		format = format[at+1:]
		end := strings.IndexFunc(format, func(r rune) bool { return r == '%' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' })
		if end < 0 {
			return out
		}
		verb, flags := format[end], format[:end]
		format = format[end+1:]
		if verb == '%' {
			out = cross(out, []string{"%"})
			continue
		}
		if strings.HasPrefix(flags, "[") && strings.HasSuffix(flags, "]") {
			if n, err := strconv.Atoi(flags[1 : len(flags)-1]); err == nil {
				next = n - 1
			}
		}
		text := []string{sqlstmt.Hole}
		if next >= 0 && next < len(args) {
			text = m.texts(args[next], depth+1)
		}
		if len(text) > 1 && numbers(out) {
			text = []string{sqlstmt.Hole} // a counter's: whichever is the next one
		}
		next++
		if verb == 'q' {
			text = cross(cross([]string{`"`}, text), []string{`"`})
		}
		out = cross(out, text)
	}
	return out
}

// numbers reports whether what comes next in a text is the number of a placeholder.
func numbers(texts []string) bool {
	return !slices.ContainsFunc(texts, func(s string) bool { return !strings.HasSuffix(s, "$") })
}

func (m *Machine) joinText(v *Val, depth int) []string {
	sep := m.texts(v.Args[1], depth+1)[0]
	list := longest(v.Args[0])
	if names := m.columnNames(list); names != nil {
		return []string{strings.Join(names, sep)}
	}
	if list.Kind != Object || len(list.Obj.Elems) == 0 {
		return nil
	}
	out := []string{""}
	for i, e := range list.Obj.Elems {
		if i > 0 {
			out = cross(out, []string{sep})
		}
		out = cross(out, m.texts(e, depth+1))
	}
	return out
}

// columnNames lists the columns that go-zero's builder reads from the tags of a
// struct, and what is left of them when some are removed.
func (m *Machine) columnNames(v *Val) []string {
	if v.Kind != Call || v.Ext == nil || len(v.Args) == 0 {
		return nil
	}
	switch v.Ext.Pkg[strings.LastIndexByte(v.Ext.Pkg, '/')+1:] + "." + v.Ext.Name {
	case "builder.RawFieldNames", "builder.FieldNames":
		n := m.structOf(v.Args[0])
		if n == nil {
			return nil
		}
		quote := "`"
		if v.Ext.Name == "FieldNames" || len(Variadic(v.Args, 1)) > 0 { // as PostgreSQL has them
			quote = ""
		}
		out := []string{}
		for i := range n.Fields {
			if col, _ := column(&n.Fields[i]); col != "-" {
				out = append(out, quote+col+quote)
			}
		}
		return out
	case "stringx.Remove":
		var out []string
		for _, name := range m.columnNames(v.Args[0]) {
			if !m.anyIs(Variadic(v.Args, 1), name) {
				out = append(out, name)
			}
		}
		return out
	}
	return nil
}

func (m *Machine) anyIs(vs []*Val, s string) bool {
	for _, v := range vs {
		if c, ok := v.ConstString(); ok && c == s {
			return true
		}
	}
	return false
}

func (m *Machine) replaceText(v *Val, depth int) []string {
	old := m.texts(v.Args[1], depth+1)[0]
	var out []string
	for _, repl := range filledTexts(m.texts(v.Args[2], depth+1)) {
		for _, s := range m.texts(v.Args[0], depth+1) {
			if s = strings.ReplaceAll(s, old, repl); len(out) < maxTexts && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// filledTexts leaves the empty text out where there are others: it comes from
// the ways that fail.
func filledTexts(texts []string) []string {
	var out []string
	for _, s := range texts {
		if s != "" {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return texts
	}
	return out
}

// builderText is what was written to a builder, in the order it was written;
// parts behind a branch count as written.
func (m *Machine) builderText(v *Val, depth int) []string {
	b := v.Recv
	if b == nil || b.Kind != Object {
		return nil
	}
	out := []string{""}
	for _, e := range b.Obj.Elems {
		out = cross(out, m.texts(e, depth+1))
	}
	return out
}

// Variadic lists the arguments from n on, those of a variadic parameter
// one by one. An argument list that cannot be told apart gives what is there.
func Variadic(args []*Val, n int) []*Val {
	if n >= len(args) {
		return nil
	}
	out := append([]*Val(nil), args[n:]...)
	last := out[len(out)-1]
	if last == nil || last.Type == nil || last.Type.Kind != unit.KindSlice {
		return out
	}
	switch list := longest(last); {
	case list.Kind == Object:
		out = append(out[:len(out)-1], list.Obj.Elems...)
	case last.IsNil():
		out = out[:len(out)-1]
	}
	return out
}

// longest is the longest of the lists that a value can be, which is the one
// that a loop has filled; the value itself when none is known.
func longest(v *Val) *Val {
	list := v
	for _, a := range v.Alternatives() {
		if a.Kind == Object && (list.Kind != Object || len(a.Obj.Elems) > len(list.Obj.Elems)) {
			list = a
		}
	}
	return list
}
