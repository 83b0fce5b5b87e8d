// Package directive reads idemlint's directives from the comments of Go files
// and says what each stands on:
//
//	//idemlint:ignore RULE reason        the finding is accepted
//	//idemlint:guarded-by NAME reason    a guard that the code does not show
//	//idemlint:idempotent reason         the function may run twice
//	//nolint:idemlint // reason          golangci-lint's form
//
// A directive stands at the end of a line, or alone on the line above a
// statement, an element of a route table, a field or a declaration. The
// package knows nothing of endpoints: whether the place is one where a
// directive counts is for the caller to judge.
package directive

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/spell"
)

// Kind is what a directive says.
type Kind uint8

// The kinds of directive.
const (
	Ignore Kind = iota + 1
	GuardedBy
	Idempotent
	Nolint
)

// String returns the directive as it is written, without arguments.
func (k Kind) String() string {
	switch k {
	case Ignore:
		return "//idemlint:ignore"
	case GuardedBy:
		return "//idemlint:guarded-by"
	case Idempotent:
		return "//idemlint:idempotent"
	case Nolint:
		return "//nolint:idemlint"
	}
	return "//idemlint:?"
}

// form is the directive with its arguments.
func (k Kind) form() string {
	switch k {
	case Ignore:
		return k.String() + " RULE REASON"
	case GuardedBy:
		return k.String() + " NAME REASON"
	}
	return k.String() + " REASON"
}

// Target is the kind of thing that a directive stands on.
type Target uint8

// The targets.
const (
	// OnFunc is the declaration of a function or method: on the lines of its
	// signature or directly above.
	OnFunc Target = iota + 1
	// OnStatement is a statement, of a compound one its header.
	OnStatement
	// OnElement is an element of a composite literal, such as a route table's.
	OnElement
	// OnField is a field of a struct or a method of an interface.
	OnField
	// OnDecl is a declaration of variables, constants, types or imports.
	OnDecl
	// OnLines is whatever stands on the lines, golangci-lint's rule for its
	// directive nolint.
	OnLines
)

// Directive is one directive of a file.
type Directive struct {
	Kind Kind
	// Rules are those that an ignore names, in the order written.
	Rules []string
	// Name is the guard of a guarded-by.
	Name string
	// Reason is what the author gave; only a nolint may lack it.
	Reason string
	// Named says that a nolint names idemlint and not only all linters.
	Named bool

	// Pos and End delimit the comment; Position is Pos resolved, with //line
	// comments heeded, as all lines below.
	Pos, End token.Pos
	Position token.Position

	// Target says what the directive stands on.
	Target Target
	// Func is the function whose declaration it stands on, as symbols name
	// functions within their package: F, (T).M or (*T).M. Else "".
	Func string
	// From and To are the first and the last line of what it stands on.
	From, To int
	// OwnLine says that the directive stands alone on its line.
	OwnLine bool

	bodies []lines // of functions within, which the directive does not reach
}

// lines is a range of lines, both ends included.
type lines struct{ from, to int }

// Covers says whether the directive counts for a finding on a line of its
// file. It reaches what it stands on, without the bodies of functions in it
// that span lines: a directive above r.Route("/a", func(r) {…}) is none for
// the routes inside. A nolint reaches everything, as golangci-lint has it.
func (d *Directive) Covers(line int) bool {
	if line < d.From || line > d.To {
		return false
	}
	return !slices.ContainsFunc(d.bodies, func(b lines) bool { return b.from <= line && line <= b.to })
}

// Problem is a directive that cannot count, with a sentence that says what to
// write instead.
type Problem struct {
	Pos, End token.Pos      // of the comment
	Position token.Position // of Pos, with //line comments heeded
	Text     string
}

// Parse reads the directives of a file, which must have been parsed with its
// comments, in the order of their positions, and what is wrong with others.
// Rules are the names of the rules there are.
func Parse(fset *token.FileSet, file *ast.File, rules []string) ([]Directive, []Problem) {
	p := &fileParser{fset: fset, file: file, rules: rules}
	for _, group := range file.Comments {
		for _, c := range group.List {
			p.comment(group, c)
		}
	}
	return p.directives, p.problems
}

// fileParser collects the directives of one file.
type fileParser struct {
	fset       *token.FileSet
	file       *ast.File
	rules      []string
	code       *layout // made for the first directive: most files have none
	directives []Directive
	problems   []Problem
}

const prefix = "//idemlint:"

// almost finds a comment that was meant for a directive but is written in
// another way.
var almost = regexp.MustCompile(`^(//|/\*)\s*(?i:idemlint)\s*[: ]\s*(ignore|guarded-by|idempotent)(?:\s|\*/|$)`)

// inner finds a comment within a comment.
var inner = regexp.MustCompile(`[ \t]//`)

var kinds = map[string]Kind{"ignore": Ignore, "guarded-by": GuardedBy, "idempotent": Idempotent}

// verbs are the keys of kinds, in the order of the documentation.
var verbs = []string{"ignore", "guarded-by", "idempotent"}

// comment reads one comment.
func (p *fileParser) comment(group *ast.CommentGroup, c *ast.Comment) {
	if text, ok := strings.CutPrefix(c.Text, prefix); ok && !strings.HasPrefix(text, " ") {
		d, problem := parseText(text, p.rules)
		if problem == "" {
			problem = p.place(&d, group, c)
		}
		p.add(c, d, problem)
	} else if m := almost.FindStringSubmatch(c.Text); m != nil {
		p.add(c, Directive{}, misspelt(m[1], kinds[m[2]]))
	} else if d, ok := parseNolint(c.Text); ok {
		p.layout().reachLines(&d, group)
		p.add(c, d, "")
	}
}

// add keeps a directive, or the problem that keeps it from counting.
func (p *fileParser) add(c *ast.Comment, d Directive, problem string) {
	position := p.fset.Position(c.Pos())
	if problem != "" {
		p.problems = append(p.problems, Problem{c.Pos(), c.End(), position, problem})
		return
	}
	d.Pos, d.End, d.Position = c.Pos(), c.End(), position
	p.directives = append(p.directives, d)
}

// layout returns where the file's code stands.
func (p *fileParser) layout() *layout {
	if p.code == nil {
		p.code = newLayout(p.fset, p.file)
	}
	return p.code
}

// place finds what a directive stands on, or says what is wrong with the
// place.
func (p *fileParser) place(d *Directive, group *ast.CommentGroup, c *ast.Comment) string {
	found := p.layout().stand(d, group, c)
	switch {
	case d.Kind == Idempotent && (!found || d.Target != OnFunc):
		return d.Kind.String() + " stands on no function's declaration; move it directly above the func that may run twice"
	case !found:
		return d.Kind.String() + " stands on no code; put it at the end of the registration's line, alone on the line above it, or directly above the handler's declaration"
	}
	return ""
}

// misspelt says how a directive is written.
func misspelt(opening string, k Kind) string {
	if opening == "/*" {
		return "a directive is a line comment; write " + k.form()
	}
	return "a directive begins with //idemlint: and has no space before its verb; write " + k.form()
}

// parseText reads what follows the prefix, up to another comment within the
// comment. The second result says what is wrong, "" when nothing is.
func parseText(text string, rules []string) (Directive, string) {
	if i := inner.FindStringIndex(text); i != nil {
		text = text[:i[0]]
	}
	verb, rest := cutWord(text)
	kind, ok := kinds[verb]
	if !ok {
		hint := spell.Hint(verb, verbs)
		if hint == "" {
			hint = "; write " + Ignore.form() + ", " + GuardedBy.form() + " or " + Idempotent.form()
		}
		return Directive{}, "unknown directive \"" + verb + "\"" + hint
	}
	d := Directive{Kind: kind}
	written := kind.String()
	switch kind {
	case Ignore:
		var list string
		list, rest = cutWord(rest)
		if problem := d.setRules(list, rules); problem != "" {
			return d, problem
		}
		written += " " + list
	case GuardedBy:
		d.Name, rest = cutWord(rest)
		if d.Name == "" {
			return d, written + " names no guard; write " + kind.form()
		}
		written += " " + d.Name
	}
	if d.Reason = strings.TrimSpace(rest); d.Reason == "" {
		return d, written + " gives no reason; write " + written + " REASON"
	}
	return d, ""
}

// setRules reads the rules of an ignore, one or several with commas.
func (d *Directive) setRules(list string, rules []string) string {
	if list == "" {
		return Ignore.String() + " names no rule; write " + Ignore.form()
	}
	d.Rules = strings.Split(list, ",")
	for _, r := range d.Rules {
		if slices.Contains(rules, r) {
			continue
		}
		hint := spell.Hint(r, rules)
		if hint == "" {
			hint = "; write " + Ignore.form() + ", `idemlint explain` lists the rules"
		}
		return Ignore.String() + " names the unknown rule \"" + r + "\"" + hint
	}
	return ""
}

// cutWord returns the first word of a text and the rest.
func cutWord(text string) (word, rest string) {
	text = strings.TrimSpace(text)
	if i := strings.IndexAny(text, " \t"); i >= 0 {
		return text[:i], text[i:]
	}
	return text, ""
}

// parseNolint reads golangci-lint's directive when it speaks to idemlint: it
// names idemlint, all, or no linter at all. As there, spaces after the slashes
// do not matter.
func parseNolint(text string) (Directive, bool) {
	rest, ok := strings.CutPrefix(strings.TrimLeft(text, "/ "), "nolint")
	if !ok || rest != "" && rest[0] != ' ' && rest[0] != ':' {
		return Directive{}, false
	}
	list, reason, _ := strings.Cut(rest, "//")
	d := Directive{Kind: Nolint, Reason: strings.TrimSpace(reason)}
	list, ok = strings.CutPrefix(list, ":")
	if !ok {
		return d, true
	}
	all := strings.HasPrefix(list, "all")
	for _, linter := range strings.Split(list, ",") {
		switch strings.ToLower(strings.TrimSpace(linter)) {
		case "idemlint":
			d.Named = true
		case "all":
			all = true
		}
	}
	return d, d.Named || all
}

// SaysIdempotent reports whether the comment above a function's declaration
// has the directive idempotent, with its reason.
func SaysIdempotent(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool {
		text, ok := strings.CutPrefix(c.Text, prefix)
		if !ok {
			return false
		}
		d, problem := parseText(text, nil)
		return problem == "" && d.Kind == Idempotent
	})
}
