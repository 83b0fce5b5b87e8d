package directive

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var rules = []string{"missing-key", "late-claim", "no-replay"}

// parseSource parses a file called f.go.
func parseSource(t *testing.T, src string) ([]Directive, []Problem) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "f.go", src, parser.ParseComments|parser.SkipObjectResolution)
	require.NoError(t, err)
	return Parse(fset, file, rules)
}

// inFunc puts lines into a function's body; the first is line 4 of the file.
func inFunc(body string) string {
	return "package p\n\nfunc routes() {\n" + body + "\n}\n"
}

func TestArguments(t *testing.T) {
	ds, problems := parseSource(t, `package p

//idemlint:ignore missing-key callers never retry
//idemlint:ignore late-claim,no-replay   two  rules // another comment
//idemlint:guarded-by gateway/dedupe the edge deduplicates
//idemlint:idempotent it sets a state	// want "x"
//nolint:errcheck,IdemLint // accepted
func F() {}
`)
	require.Empty(t, problems)
	require.Len(t, ds, 5)
	require.Equal(t, Ignore, ds[0].Kind)
	require.Equal(t, []string{"missing-key"}, ds[0].Rules)
	require.Equal(t, "callers never retry", ds[0].Reason)
	require.Equal(t, "f.go:3:1", ds[0].Position.String())
	require.Equal(t, len("//idemlint:ignore missing-key callers never retry"), int(ds[0].End-ds[0].Pos))
	require.Equal(t, []string{"late-claim", "no-replay"}, ds[1].Rules)
	require.Equal(t, "two  rules", ds[1].Reason)
	require.Equal(t, GuardedBy, ds[2].Kind)
	require.Equal(t, "gateway/dedupe", ds[2].Name)
	require.Equal(t, "the edge deduplicates", ds[2].Reason)
	require.Equal(t, Idempotent, ds[3].Kind)
	require.Equal(t, "it sets a state", ds[3].Reason)
	require.Equal(t, Nolint, ds[4].Kind)
	require.True(t, ds[4].Named)
	require.Equal(t, "accepted", ds[4].Reason)
	for _, d := range ds[:4] {
		require.Equal(t, OnFunc, d.Target)
		require.Equal(t, "F", d.Func)
		require.Equal(t, 8, d.From)
		require.True(t, d.OwnLine)
	}
}

// TestProblems asserts every message with its position.
func TestProblems(t *testing.T) {
	const place = " stands on no code; put it at the end of the registration's line, alone on the line above it, or directly above the handler's declaration"
	const noFunc = "//idemlint:idempotent stands on no function's declaration; move it directly above the func that may run twice"
	for name, tc := range map[string]struct{ src, want string }{
		"unknown verb, near":    {"//idemlint:ignroe missing-key r\nfunc F() {}", `f.go:3:1 unknown directive "ignroe"; did you mean "ignore"?`},
		"unknown verb, far":     {"//idemlint:waive r\nfunc F() {}", `f.go:3:1 unknown directive "waive"; write //idemlint:ignore RULE REASON, //idemlint:guarded-by NAME REASON or //idemlint:idempotent REASON`},
		"no verb":               {"//idemlint:\nfunc F() {}", `f.go:3:1 unknown directive ""; write //idemlint:ignore RULE REASON, //idemlint:guarded-by NAME REASON or //idemlint:idempotent REASON`},
		"no rule":               {"//idemlint:ignore\nfunc F() {}", `f.go:3:1 //idemlint:ignore names no rule; write //idemlint:ignore RULE REASON`},
		"unknown rule, near":    {"//idemlint:ignore mising-key r\nfunc F() {}", `f.go:3:1 //idemlint:ignore names the unknown rule "mising-key"; did you mean "missing-key"?`},
		"unknown rule, far":     {"//idemlint:ignore because r\nfunc F() {}", "f.go:3:1 //idemlint:ignore names the unknown rule \"because\"; write //idemlint:ignore RULE REASON, `idemlint explain` lists the rules"},
		"unknown second rule":   {"//idemlint:ignore late-claim,no-repaly r\nfunc F() {}", `f.go:3:1 //idemlint:ignore names the unknown rule "no-repaly"; did you mean "no-replay"?`},
		"empty second rule":     {"//idemlint:ignore late-claim, r\nfunc F() {}", "f.go:3:1 //idemlint:ignore names the unknown rule \"\"; write //idemlint:ignore RULE REASON, `idemlint explain` lists the rules"},
		"ignore without reason": {"//idemlint:ignore missing-key\nfunc F() {}", `f.go:3:1 //idemlint:ignore missing-key gives no reason; write //idemlint:ignore missing-key REASON`},
		"reason in a comment":   {"//idemlint:ignore missing-key // r\nfunc F() {}", `f.go:3:1 //idemlint:ignore missing-key gives no reason; write //idemlint:ignore missing-key REASON`},
		"no guard":              {"//idemlint:guarded-by\nfunc F() {}", `f.go:3:1 //idemlint:guarded-by names no guard; write //idemlint:guarded-by NAME REASON`},
		"guard without reason":  {"//idemlint:guarded-by mesh \nfunc F() {}", `f.go:3:1 //idemlint:guarded-by mesh gives no reason; write //idemlint:guarded-by mesh REASON`},
		"idempotent, no reason": {"//idemlint:idempotent\nfunc F() {}", `f.go:3:1 //idemlint:idempotent gives no reason; write //idemlint:idempotent REASON`},
		"space":                 {"// idemlint:ignore missing-key r\nfunc F() {}", `f.go:3:1 a directive begins with //idemlint: and has no space before its verb; write //idemlint:ignore RULE REASON`},
		"space after the colon": {"//idemlint: guarded-by mesh r\nfunc F() {}", `f.go:3:1 a directive begins with //idemlint: and has no space before its verb; write //idemlint:guarded-by NAME REASON`},
		"no colon":              {"//idemlint idempotent r\nfunc F() {}", `f.go:3:1 a directive begins with //idemlint: and has no space before its verb; write //idemlint:idempotent REASON`},
		"upper case":            {"//Idemlint:idempotent r\nfunc F() {}", `f.go:3:1 a directive begins with //idemlint: and has no space before its verb; write //idemlint:idempotent REASON`},
		"block comment":         {"/* idemlint:idempotent */\nfunc F() {}", `f.go:3:1 a directive is a line comment; write //idemlint:idempotent REASON`},
		"block, no space":       {"/*idemlint:ignore missing-key r*/\nfunc F() {}", `f.go:3:1 a directive is a line comment; write //idemlint:ignore RULE REASON`},
		"blank line below":      {"//idemlint:ignore missing-key r\n\nfunc F() {}", "f.go:3:1 //idemlint:ignore" + place},
		"end of file":           {"func F() {}\n\n//idemlint:guarded-by mesh r\n", "f.go:5:1 //idemlint:guarded-by" + place},
		"end of block":          {"func F() {\n\tg()\n\t//idemlint:ignore missing-key r\n}", "f.go:5:2 //idemlint:ignore" + place},
		"end of a literal":      {"func F() {\n\tg(func() {\n\t\t//idemlint:ignore missing-key r\n\t})\n}", "f.go:5:3 //idemlint:ignore" + place},
		"after a block":         {"func F() {\n\tif x {\n\t} //idemlint:ignore missing-key r\n}", "f.go:5:4 //idemlint:ignore" + place},
		"after a function":      {"func F() {\n} //idemlint:ignore missing-key r", "f.go:4:3 //idemlint:ignore" + place},
		"blank line in a body":  {"func F() {\n\t//idemlint:ignore missing-key r\n\n\tg()\n}", "f.go:4:2 //idemlint:ignore" + place},
		"idempotent on a call":  {"func F() {\n\tg() //idemlint:idempotent r\n}", "f.go:4:6 " + noFunc},
		"idempotent on a type":  {"//idemlint:idempotent r\ntype T int", "f.go:3:1 " + noFunc},
		"idempotent, interface": {"type I interface {\n\t//idemlint:idempotent r\n\tM()\n}", "f.go:4:2 " + noFunc},
		"idempotent on nothing": {"//idemlint:idempotent r\n", "f.go:3:1 " + noFunc},
		"problem with //line":   {"//line other.go:10\n//idemlint:idempotent\nfunc F() {}", `other.go:10 //idemlint:idempotent gives no reason; write //idemlint:idempotent REASON`},
		"problem of a file's":   {"//idemlint:ignore missing-key r\nimport \"C\"\n\n//idemlint:x\n", `f.go:6:1 unknown directive "x"; write //idemlint:ignore RULE REASON, //idemlint:guarded-by NAME REASON or //idemlint:idempotent REASON`},
	} {
		t.Run(name, func(t *testing.T) {
			_, problems := parseSource(t, "package p\n\n"+tc.src+"\n")
			require.Len(t, problems, 1)
			p := problems[0]
			position := p.Position
			require.Equal(t, tc.want, strings.TrimSpace(position.String()+" "+p.Text))
			require.Greater(t, p.End, p.Pos)
		})
	}
}

func TestProblemBesidePackageClause(t *testing.T) {
	for _, src := range []string{
		"//idemlint:ignore missing-key r\npackage p\n",
		"package p //idemlint:ignore missing-key r\n",
		"package p\n//idemlint:ignore missing-key r",
	} {
		ds, problems := parseSource(t, src)
		require.Empty(t, ds)
		require.Len(t, problems, 1, src)
		require.Contains(t, problems[0].Text, "stands on no code")
	}
}

func TestNoDirectives(t *testing.T) {
	ds, problems := parseSource(t, `// Package p speaks of idemlint.
package p

// idemlint is a linter: idempotency matters.
// idemlint:ignored is no verb, nor is idemlint:ignore here.
// See //idemlint:ignore for the form.
//nolint:errcheck,gosec // not ours
//nolinting is no directive
/* idemlint reads it */
func F() {} // idemlint
`)
	require.Empty(t, ds)
	require.Empty(t, problems)
}

func TestNolint(t *testing.T) {
	for text, named := range map[string]bool{
		"//nolint":                       false,
		"// nolint":                      false,
		"//nolint // why":                false,
		"//nolint:all":                   false,
		"//nolint:gosec,all":             false,
		"//nolint:idemlint":              true,
		"// nolint: gosec , idemlint":    true,
		"//nolint:idemlint,gosec // why": true,
	} {
		ds, problems := parseSource(t, "package p\n\nvar x = 1 "+text+"\n")
		require.Empty(t, problems)
		require.Len(t, ds, 1, text)
		require.Equal(t, Nolint, ds[0].Kind)
		require.Equal(t, named, ds[0].Named, text)
		require.Equal(t, OnLines, ds[0].Target)
		require.False(t, ds[0].OwnLine)
		require.Equal(t, strings.Contains(text, "why"), ds[0].Reason == "why")
	}
}

func TestNolintReach(t *testing.T) {
	for name, tc := range map[string]struct {
		src      string
		from, to int
	}{
		"line":               {"func F() {\n\tg() //nolint\n\tg()\n}", 4, 4},
		"above a statement":  {"func F() {\n\t//nolint\n\tg(func() {\n\t\th()\n\t})\n}", 4, 7},
		"other column":       {"func F() {\n//nolint\n\tg()\n}", 4, 4},
		"above a function":   {"//nolint\n// F is.\nfunc F() {\n\tg()\n}", 3, 7},
		"first line of func": {"func F() { //nolint\n\tg()\n}", 3, 3},
	} {
		ds, _ := parseSource(t, "package p\n\n"+tc.src+"\n")
		require.Len(t, ds, 1, name)
		require.Equal(t, [2]int{tc.from, tc.to}, [2]int{ds[0].From, ds[0].To}, name)
	}
	ds, _ := parseSource(t, "//nolint:idemlint\npackage p\n\nvar x = 1\n")
	require.Equal(t, [2]int{1, 4}, [2]int{ds[0].From, ds[0].To}, "above the package clause it reaches the file")
	require.True(t, ds[0].OwnLine)
}

// TestPlace asserts what a directive stands on and which lines it covers.
func TestPlace(t *testing.T) {
	const d = "//idemlint:ignore missing-key r"
	for name, tc := range map[string]struct {
		src    string
		target Target
		covers []int
		fn     string
		own    bool
	}{
		"end of a statement":        {inFunc("\tr.Post(p, h) " + d + "\n\tr.Put(p, h)"), OnStatement, []int{4}, "", false},
		"above a statement":         {inFunc("\t" + d + "\n\tr.Post(p, h)\n\tr.Put(p, h)"), OnStatement, []int{5}, "", true},
		"above, with prose":         {inFunc("\t" + d + "\n\t// why\n\tr.Post(p, h)"), OnStatement, []int{6}, "", true},
		"prose above":               {inFunc("\t// why\n\t" + d + "\n\tr.Post(p, h)"), OnStatement, []int{6}, "", true},
		"above an assignment":       {inFunc("\t" + d + "\n\te := r.Post(p, h)"), OnStatement, []int{5}, "", true},
		"call over lines, above":    {inFunc("\t" + d + "\n\tr.Post(\n\t\tp,\n\t\th,\n\t)"), OnStatement, []int{5, 6, 7, 8}, "", true},
		"call over lines, first":    {inFunc("\tr.Post( " + d + "\n\t\tp,\n\t\th,\n\t)"), OnStatement, []int{4, 5, 6, 7}, "", false},
		"call over lines, argument": {inFunc("\tr.Post(\n\t\tp, " + d + "\n\t\th,\n\t)"), OnStatement, []int{4, 5, 6, 7}, "", false},
		"call over lines, between":  {inFunc("\tr.Post(\n\t\tp,\n\t\t" + d + "\n\t\th,\n\t)"), OnStatement, []int{4, 5, 6, 7, 8}, "", true},
		"call over lines, last":     {inFunc("\tr.Post(\n\t\tp,\n\t\th,\n\t) " + d), OnStatement, []int{4, 5, 6, 7}, "", false},
		"chain":                     {inFunc("\tr.Path(p).\n\t\tMethods(m). " + d + "\n\t\tHandler(h)"), OnStatement, []int{4, 5, 6}, "", false},
		"above a link of a chain":   {inFunc("\tr.Path(p).\n\t\t" + d + "\n\t\tHandler(h)"), OnStatement, []int{4, 5, 6}, "", true},
		"above an inline handler":   {inFunc("\t" + d + "\n\tr.Post(p, func() {\n\t\tg()\n\t\tg()\n\t})"), OnStatement, []int{5, 8}, "", true},
		"end of an inline handler":  {inFunc("\tr.Post(p, func() {\n\t\tg()\n\t}) " + d), OnStatement, []int{4, 6}, "", false},
		"handler in a variable":     {inFunc("\t" + d + "\n\th := func() {\n\t\tg()\n\t}"), OnStatement, []int{5, 7}, "", true},
		"within an inline handler":  {inFunc("\tr.Post(p, func() {\n\t\tg() " + d + "\n\t\tg()\n\t})"), OnStatement, []int{5}, "", false},
		"inline on one line":        {inFunc("\tr.Post(p, func() { g() }) " + d), OnStatement, []int{4}, "", false},
		"group":                     {inFunc("\t" + d + "\n\tr.Route(p, func(r R) {\n\t\tr.Post(p, h)\n\t})"), OnStatement, []int{5, 7}, "", true},
		"if's header":               {inFunc("\tif err := r.Post(p, h); err != nil { " + d + "\n\t\tg()\n\t}"), OnStatement, []int{4}, "", false},
		"above an if":               {inFunc("\t" + d + "\n\tif err := r.Post(p, func() {\n\t\tg()\n\t}); err != nil {\n\t\tg()\n\t}"), OnStatement, []int{5, 7}, "", true},
		"for":                       {inFunc("\t" + d + "\n\tfor range x {\n\t\tg()\n\t}"), OnStatement, []int{5}, "", true},
		"for with a condition":      {inFunc("\tfor x { " + d + "\n\t\tg()\n\t}"), OnStatement, []int{4}, "", false},
		"switch":                    {inFunc("\tswitch x { " + d + "\n\tcase 1:\n\t}"), OnStatement, []int{4}, "", false},
		"type switch":               {inFunc("\tswitch x.(type) { " + d + "\n\tcase int:\n\t}"), OnStatement, []int{4}, "", false},
		"case":                      {inFunc("\tswitch x {\n\tcase 1: " + d + "\n\t\tg()\n\t}"), OnStatement, []int{5}, "", false},
		"select":                    {inFunc("\tselect { " + d + "\n\tcase <-x:\n\t}"), OnStatement, []int{4}, "", false},
		"select's case":             {inFunc("\tselect {\n\tcase <-x: " + d + "\n\t\tg()\n\t}"), OnStatement, []int{5}, "", false},
		"label":                     {inFunc("\t" + d + "\nL:\n\tg()"), 0, nil, "", true},
		"row of a table":            {"package p\n\nvar t = []R{\n\t{m, p, h}, " + d + "\n\t{m, p, h},\n}\n", OnElement, []int{4}, "", false},
		"above a row":               {"package p\n\nvar t = []R{\n\t" + d + "\n\t{m, p, h},\n\t{m, p, h},\n}\n", OnElement, []int{5}, "", true},
		"row over lines, above":     {"package p\n\nvar t = []R{\n\t" + d + "\n\t{\n\t\tM: m,\n\t\tH: h,\n\t},\n}\n", OnElement, []int{5, 6, 7, 8}, "", true},
		"row over lines, field":     {"package p\n\nvar t = []R{\n\t{\n\t\tM: m, " + d + "\n\t\tH: h,\n\t},\n}\n", OnElement, []int{4, 5, 6, 7}, "", false},
		"row over lines, last":      {"package p\n\nvar t = []R{\n\t{\n\t\tM: m,\n\t\tH: h,\n\t}, " + d + "\n}\n", OnElement, []int{4, 5, 6, 7}, "", false},
		"row of a named table":      {"package p\n\nvar t = Rs{\n\t&R{m, p, h}, " + d + "\n\tR{m, p, h},\n}\n", OnElement, []int{4}, "", false},
		"row made by a call":        {"package p\n\nvar t = Rs{\n\tPost(p, h), " + d + "\n\tPut(p, h),\n}\n", OnElement, []int{4}, "", false},
		"row of a map":              {"package p\n\nvar t = map[string]H{\n\tp: h, " + d + "\n\tq: h,\n}\n", OnElement, []int{4}, "", false},
		"row of a named map":        {"package p\n\nvar t = M{\n\t\"/a\": h, " + d + "\n\t\"/b\": h,\n}\n", OnElement, []int{4}, "", false},
		"field of a struct literal": {"package p\n\nvar s = S{\n\tA: h, " + d + "\n\tB: h,\n}\n", OnDecl, []int{3, 4, 5, 6}, "", false},
		"row with a closure":        {"package p\n\nvar t = []R{\n\t" + d + "\n\t{m, func() {\n\t\tg()\n\t}},\n}\n", OnElement, []int{5, 7}, "", true},
		"field":                     {"package p\n\ntype T struct {\n\tH http.Handler " + d + "\n\tX int\n}\n", OnField, []int{4}, "", false},
		"method of an interface":    {"package p\n\ntype I interface {\n\t" + d + "\n\tM()\n}\n", OnField, []int{5}, "", true},
		"variable":                  {"package p\n\n" + d + "\nvar h = g()\n", OnDecl, []int{4}, "", true},
		"one of several variables":  {"package p\n\nvar (\n\ta = 1\n\tb = 2 " + d + "\n)\n", OnDecl, []int{5}, "", false},
		"local variable":            {inFunc("\t" + d + "\n\tvar x = g()"), OnStatement, []int{5}, "", true},
		"above a function":          {"package p\n\n" + d + "\nfunc F() {\n\tg()\n}\n", OnFunc, []int{4}, "F", true},
		"in a doc comment":          {"package p\n\n// F is.\n" + d + "\n//\n// More.\nfunc F() {\n\tg()\n}\n", OnFunc, []int{7}, "F", true},
		"end of a signature":        {"package p\n\nfunc F() { " + d + "\n\tg()\n}\n", OnFunc, []int{3}, "F", false},
		"signature over lines":      {"package p\n\nfunc F(\n\ta int, " + d + "\n) {\n\tg()\n}\n", OnFunc, []int{3, 4, 5}, "F", false},
		"function on one line":      {"package p\n\nfunc F() { g() } " + d + "\n", OnFunc, []int{3}, "F", false},
		"function without body":     {"package p\n\n" + d + "\nfunc F()\n", OnFunc, []int{4}, "F", true},
		"method":                    {"package p\n\n" + d + "\nfunc (h *Handler) Create() {}\n", OnFunc, []int{4}, "(*Handler).Create", true},
		"method of a value":         {"package p\n\n" + d + "\nfunc (Handler) Create() {}\n", OnFunc, []int{4}, "(Handler).Create", true},
		"method of a generic type":  {"package p\n\n" + d + "\nfunc (s *Store[T]) Put() {}\n", OnFunc, []int{4}, "(*Store).Put", true},
		"two type parameters":       {"package p\n\n" + d + "\nfunc (s (*Store[K, V])) Put() {}\n", OnFunc, []int{4}, "(*Store).Put", true},
		"with //line":               {"package p\n\n//line f.go:50\n\n" + d + "\nfunc F() {}\n", OnFunc, []int{52}, "F", true},
	} {
		t.Run(name, func(t *testing.T) {
			ds, problems := parseSource(t, tc.src)
			if tc.target == 0 {
				require.Empty(t, ds)
				require.Len(t, problems, 1)
				return
			}
			require.Empty(t, problems)
			require.Len(t, ds, 1)
			require.Equal(t, tc.target, ds[0].Target)
			require.Equal(t, tc.fn, ds[0].Func)
			require.Equal(t, tc.own, ds[0].OwnLine)
			var covers []int
			for line := range 100 {
				if ds[0].Covers(line) {
					covers = append(covers, line)
				}
			}
			require.Equal(t, tc.covers, covers)
			require.Equal(t, tc.covers[0], ds[0].From)
			require.Equal(t, tc.covers[len(tc.covers)-1], ds[0].To)
		})
	}
}

func TestKindString(t *testing.T) {
	for k, want := range map[Kind]string{
		Ignore: "//idemlint:ignore", GuardedBy: "//idemlint:guarded-by", Idempotent: "//idemlint:idempotent",
		Nolint: "//nolint:idemlint", 0: "//idemlint:?",
	} {
		require.Equal(t, want, k.String())
	}
}

// TestSaysIdempotent: the directive counts with its reason only, and among
// other lines of the comment.
func TestSaysIdempotent(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"//idemlint:idempotent it sets a state": true,
		"//idemlint:idempotent":                 false,
		"//idemlint:idempotent  ":               false,
		"// idemlint:idempotent it sets":        false,
		"//idemlint:ignore missing-key a state": false,
	} {
		doc := &ast.CommentGroup{List: []*ast.Comment{{Text: "// Set sets."}, {Text: text}}}
		require.Equal(t, want, SaysIdempotent(doc), text)
	}
	require.False(t, SaysIdempotent(nil))
}
