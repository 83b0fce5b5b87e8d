package route

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// asked is a condition on a request's method or path.
type asked struct {
	at      int32 // the instruction
	text    string
	method  bool // of the path when it is not
	prefix  bool // the path begins with the text
	negated bool // the condition holds when it is another
	// verb is the method that is asked for with the path, and key the text of both
	// where one field holds them.
	verb, key string
	field     string // of an event, which holds the path
}

// asks is what an instruction asks of a request, nil when it is nothing.
func (s *requestScan) asks(fn *link.Func, at int32) *asked {
	in := &fn.Instrs[at]
	switch in.Op {
	case unit.OpBin:
		if in.Str != "==" && in.Str != "!=" {
			return nil
		}
		a := s.compares(fn, in.Args[0], in.Args[1])
		if a == nil {
			a = s.compares(fn, in.Args[1], in.Args[0])
		}
		if a != nil {
			a.at, a.negated = at, in.Str == "!="
		}
		return a
	case unit.OpCall:
		if textCall(fn, at) != "HasPrefix" {
			return nil
		}
	case unit.OpExtract:
		if in.N != 1 || in.Args[0] < 0 || textCall(fn, int32(in.Args[0])) != "CutPrefix" {
			return nil
		}
		in = &fn.Instrs[in.Args[0]]
	default:
		return nil
	}
	text := s.constant(fn, in.Args[2])
	if cut, field, ok := s.path(fn, in.Args[1], 0); ok && text != "" && strings.HasPrefix(cut+text, "/") && cut+text != "/" {
		return &asked{at: at, text: cut + text, prefix: true, field: field}
	}
	return nil
}

// methodsIn are the conditions on a request's method in a function.
func (s *requestScan) methodsIn(fn *link.Func) []*asked {
	var out []*asked
	for i := range fn.Instrs {
		if a := s.asks(fn, int32(i)); a != nil && a.method {
			out = append(out, a)
		}
	}
	return out
}

// textCall is the name of the function of package strings that an instruction
// calls with two arguments.
func textCall(fn *link.Func, at int32) string {
	in := &fn.Instrs[at]
	if c := fn.Callee(in); in.Op == unit.OpCall && c != nil && c.Pkg == "strings" && c.Type == "" && len(in.Args) == 3 {
		return c.Name
	}
	return ""
}

// compares is what a comparison of x with the constant y asks of a request.
func (s *requestScan) compares(fn *link.Func, x, y unit.Ref) *asked {
	text := s.constant(fn, y)
	if text == "" || x < 0 {
		return nil
	}
	if cut, field, ok := s.path(fn, x, 0); ok {
		if !strings.HasPrefix(cut+text, "/") {
			return nil
		}
		return &asked{text: cut + text, field: field}
	}
	switch {
	case isMethod(text) && s.isMethod(fn, x):
		return &asked{text: text, method: true}
	case s.isKey(fn, x):
		if verb, path := splitPattern(text); isMethod(verb) && strings.HasPrefix(path, "/") {
			return &asked{text: path, verb: verb, key: text, field: s.calls.Key}
		}
	}
	return s.both(fn, x, text)
}

// isMethod reports whether a value is the method of a request.
func (s *requestScan) isMethod(fn *link.Func, x unit.Ref) bool {
	if x < 0 {
		return false
	}
	pkg, typ, field := readField(fn, x)
	return pkg == "net/http" && typ == "Request" && field == "Method" || s.calls != nil && s.holds(pkg, field, s.calls.Verb)
}

// isKey reports whether a value is the text of a request's method and path.
func (s *requestScan) isKey(fn *link.Func, x unit.Ref) bool {
	pkg, _, field := readField(fn, x)
	return s.calls != nil && s.calls.Key != "" && s.holds(pkg, field, s.calls.Key)
}

// holds reports whether a field is the one of an event that a path of names leads to.
func (s *requestScan) holds(pkg, field, path string) bool {
	return pkg == s.events && field != "" && strings.HasSuffix("."+path, "."+field)
}

// both is what the comparison of a text that is put together from method and path asks.
func (s *requestScan) both(fn *link.Func, x unit.Ref, text string) *asked {
	var front, back, method string // what stands before and behind the path
	found := &asked{}
	isPath := false
	for _, r := range pieces(fn, x, 0) {
		piece := s.constant(fn, r)
		if _, field, ok := s.path(fn, r, 0); ok && !isPath {
			isPath, found.field = true, field
			continue
		}
		if s.isMethod(fn, r) && method == "" {
			piece = other
			method = piece
		}
		switch {
		case piece == "":
			return nil
		case isPath:
			back += piece
		default:
			front += piece
		}
	}
	if !isPath || method == "" {
		return nil
	}
	for _, m := range httpMethods {
		path, ok := strings.CutPrefix(text, strings.Replace(front, other, m, 1))
		path, end := strings.CutSuffix(path, strings.Replace(back, other, m, 1))
		if ok && end && strings.HasPrefix(path, "/") {
			found.text, found.verb = path, m
			return found
		}
	}
	return nil
}

// pieces are the texts that a text is put together from.
func pieces(fn *link.Func, x unit.Ref, depth int) []unit.Ref {
	if x < 0 || depth > maxJoined || fn.Instrs[x].Op != unit.OpBin || fn.Instrs[x].Str != "+" {
		return []unit.Ref{x}
	}
	in := &fn.Instrs[x]
	return append(pieces(fn, in.Args[0], depth+1), pieces(fn, in.Args[1], depth+1)...)
}

// path reports whether a value is the path of a request, which field of an event
// holds it, and what was cut off in front of it.
func (s *requestScan) path(fn *link.Func, x unit.Ref, depth int) (cut, field string, ok bool) {
	if x < 0 || depth > maxHelpers {
		return "", "", false
	}
	pkg, typ, name := readField(fn, x)
	if pkg == "net/url" && typ == "URL" && name == "Path" {
		return "", "", true
	}
	if s.calls != nil {
		for _, field := range s.calls.Paths {
			if s.holds(pkg, name, field) {
				return "", field, true
			}
		}
	}
	call := x
	if in := &fn.Instrs[x]; in.Op == unit.OpExtract && in.N == 0 && in.Args[0] >= 0 {
		call = in.Args[0]
	}
	called := textCall(fn, int32(call))
	if called != "CutPrefix" && (called != "TrimPrefix" || call != x) {
		return "", "", false
	}
	before, field, ok := s.path(fn, fn.Instrs[call].Args[1], depth+1)
	text := s.constant(fn, fn.Instrs[call].Args[2])
	return before + text, field, ok && text != ""
}

// readField is the field that a value is read from.
func readField(fn *link.Func, x unit.Ref) (pkg, typ, field string) {
	in := &fn.Instrs[x]
	if in.Op == unit.OpLoad && in.Args[0] >= 0 {
		in = &fn.Instrs[in.Args[0]]
	}
	t := fn.TypeAt(in.Owner)
	if in.Op != unit.OpFieldAddr && in.Op != unit.OpField || t == nil {
		return "", "", ""
	}
	return t.Pkg, t.Name, in.Str
}

// behind reports whether a block runs only where the request is one that is asked
// for, or one of those that the same branch is taken for: case "/a", "/b".
func behind(fn *link.Func, a *asked, block int32) bool {
	if holds(fn, a, block) {
		return true
	}
	if a.negated {
		return false
	}
	for b := range fn.Blocks {
		blk := &fn.Blocks[b]
		if blk.To == blk.From {
			continue
		}
		if in := &fn.Instrs[blk.To-1]; in.Op == unit.OpIf && in.Args[0] == unit.Ref(a.at) && fn.Dominates(blk.Succs[0], block) {
			return true
		}
	}
	return false
}

// holds reports whether a block runs only where the request is the one asked for.
func holds(fn *link.Func, a *asked, block int32) bool {
	for _, g := range fn.Gates(block) {
		if implies(fn, fn.Instrs[g.If].Args[0], g.Edge == 0, a, 0) {
			return true
		}
	}
	return false
}

// maxJoined is how many conditions in a row are joined with && and || at most.
const maxJoined = 8

// implies reports whether the request is the one asked for when a condition is true,
// or when it is not: the condition itself, or "x && y" that holds, "x || y" that does
// not.
func implies(fn *link.Func, cond unit.Ref, yes bool, a *asked, depth int) bool {
	if cond < 0 || depth > maxJoined {
		return false
	}
	if cond == unit.Ref(a.at) {
		return yes != a.negated
	}
	in := &fn.Instrs[cond]
	switch in.Op {
	case unit.OpNot:
		return implies(fn, in.Args[0], !yes, a, depth+1)
	case unit.OpPhi:
		last := unit.NoRef
		for _, r := range in.Args {
			switch {
			case r < 0 && fn.Leaves[^r].Kind == unit.LeafConst && fn.Leaves[^r].Const == unit.ConstBool:
				if (fn.Leaves[^r].Str == "true") == yes {
					return false // it may be this one
				}
			case r < 0 || last != unit.NoRef:
				return false
			default:
				last = r
			}
		}
		if last == unit.NoRef {
			return false
		}
		if implies(fn, last, yes, a, depth+1) {
			return true
		}
		for _, g := range fn.Gates(fn.Instrs[last].Block) {
			if implies(fn, fn.Instrs[g.If].Args[0], g.Edge == 0, a, depth+1) {
				return true
			}
		}
	}
	return false
}

// target says what a call calls: the function, or the method and the place of what
// it is called on.
func target(fn *link.Func, call *unit.Instr) string {
	c := fn.Callee(call)
	name := ""
	if c != nil {
		name = c.Sym + "." + c.Name
		if c.Kind == unit.CallStatic {
			return name
		}
	}
	on := call.Args[0]
	for on >= 0 {
		in := &fn.Instrs[on]
		switch in.Op {
		case unit.OpFieldAddr, unit.OpField:
			return name + " of " + in.Str
		case unit.OpLoad, unit.OpIface, unit.OpConvert:
			on = in.Args[0]
		default:
			return name
		}
	}
	if on == unit.NoRef {
		return name
	}
	l := &fn.Leaves[^on]
	return name + " of " + l.Str + itoa(int(l.Kind)) + " " + itoa(int(l.N))
}
