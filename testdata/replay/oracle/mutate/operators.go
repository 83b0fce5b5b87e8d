package mutate

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
)

var (
	acts  = []trial.Name{trial.ActsAgain, trial.ActsAgainPartly}
	races = []trial.Name{trial.ActsTwiceAtOnce, trial.ActsAgain, trial.ActsAgainPartly}
	open  = []trial.Name{trial.FailsOpen, trial.LostOnError}
	stuck = []trial.Name{trial.StuckAfterError, trial.StuckAfterPanic, trial.LostOnError, trial.LostAfterCrash}

	// noClaim are the rules for an endpoint that reads a key and claims none.
	noClaim = []string{"key-unused", "missing-key", "event-without-dedupe", "key-not-claimed"}
)

// Operators lists the ways to break a guard.
func Operators() []*Operator {
	return []*Operator{
		{Name: "claim-dropped", What: "the claim and its tests are gone", Symptoms: acts, Rules: noClaim, apply: dropClaim},
		{Name: "claim-in-vain", What: "SetNX becomes Set, an insert an upsert, a condition is dropped", Symptoms: races,
			Rules: append([]string{"claim-result-ignored", "check-then-act"}, noClaim...), apply: unconditional},
		{Name: "branch-dropped", What: "the outcome of the claim is not tested", Symptoms: acts, Rules: []string{"claim-result-ignored"}, apply: dropBranch},
		{Name: "rows-ignored", What: "the claim says it won without looking at the rows", Symptoms: acts, Rules: []string{"claim-result-ignored"}, apply: ignoreRows},
		{Name: "return-dropped", What: "a duplicate is answered, and then served", Symptoms: acts, Rules: []string{"claim-result-ignored", "late-claim"}, apply: dropReturn},
		{Name: "error-dropped", What: "the store's error is assigned to _", Symptoms: open, Rules: []string{"claim-error-ignored"}, apply: dropError},
		{Name: "error-passed", What: "the store's error is logged, and the request served", Symptoms: open, Rules: []string{"claim-error-ignored"}, apply: passError},
		{Name: "duplicate-logged", What: "any error of the claim is logged, and the request served", Symptoms: append([]trial.Name{trial.FailsOpen}, acts...),
			Rules: []string{"claim-error-ignored", "claim-result-ignored"}, apply: logDuplicate},
		{Name: "effect-first", What: "the effect comes before the claim", Symptoms: acts, Rules: []string{"late-claim"}, apply: effectFirst},
		{Name: "effect-beside", What: "a goroutine started before the claim acts", Symptoms: acts, Rules: []string{"late-claim", "detached-effect"}, apply: effectBeside},
		{Name: "get-then-set", What: "a lookup and a write instead of an atomic claim", Symptoms: races, Rules: []string{"check-then-act"}, apply: getThenSet},
		{Name: "key-made-here", What: "the key is a uuid instead of the caller's", Symptoms: acts, Rules: []string{"server-made-key", "key-not-claimed"}, apply: makeKey},
		{Name: "claims-uuid", What: "the key is read, a uuid claimed", Symptoms: acts, Rules: []string{"key-not-claimed", "server-made-key", "key-unused"}, apply: claimUUID},
		{Name: "claims-constant", What: "the key is read, a constant claimed", Symptoms: []trial.Name{trial.SwallowsOthers, trial.SharedWithoutKey},
			Rules: []string{"key-not-claimed"}, apply: claimConstant},
		{Name: "empty-accepted", What: "a request without a key is served under the empty one", Symptoms: []trial.Name{trial.SharedWithoutKey},
			Rules: []string{"empty-key"}, apply: acceptEmpty},
		{Name: "expiry-dropped", What: "the record never expires", Symptoms: []trial.Name{trial.NeverExpires, trial.LostAfterCrash},
			Rules: []string{"no-expiry"}, apply: dropExpiry},
		{Name: "released-always", What: "the claim is given back after success too", Symptoms: acts,
			Rules: append([]string{"late-claim", "claim-leak"}, noClaim...), apply: releaseAlways},
		{Name: "release-dropped", What: "the claim is not given back after an error", Symptoms: stuck, Rules: []string{"claim-leak", "claim-outside-tx"}, apply: dropRelease},
		{Name: "release-on-error-only", What: "the claim is given back after errors, not after a panic", Symptoms: []trial.Name{trial.StuckAfterPanic},
			Rules: []string{"claim-leak", "claim-outside-tx"}, apply: releaseOnErrors},
		{Name: "duplicate-refused", What: "a duplicate gets an error instead of the first answer", Symptoms: []trial.Name{trial.OtherReply},
			Rules: []string{"no-replay"}, apply: refuse},
		{Name: "answer-not-kept", What: "the answer is not stored", Symptoms: []trial.Name{trial.OtherReply}, Rules: []string{"no-replay"}, apply: forget},
		{Name: "claim-outside-tx", What: "the claim is made outside of the effect's transaction",
			Symptoms: stuck, Rules: []string{"claim-outside-tx", "claim-leak"}, apply: outsideTx},
		{Name: "claim-in-memory", What: "the claim is made in the process's memory", Symptoms: []trial.Name{trial.ActsAfterRestart},
			Rules: []string{"weak-store"}, apply: inMemory},
		{Name: "effect-retried", What: "the effect is tried three times without a key", Symptoms: []trial.Name{trial.ActsInOneRequest},
			Rules: []string{"retried-effect", "key-per-attempt", "outbound-without-key"}, apply: retryEffect},
	}
}

// fresh is an expression for a value that nobody has had before.
const fresh = "uuid.NewString()"

var freshImport = []string{"github.com/google/uuid"}

func (g *guard) from(n ast.Node) int { return g.offset(n.Pos()) }
func (g *guard) to(n ast.Node) int   { return g.offset(n.End()) }

func (g *guard) replace(n ast.Node, text string) edit { return edit{g.from(n), g.to(n), text} }

func (g *guard) delete(n ast.Node) edit { return g.replace(n, "") }

func (g *guard) before(n ast.Node, text string) edit { return edit{g.from(n), g.from(n), text} }

// span is the source of the statements from list[i] to list[j-1].
func (g *guard) span(i, j int) string {
	return string(g.p.src[g.file][g.from(g.list[i]):g.to(g.list[j-1])])
}

// cutSpan deletes them.
func (g *guard) cutSpan(i, j int) edit { return edit{g.from(g.list[i]), g.to(g.list[j-1]), ""} }

// tested says whether anything is done with the claim's outcome.
func (g *guard) tested() bool {
	return len(g.errTests)+len(g.dupTests)+len(g.both) > 0 || g.cases != nil
}

func dropClaim(g *guard) []change {
	if !g.tested() || g.effect < 0 && g.init {
		return nil
	}
	c := change{edits: []edit{g.cutSpan(g.at, g.end)}}
	if g.err != nil {
		c.alt = []change{{edits: []edit{{g.from(g.list[g.at]), g.to(g.list[g.end-1]), "var " + g.err.Name + " error"}}}}
	}
	return []change{c}
}

var (
	nothing   = regexp.MustCompile(`(?i)\s+on conflict\s*(?:\(\s*(\w+)\s*\))?\s*do nothing`)
	condition = regexp.MustCompile(`ConditionExpression:\s*aws\.String\("[^"]*"\),?`)
	onClash   = regexp.MustCompile(`\.Clauses\(clause\.OnConflict\{DoNothing: true\}\)\.Create\(`)
)

func unconditional(g *guard) []change {
	text := g.text(g.call)
	switch {
	case g.kind == byRedis && g.method() == "SetNX" && g.won != nil && strings.HasSuffix(g.text(g.stmtCall()), ".Result()"):
		set := strings.Replace(g.text(g.stmtCall()), ".SetNX(", ".Set(", 1)
		return []change{{edits: g.assignText("status, " + g.errName() + " := " + set + "\n" + g.won.Name + ` := status == "OK"`)}}
	case g.kind == bySQL && nothing.MatchString(text):
		m := nothing.FindStringSubmatch(text)
		column := m[1]
		if column == "" {
			return nil
		}
		return []change{{edits: []edit{g.replace(g.call, nothing.ReplaceAllString(text, " ON CONFLICT ("+column+") DO UPDATE SET "+column+" = EXCLUDED."+column))}}}
	case g.kind == byDynamo && condition.MatchString(text):
		return []change{{edits: []edit{g.replace(g.call, condition.ReplaceAllString(text, ""))}}}
	case g.kind == byGorm && onClash.MatchString(text):
		return []change{{edits: []edit{g.replace(g.call, onClash.ReplaceAllString(text, ".Save("))}}}
	}
	return nil
}

// method is the name of the function that the claim calls.
func (g *guard) method() string {
	if s, ok := g.call.Fun.(*ast.SelectorExpr); ok {
		return s.Sel.Name
	}
	return ""
}

// stmtCall is the whole right side of the claim's assignment.
func (g *guard) stmtCall() ast.Expr {
	if s, ok := g.stmt.(*ast.IfStmt); ok {
		return s.Init.(*ast.AssignStmt).Rhs[0]
	}
	return g.stmt.(*ast.AssignStmt).Rhs[0]
}

func (g *guard) errName() string {
	if g.err != nil {
		return g.err.Name
	}
	return "err"
}

// assignText replaces the claim's assignment by statements.
func (g *guard) assignText(text string) []edit {
	if s, ok := g.stmt.(*ast.IfStmt); ok {
		return []edit{g.before(s, text+"\n"), {g.from(s.Init), g.from(s.Cond), ""}}
	}
	return []edit{g.replace(g.stmt, text)}
}

// leaving are the tests that keep a duplicate away by leaving the function.
func (g *guard) leaving() []*ast.IfStmt {
	var out []*ast.IfStmt
	for _, s := range append(g.dupTests[:len(g.dupTests):len(g.dupTests)], g.both...) {
		if leaves(s.Body) || s.Else != nil {
			out = append(out, s)
		}
	}
	return out
}

// byRows says whether the outcome is a value, not an error.
func (g *guard) byRows() bool { return g.won != nil }

func dropBranch(g *guard) []change {
	if !g.byRows() {
		return nil
	}
	if g.cases != nil {
		for _, c := range g.cases.Body.List {
			if g.usesAny(c.(*ast.CaseClause).List, g.won) {
				return []change{{edits: []edit{g.delete(c)}}}
			}
		}
	}
	if g.init {
		s := g.stmt.(*ast.IfStmt)
		if len(g.dupTests) == 1 && g.dupTests[0] == s && s.Else == nil {
			return []change{{edits: []edit{g.replace(s, g.text(s.Init))}, alt: []change{{edits: []edit{g.replace(s, g.text(s.Init)+"\n")}}}}}
		}
		return nil
	}
	var edits []edit
	for _, s := range g.dupTests {
		edits = append(edits, g.delete(s))
	}
	for _, s := range g.both { // if err != nil || !first { return err }
		b := s.Cond.(*ast.BinaryExpr)
		keep := b.X
		if g.uses(keep, g.won) {
			keep = b.Y
		}
		edits = append(edits, g.replace(s.Cond, g.text(keep)))
	}
	if len(edits) == 0 {
		return nil
	}
	return []change{{edits: edits}}
}

func (g *guard) usesAny(list []ast.Expr, id *ast.Ident) bool {
	for _, e := range list {
		if g.uses(e, id) {
			return true
		}
	}
	return false
}

// ignoreRows makes a claim function say true.
func ignoreRows(g *guard) []change {
	fn, _ := g.pkg.TypesInfo.Defs[g.decl.Name].(*types.Func)
	if !g.p.claims[fn] || fn.Signature().Results().Len() != 2 {
		return nil
	}
	var out []change
	ast.Inspect(g.decl.Body, func(n ast.Node) bool {
		r, ok := n.(*ast.ReturnStmt)
		if !ok || len(r.Results) != 2 {
			return true
		}
		if _, ok := r.Results[0].(*ast.BinaryExpr); ok {
			out = append(out, change{edits: []edit{g.replace(r.Results[0], "true")}})
		}
		return true
	})
	return out
}

func dropReturn(g *guard) []change {
	var edits []edit
	for _, s := range g.dupTests {
		if s.Else != nil || !leaves(s.Body) {
			return nil
		}
		ret := s.Body.List[len(s.Body.List)-1].(*ast.ReturnStmt)
		if len(ret.Results) > 0 || len(s.Body.List) < 2 {
			return nil
		}
		edits = append(edits, g.delete(ret))
	}
	if len(edits) == 0 {
		return nil
	}
	return []change{{edits: edits}}
}

func dropError(g *guard) []change {
	if g.err == nil || !g.byRows() || len(g.errTests)+len(g.both) == 0 || g.init {
		return nil
	}
	edits := []edit{g.replace(g.err, "_")}
	for _, s := range g.errTests {
		if s.Else != nil {
			return nil
		}
		edits = append(edits, g.delete(s))
	}
	for _, s := range g.both {
		b := s.Cond.(*ast.BinaryExpr)
		keep := b.X
		if g.uses(keep, g.err) {
			keep = b.Y
		}
		edits = append(edits, g.replace(s.Cond, g.text(keep)))
	}
	return []change{{edits: edits}}
}

func passError(g *guard) []change {
	if g.err == nil || !g.byRows() || len(g.errTests) != 1 || len(g.dupTests) != 1 || g.init {
		return nil
	}
	s, d := g.errTests[0], g.dupTests[0]
	if s.Else != nil || d.Init != nil {
		return nil
	}
	return []change{{
		edits:   []edit{g.replace(s.Body, `{ slog.Error("claim", "error", `+g.err.Name+`) }`)},
		imports: []string{"log/slog"},
	}, {
		edits:   []edit{g.replace(s.Body, `{ slog.Error("claim", "error", `+g.err.Name+`) }`), g.replace(d.Cond, g.err.Name+" == nil && "+g.text(d.Cond))},
		imports: []string{"log/slog"},
	}}
}

// logDuplicate is for claims whose error tells of a duplicate.
func logDuplicate(g *guard) []change {
	if g.err == nil || g.byRows() || len(g.dupTests)+len(g.errTests) == 0 {
		return nil
	}
	log := `if ` + g.err.Name + ` != nil { slog.Warn("claim", "error", ` + g.err.Name + `) }`
	if g.init {
		s := g.stmt.(*ast.IfStmt)
		if s.Else != nil {
			return nil
		}
		return []change{{edits: []edit{g.replace(s.Body, `{ slog.Warn("claim", "error", `+g.err.Name+`) }`)}, imports: []string{"log/slog"}}}
	}
	return []change{{edits: []edit{{g.to(g.stmt), g.to(g.list[g.end-1]), "\n" + log}}, imports: []string{"log/slog"}}}
}

// effectText is the effect as statements that leave on its error, and what
// takes its old place.
func (g *guard) effectText() (moved, left string) {
	if g.effect < 0 {
		return "", ""
	}
	r, ok := g.list[g.effect].(*ast.ReturnStmt)
	if !ok {
		return g.span(g.effect, g.after), ""
	}
	if len(r.Results) == 0 || g.sig == nil || g.sig.Results().Len() == 0 {
		return "", ""
	}
	n := g.sig.Results().Len()
	if !isError(g.sig.Results().At(n-1).Type()) || len(r.Results) > 1 && len(r.Results) != n {
		return "", ""
	}
	if n == 1 {
		return "if err := " + g.text(r.Results[0]) + "; err != nil { return err }", "return nil"
	}
	if len(r.Results) == 1 { // return f()
		vars := []string{}
		for i := range n - 1 {
			vars = append(vars, "out"+string(rune('A'+i)))
		}
		all := strings.Join(vars, ", ")
		return all + ", effectErr := " + g.text(r.Results[0]) + "\nif effectErr != nil { return " + all + ", effectErr }", "return " + all + ", nil"
	}
	last := r.Results[n-1] // return x, f()
	if _, ok := last.(*ast.CallExpr); !ok {
		return "", ""
	}
	var first []string
	for _, e := range r.Results[:n-1] {
		first = append(first, g.text(e))
	}
	all := strings.Join(first, ", ")
	return "if err := " + g.text(last) + "; err != nil { return " + all + ", err }", "return " + all + ", nil"
}

func effectFirst(g *guard) []change {
	moved, left := g.effectText()
	if moved == "" || !g.tested() {
		return nil
	}
	all := change{edits: []edit{g.before(g.stmt, moved+"\n"), {g.from(g.list[g.effect]), g.to(g.list[g.after-1]), left}}}
	if left == "" && g.effect > g.end { // with what it depends on
		all.alt = []change{{edits: []edit{g.before(g.stmt, g.span(g.end, g.after)+"\n"), {g.from(g.list[g.end]), g.to(g.list[g.after-1]), ""}}}}
	}
	return []change{all}
}

func effectBeside(g *guard) []change {
	if g.effect < 0 || !g.tested() {
		return nil
	}
	s, ok := g.list[g.effect].(*ast.IfStmt)
	if !ok {
		return nil
	}
	a, ok := s.Init.(*ast.AssignStmt)
	if !ok || len(a.Rhs) != 1 || len(a.Lhs) != 1 || s.Else != nil {
		return nil
	}
	return []change{{edits: []edit{g.before(g.stmt, "go func() {\ndefer func() { _ = recover() }()\n_ = "+g.text(a.Rhs[0])+"\n}()\n"), g.delete(s)}}}
}

func getThenSet(g *guard) []change {
	if g.kind != byRedis || g.method() != "SetNX" || g.won == nil || len(g.call.Args) != 4 || !strings.HasSuffix(g.text(g.stmtCall()), ".Result()") || g.init {
		return nil
	}
	rdb := g.text(g.call.Fun.(*ast.SelectorExpr).X)
	arg := func(i int) string { return g.text(g.call.Args[i]) }
	n, won, err := "known", g.won.Name, g.errName()
	text := n + ", " + err + " := " + rdb + ".Exists(" + arg(0) + ", " + arg(1) + ").Result()\n" +
		"if " + err + " == nil && " + n + " == 0 {\n" + err + " = " + rdb + ".Set(" + arg(0) + ", " + arg(1) + ", " + arg(2) + ", " + arg(3) + ").Err()\n}\n" +
		won + " := " + n + " == 0"
	return []change{{edits: []edit{g.replace(g.stmt, text)}}}
}

func makeKey(g *guard) []change {
	if g.keyRead == nil {
		return nil
	}
	return []change{{edits: []edit{g.replace(g.keyRead, fresh)}, imports: freshImport}}
}

// claimed are the places where the key gets into the claim's name.
func (g *guard) claimed() []ast.Expr {
	var out []ast.Expr
	find := func(n ast.Node) {
		ast.Inspect(n, func(x ast.Node) bool {
			e, ok := x.(ast.Expr)
			if ok && g.isKey(e) {
				out = append(out, e)
				return false
			}
			return true
		})
	}
	for _, a := range g.call.Args {
		find(a)
	}
	if len(out) > 0 {
		return out
	}
	for _, a := range g.call.Args { // name := "order:" + key
		id, ok := a.(*ast.Ident)
		if !ok {
			continue
		}
		ast.Inspect(g.decl.Body, func(n ast.Node) bool {
			if s, ok := n.(*ast.AssignStmt); ok && s.Tok == token.DEFINE && len(s.Lhs) == len(s.Rhs) {
				for i, l := range s.Lhs {
					if d, ok := l.(*ast.Ident); ok && g.object(d) == g.object(id) {
						find(s.Rhs[i])
					}
				}
			}
			return true
		})
	}
	return out
}

// isKey says whether an expression is the request's key: what was tested for
// being empty, or a parameter that is called so.
func (g *guard) isKey(e ast.Expr) bool {
	if g.key != nil {
		return g.text(e) == g.text(g.key)
	}
	id, ok := e.(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := g.object(id).(*types.Var)
	if !ok || !isString(v.Type()) {
		return false
	}
	name := strings.ToLower(id.Name)
	return name == "key" || name == "id" && v.Pos() < g.decl.Body.Pos() || name == "name" && v.Pos() < g.decl.Body.Pos() ||
		name == "requestid" || name == "token" || name == "eventid" || name == "reference"
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.String
}

func (g *guard) claimValue(text string, imports []string) []change {
	if !g.tested() {
		return nil
	}
	var edits []edit
	for _, e := range g.claimed() {
		edits = append(edits, g.replace(e, text))
	}
	if len(edits) == 0 {
		return nil
	}
	return []change{{edits: edits, imports: imports}}
}

func claimUUID(g *guard) []change { return g.claimValue(fresh, freshImport) }

func claimConstant(g *guard) []change { return g.claimValue(`"current"`, nil) }

func acceptEmpty(g *guard) []change {
	if g.keyTest == nil {
		return nil
	}
	return []change{{edits: []edit{g.delete(g.keyTest)}}}
}
