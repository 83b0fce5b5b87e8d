package guard

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/lexicon"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
	"github.com/idemlint/idemlint/analyzer/report"
)

// Verdict is what was found out about an endpoint.
type Verdict struct {
	Effect     report.Effect
	Protection report.Protection
	Confidence report.Confidence
	// Decisive is the event that decides the effect, nil for none.
	Decisive *Occurrence
	// Unguarded are the effects that a replay repeats.
	Unguarded []*Occurrence
	// Keyless are those that happen for requests without a key only, beside a
	// guard for the others.
	Keyless []*Occurrence
	// Guarded are the effects that a claim of the key stands in front of.
	Guarded []*Occurrence
	// Keys are the reads of a key, Claims the claims made with it, Others the
	// claims of anything else, Checks the lookups by key.
	Keys, Claims, Others, Checks []*Occurrence
	// Flaws are what is wrong with the claims in front of Guarded.
	Flaws []Flaw
	// PerAttempt are calls that are repeated within the request with a new key
	// each time, Retried those that are repeated without one, Keyless those
	// that could be given the caller's key and are not.
	PerAttempt, Retried, Unkeyed []*Occurrence
	// Mismatch is a claim that its table does not carry, nil for none.
	Mismatch *Mismatch
	// Reason says why the effect is unknown.
	Reason string
	// Webhook is who sends the requests, when their signature is checked or
	// the id of the sender's event is read; else "".
	Webhook string
}

// Facts is what the judge knows beside the code: the schema of the stores.
type Facts interface {
	// Unique reports whether a constraint makes a second row with the same
	// values in these columns fail.
	Unique(table string, columns []string) (string, bool)
	// Temporary reports whether a table lives in one session only.
	Temporary(table string) bool
	// Generated reports whether the store makes the value of a column.
	Generated(table, column string) bool
}

// Judge weighs all that happens in an endpoint.
func Judge(root *eval.Frame, facts Facts) *Verdict {
	j := &judge{root: root, all: flatten(root), facts: facts, v: &Verdict{}, by: map[*Occurrence][]*Occurrence{}}
	j.sort()
	j.weigh()
	j.v.Mismatch = j.mismatch()
	return j.v
}

type judge struct {
	root  *eval.Frame
	all   []*Occurrence
	facts Facts
	v     *Verdict
	by    map[*Occurrence][]*Occurrence // the claims in front of an effect
	// optional are the effects that only requests with a key have guarded.
	optional []*Occurrence
}

// sort finds keys, claims and lookups.
func (j *judge) sort() {
	for _, o := range j.all {
		switch {
		case o.Webhook != "":
			if j.v.Webhook == "" {
				j.v.Webhook = o.Webhook
			}
		case o.KeyRead != "":
			if o.Tag&eval.EventID != 0 && o.Source == "header" && j.v.Webhook == "" {
				j.v.Webhook = o.KeyRead
			}
			if o.Tag&eval.StrongKey != 0 || o.Tag&eval.EventID != 0 {
				j.v.Keys = append(j.v.Keys, o)
			}
		case o.Class == model.ClassRead:
			if o.Given&(eval.StrongKey|eval.EventID) != 0 {
				j.v.Checks = append(j.v.Checks, o)
			}
		case claims(o.Event):
			if j.keyed(o.Event) {
				j.v.Claims = append(j.v.Claims, o)
			} else {
				j.v.Others = append(j.v.Others, o)
			}
		}
	}
}

// IsClaim reports whether an event can keep a second one like it away.
func IsClaim(e *eval.Event) bool { return claims(e) }

// claims reports whether an event can keep a second one like it away.
func claims(e *eval.Event) bool {
	switch e.Class {
	case model.ClassClaim, model.ClassInsertIgnore, model.ClassGuarded, model.ClassBurn, model.ClassInsert:
		return true
	}
	return false
}

// weigh decides effect and protection.
func (j *judge) weigh() {
	v := j.v
	v.Effect, v.Protection, v.Confidence = report.EffectNone, report.ProtectionNone, report.Seen
	for _, o := range j.all {
		if o.KeyRead != "" || o.Class == "" || j.observes(o) || deadLetter(o) || o.Copy && j.reachesOut() {
			continue
		}
		e := j.effect(o)
		guard := none
		if e == report.EffectNonIdempotent || e == report.EffectUnknown {
			guard = j.guarded(o)
			if guard == byState {
				e = report.EffectIdempotent
			}
		}
		if e == report.EffectIdempotent && j.passing(o) {
			continue
		}
		if worse(e, v.Effect) {
			v.Effect, v.Decisive = e, o
		}
		switch {
		case e == report.EffectUnknown && v.Reason == "":
			v.Reason = o.Why
			if v.Reason == "" {
				v.Reason = o.Text
			}
		case e != report.EffectNonIdempotent:
		case guard == byKey || guard == byCheck:
			v.Guarded = append(v.Guarded, o)
		case j.keyless(o):
			v.Keyless = append(v.Keyless, o)
		default:
			v.Unguarded = append(v.Unguarded, o)
		}
	}
	if len(v.Guarded) == 0 {
		v.Unguarded, v.Keyless = append(v.Unguarded, v.Keyless...), nil
	}
	if v.Effect == report.EffectIdempotent {
		j.byKeyAlone()
	}
	j.settleOptional()
	j.protection()
	j.notes()
	j.ownCalls()
	if v.Effect != report.EffectUnknown {
		v.Reason = ""
	}
	v.Confidence = confidence(v.Decisive)
}

// protection says how far the guards go, and what is wrong with them.
func (j *judge) protection() {
	v := j.v
	if v.Effect == report.EffectNonIdempotent {
		switch {
		case len(v.Unguarded) == 0:
			v.Protection = report.ProtectionFull
			v.Decisive = v.Guarded[0]
			if j.flaws(); len(v.Flaws) > 0 {
				v.Protection = report.ProtectionPartial
			}
		case len(v.Guarded) > 0 || j.looksFirst() || j.holdsSome(v.Claims) || j.holdsSome(j.looks()):
			v.Protection = report.ProtectionPartial
			v.Decisive = v.Unguarded[0]
		default:
			v.Decisive = v.Unguarded[0]
		}
		if len(v.Unguarded) > 0 {
			j.looseFlaws()
		}
	}
}

// reachesOut reports whether anything happens outside of this process's memory.
func (j *judge) reachesOut() bool {
	return slices.ContainsFunc(j.all, func(o *Occurrence) bool {
		return o.KeyRead == "" && o.Class != "" && o.Store != "memory"
	})
}

// byKeyAlone looks for an effect that only the caller's key makes idempotent:
// a row that is unique by it, a vendor or queue that is given it. With another
// key it would happen again, so the key is a guard and not the thing's name.
func (j *judge) byKeyAlone() {
	for _, o := range j.all {
		var t eval.Tag
		switch {
		case o.KeyRead != "" || j.observes(o):
			continue
		case o.Dedupe != nil:
			t = eval.Deep(o.Dedupe)
		case o.Class == model.ClassInsert && j.keyed(o.Event) && (!j.guards(o) || records(o.Event)):
			t = o.Given
		}
		if t&(eval.StrongKey|eval.EventID|eval.WeakKey) == 0 || t&eval.Fresh != 0 && o.Dedupe != nil {
			continue
		}
		j.v.Effect, j.v.Decisive = report.EffectNonIdempotent, o
		j.v.Guarded = append(j.v.Guarded, o)
	}
}

// dedupes are words in the names of tables that hold keys and nothing else.
var dedupes = []string{"idempot", "dedup", "processed", "inbox", "request", "key", "event", "message"}

// records reports whether an insert of the key is a record of its own: it holds
// more of what the caller sent, in a table that is not there for keys.
func records(e *eval.Event) bool {
	if e.Stmt == nil || e.Table == "" {
		return false
	}
	for _, w := range dedupes {
		if strings.Contains(strings.ToLower(e.Table), w) {
			return false
		}
	}
	for i, b := range e.Stmt.Sets {
		if v := bound(e, b.Param, b.Name, i); v != nil && eval.Deep(v)&eval.FromRequest != 0 && eval.Deep(v)&eval.Keys == 0 {
			return true
		}
	}
	return false
}

// guards reports whether another change stands behind the outcome of an event.
func (j *judge) guards(c *Occurrence) bool {
	for _, o := range j.all {
		if o.KeyRead != "" || o.Class == model.ClassRead || o.Event == c.Event || o.Copy {
			continue
		}
		for _, g := range o.Gates {
			if g.Event == c.Event {
				return true
			}
		}
	}
	return false
}

// observes reports whether an event happens in code that only watches, or
// writes to a table that does.
func (j *judge) observes(o *Occurrence) bool {
	if o.Table != "" && strings.Contains(o.Table, "audit") {
		return true
	}
	if len(o.Path) == 0 || o.Path[len(o.Path)-1].Frame.Fn == nil {
		return false
	}
	// Only the function itself tells: decorators that watch pass on to others.
	fn := o.Path[len(o.Path)-1].Frame.Fn
	pkg := fn.Unit.Path[strings.LastIndexByte(fn.Unit.Path, '/')+1:]
	return lexicon.Observes(pkg) || lexicon.Observes(fn.Recv) || limits(fn) && !limits(j.root.Serves)
}

// limits reports whether a function holds back callers that ask too often. An
// endpoint that is about limits itself changes them.
func limits(fn *link.Func) bool {
	return fn != nil && (lexicon.Limits(fn.Name) || lexicon.Limits(fn.Recv) || lexicon.Limits(fn.Unit.Path[strings.LastIndexByte(fn.Unit.Path, '/')+1:]))
}

func confidence(o *Occurrence) report.Confidence {
	switch {
	case o == nil:
		return report.Seen
	case o.Assumed:
		return report.Assumed
	case o.Modelled:
		return report.Modelled
	}
	return report.Seen
}

// order of effects: unknown counts less than a known repetition.
var order = map[report.Effect]int{
	report.EffectNone: 0, report.EffectIdempotent: 1, report.EffectUnknown: 2, report.EffectNonIdempotent: 3,
}

func worse(a, b report.Effect) bool { return order[a] > order[b] }

// how says what stands in front of an effect.
type how int

const (
	none how = iota
	// byCheck: the state that was just read keeps a replay away, and the
	// version that is compared keeps two at once from reading the same state.
	byCheck
	byState
	byKey
)

// guarded finds what keeps a replay away from an effect: a claim on the key,
// or a change of state that only succeeds once.
func (j *judge) guarded(o *Occurrence) how {
	told := delegates(o.Event)
	if told && eval.Deep(o.Dedupe)&eval.Keys != 0 || o.Bundle {
		return byKey
	}
	best := none
	for _, g := range o.Gates {
		if g.Event == o.Event || !tells(g) {
			continue
		}
		if burns(g.Event) {
			best = max(best, byState)
			continue
		}
		if !claims(g.Event) {
			continue
		}
		switch {
		case j.keyed(g.Event):
			c := j.occurrence(g.Event)
			if c != nil && j.lock(c) || toldByError(g.Event) && onFailure(o, g.Event) {
				continue
			}
			j.behind(o, c)
			best = byKey
		case j.swallows(g.Event):
			j.behind(o, j.other(g.Event))
			best = byKey
		case j.once(g.Event):
			if c := j.other(g.Event); c == nil || !j.lock(c) {
				best = max(best, byState)
			}
		case g.Event.Class == model.ClassGuarded && g.Event.Stmt != nil && g.Event.Stmt.Version && best == none && checksState(o, g.Event):
			best = byCheck
		}
	}
	if o.Class == model.ClassInsert && j.keyed(o.Event) {
		return byKey
	}
	if told && best == none {
		return byKey
	}
	if best == none && j.leavesState(o) {
		best = byState
	}
	if o.Tx == "" {
		return best
	}
	// A unique insert of the key later in the same transaction rolls this
	// effect back when it fails.
	for _, c := range j.v.Claims {
		if c.Tx == o.Tx && c.Class == model.ClassInsert {
			j.behind(o, c)
			best = byKey
		}
	}
	return best
}

// behind notes a claim in front of an effect.
func (j *judge) behind(o, c *Occurrence) {
	if c != nil && !slices.Contains(j.by[o], c) {
		j.by[o] = append(j.by[o], c)
	}
}

// delegates reports whether the other side is told a key of the caller's, by
// which it drops a second call like the first.
func delegates(e *eval.Event) bool {
	if e.Dedupe == nil || e.Class != model.ClassNonIdempotent {
		return false
	}
	t := eval.Deep(e.Dedupe)
	return t&eval.FromRequest != 0 && t&(eval.Fresh|eval.Clock) == 0
}

// swallows reports whether a claim that expires is made with something else
// although the caller sent a key: others' requests are taken for repeats.
func (j *judge) swallows(e *eval.Event) bool {
	if e.Class != model.ClassClaim || !expiring[e.Store] || e.Given&eval.Fresh != 0 {
		return false
	}
	for _, k := range j.v.Keys {
		if k.Tag&eval.StrongKey != 0 {
			return true
		}
	}
	return false
}

// other finds where an event that claims something else than the key happens.
func (j *judge) other(e *eval.Event) *Occurrence {
	for _, c := range j.v.Others {
		if c.Event == e {
			return c
		}
	}
	return nil
}

// burns reports whether an event deletes rows by what the caller sent: the
// second time there are none.
func burns(e *eval.Event) bool {
	return e.Stmt != nil && e.Stmt.Verb == "DELETE" && len(e.Stmt.Where) > 0 && e.Given&(eval.Fresh|eval.Stored) == 0
}

// occurrence finds where an event that claims happens.
func (j *judge) occurrence(e *eval.Event) *Occurrence {
	for _, c := range j.v.Claims {
		if c.Event == e {
			return c
		}
	}
	return nil
}

// holdsSome reports whether a branch on the outcome of one of the lookups or
// claims keeps some repeats away from an effect, though not all.
func (j *judge) holdsSome(looks []*Occurrence) bool {
	for _, l := range looks {
		if j.lock(l) {
			continue
		}
		for _, o := range j.v.Unguarded {
			if o.Event != l.Event && held(o, l.Event) {
				return true
			}
		}
	}
	return false
}

// looks are the lookups by the key. A name that keys may have counts where
// something is claimed with it.
func (j *judge) looks() []*Occurrence {
	if len(j.v.Claims) == 0 {
		return j.v.Checks
	}
	out := slices.Clone(j.v.Checks)
	for _, o := range j.all {
		if o.Class == model.ClassRead && o.Given&eval.Keys == eval.WeakKey {
			out = append(out, o)
		}
	}
	return out
}

// looksFirst reports whether all that a repeat would do again is done by calls
// that look for what they insert first, though not at once.
func (j *judge) looksFirst() bool {
	for _, o := range j.v.Unguarded {
		if !strings.HasSuffix(o.Name, "FirstOrCreate") {
			return false
		}
	}
	return true
}

// held reports whether one edge of a branch on an event's outcome does not
// lead to an occurrence.
func held(o *Occurrence, e *eval.Event) bool {
	for _, c := range o.Path {
		if c.Frame.Fn == nil {
			continue
		}
		for at, cond := range c.Frame.Conds {
			if !cond.DependsOn(e) {
				continue
			}
			blk := &c.Frame.Fn.Blocks[c.Frame.Fn.Instrs[at].Block]
			if len(blk.Succs) != 2 {
				continue
			}
			if c.Item.Instr < 0 {
				return true
			}
			for _, s := range blk.Succs {
				if s != c.Item.Block && !c.Frame.Fn.Reach(s)[c.Item.Block] {
					return true
				}
			}
		}
	}
	return false
}

// tells reports whether the part of a claim's outcome that a branch looks at
// tells a first call from a second one.
func tells(g eval.Origin) bool {
	e := g.Event
	result := ""
	if e.Row != nil {
		result = e.Row.Result
	}
	switch {
	case e.Class == model.ClassInsert:
		return g.Part&eval.PartError != 0
	case e.Stmt != nil && e.Stmt.Returning && oneRow(e.Name):
		return true // no row is an error
	case result == "error":
		return g.Part&eval.PartError != 0
	case e.Stmt != nil:
		return g.Part&eval.PartValue != 0
	}
	if e.Class == model.ClassBurn && result == "value" {
		return true // nothing to take is an error
	}
	return g.Part&eval.PartValue != 0 || result == ""
}

// oneRow reports whether a call reads a single row, and fails when there is
// none, by the names that the database libraries give such calls.
func oneRow(name string) bool {
	for _, w := range []string{"QueryRow", "Get", "Scan", "Take", "First", "FindOne"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// keyed reports whether an event claims with the caller's key.
func (j *judge) keyed(e *eval.Event) bool {
	if e.Stmt != nil {
		for i, b := range e.Stmt.Sets {
			if t := eval.Deep(bound(e, b.Param, b.Name, i)); isKey(t, b.Column, e) {
				return true
			}
		}
		for _, b := range e.Stmt.Where {
			if t := eval.Deep(bound(e, b.Param, b.Name, -1)); e.Class != model.ClassInsert && isKey(t, b.Column, e) {
				return true
			}
		}
		return false
	}
	if e.Identity != nil && e.Class != model.ClassInsert {
		return keyedEntry(e.Identity) || eval.Deep(e.Identity)&eval.Keys != 0 && !freshAnyway(e.Identity, 0) || e.Given&eval.Keys != 0 && e.Given&eval.Fresh == 0
	}
	return e.Given&eval.Keys != 0
}

// freshAnyway reports whether a value is made anew although there is a key: a
// fallback for requests without one does not count.
func freshAnyway(v *eval.Val, depth int) bool {
	if v == nil || depth > 12 || eval.Deep(v)&eval.Fresh == 0 {
		return false
	}
	parts := append([]*eval.Val{v.Recv}, v.Args...)
	if v.Kind == eval.Join || v.Kind == eval.Choice {
		var keyed []*eval.Val
		for _, a := range v.Args {
			if a != nil && eval.Deep(a)&eval.Keys != 0 {
				keyed = append(keyed, a)
			}
		}
		return len(keyed) == 0 || !slices.ContainsFunc(keyed, func(a *eval.Val) bool { return !freshAnyway(a, depth+1) })
	}
	if v.Obj != nil {
		parts = append(append(parts, v.Obj.Content), v.Obj.Elems...)
		for _, f := range v.Obj.Fields {
			parts = append(parts, f)
		}
	}
	inside := false
	for _, p := range parts {
		if p != nil && eval.Deep(p)&eval.Fresh != 0 {
			if freshAnyway(p, depth+1) {
				return true
			}
			inside = true
		}
	}
	return !inside
}

// isKey reports whether a bound value is the caller's key: read by a strong
// name, or by a weak one and kept in a column named like a key.
func isKey(t eval.Tag, column string, e *eval.Event) bool {
	switch {
	case t&(eval.StrongKey|eval.EventID) != 0:
		// A fallback for requests without a key does not undo it.
		return true
	case t&eval.WeakKey != 0 && t&eval.Fresh == 0:
		return true
	}
	return false
}

// bound is the value bound to a placeholder of an event's statement.
func bound(e *eval.Event, param int, name string, _ int) *eval.Val {
	if param >= 0 && param < len(e.Args) {
		return e.Args[param]
	}
	if name == "" {
		return nil
	}
	// Named placeholders come from the fields or entries of one argument.
	var found *eval.Val
	for _, a := range e.Args {
		eval.Walk(a, func(v *eval.Val) bool {
			if v.Obj == nil || found != nil {
				return found == nil
			}
			for f, fv := range v.Obj.Fields {
				if strings.EqualFold(strings.ReplaceAll(name, "_", ""), f) {
					found = fv
				}
			}
			for _, en := range v.Obj.Entries {
				if s, ok := en.Key.ConstString(); ok && s == name {
					found = en.Value
				}
			}
			return found == nil
		})
	}
	if found == nil {
		return decoded(e.Args, name)
	}
	return found
}

// decoded is a field of a record that was decoded from the request as a whole,
// nil when there is none among the arguments.
func decoded(args []*eval.Val, name string) *eval.Val {
	for _, a := range args {
		if a == nil || a.Type == nil || a.Type.Kind != unit.KindStruct && a.Type.Kind != unit.KindPointer {
			continue
		}
		t := eval.Deep(a)
		if t&eval.FromRequest == 0 || t&(eval.Fresh|eval.Clock) != 0 {
			continue
		}
		return &eval.Val{Kind: eval.Field, Str: name, Args: []*eval.Val{a}, Tag: t&^eval.Keys | eval.KeyTag(name, "")}
	}
	return nil
}

// rereads reports whether a guarded update expects a value that was read from
// the store a moment ago: a second run reads the new one and succeeds again.
func (j *judge) rereads(e *eval.Event) bool {
	sets := map[string]bool{}
	for _, b := range e.Stmt.Sets {
		sets[b.Column] = true
	}
	for _, b := range e.Stmt.Where {
		if !sets[b.Column] {
			continue
		}
		if v := bound(e, b.Param, b.Name, -1); v != nil && eval.Deep(v)&eval.Stored != 0 {
			return true
		}
	}
	return false
}

// once reports whether a claim-like change succeeds only the first time, for
// what it names: the caller's own identity, or a state that it leaves.
func (j *judge) once(e *eval.Event) bool {
	switch e.Class {
	case model.ClassGuarded:
		return e.Stmt == nil || !j.rereads(e) && (!e.Stmt.Version || j.versionFromCaller(e))
	case model.ClassInsert:
		return j.insert(e) == report.EffectIdempotent
	case model.ClassInsertIgnore, model.ClassClaim, model.ClassBurn:
		t := e.Given
		if e.Identity != nil {
			t = eval.Deep(e.Identity)
		}
		return t&(eval.Fresh|eval.Clock) == 0
	}
	return false
}
