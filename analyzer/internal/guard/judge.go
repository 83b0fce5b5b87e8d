package guard

import (
	"path"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/lexicon"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
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
	// Settled are those of them that a repeat has only when it comes at once.
	Settled []*Occurrence
	// Keyless are those that happen for requests without a key only, beside a
	// guard for the others.
	Keyless []*Occurrence
	// Guarded are the effects that a claim of the key stands in front of.
	Guarded []*Occurrence
	// Keys are the reads of a key, Claims the claims made with it, Others the
	// claims of anything else, Checks the lookups by key.
	Keys, Claims, Others, Checks []*Occurrence
	// Sought is the look for what the endpoint makes, by the name that the request
	// gives it, nil for none.
	Sought *Occurrence
	// Things are the Claims that are rows of what the endpoint makes, which hold a
	// key among others, and which no constraint in sight makes unique.
	Things []*Occurrence
	// Flaws are what is wrong with the claims in front of Guarded.
	Flaws []Flaw
	// PerAttempt are calls that are repeated within the request with a new key
	// each time, Retried those that are repeated without one, Keyless those
	// that could be given the caller's key and are not.
	PerAttempt, Retried, Unkeyed []*Occurrence
	// Recorded says that the key reaches a log or a span, where that was asked
	// for.
	Recorded bool
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
	// values in these columns fail. Row tells what is known of a column of the row.
	Unique(table string, columns []string, row func(column string) sqlstmt.Cell) (string, bool)
	// Temporary reports whether a table lives in one session only.
	Temporary(table string) bool
	// Generated reports whether the store makes the value of a column.
	Generated(table, column string) bool
	// CountsChanged reports whether the database may leave rows out of the number
	// that an update touched which have its values already.
	CountsChanged() bool
}

// Judge weighs all that happens in an endpoint.
func Judge(root *eval.Frame, facts Facts) *Verdict {
	j := &judge{root: root, all: flatten(root), facts: facts, v: &Verdict{}, by: map[*Occurrence][]*Occurrence{}, locks: map[*Occurrence]bool{}, took: map[asked]bool{}, unequal: map[*eval.Frame]map[edge]bool{}}
	j.asked, j.queued = !j.receives(), j.queues()
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
	// asked says that the endpoint receives no events, queued that queues is so.
	asked, queued bool
	by            map[*Occurrence][]*Occurrence // the claims in front of an effect
	// optional are the effects that only requests with a key have guarded.
	optional []*Occurrence
	locks    map[*Occurrence]bool          // see lock
	unequal  map[*eval.Frame]map[edge]bool // see unequalEdges
	inTx     map[*eval.Event][]*Occurrence // see indexTx
	took     map[asked]bool                // see takesFor
	first    []*Occurrence                 // see firsts
	onceOf   told                          // see once
	keyedOf  told                          // see keyed
	drawsOf  told                          // see draws
	updating map[string][]*Occurrence      // see updates
	writing  map[calling]bool              // see writesAt
	names    map[*eval.Event][]string      // see named
	firstOf  map[*eval.Event]*Occurrence   // see firstAt
	passed   map[calling]bool              // see writesPast
	taking   map[frameBlock]bool           // see taken
	alarming map[*link.Func]bool           // see alarms
	there    map[asksFor]bool              // see demanded
}

// told keeps what was asked about events, each of which can occur very often.
type told map[*eval.Event]bool

// of is the answer about an event, which is found out once.
func (a *told) of(e *eval.Event, ask func(*eval.Event) bool) bool {
	is, known := (*a)[e]
	if !known {
		is = ask(e)
		if *a == nil {
			*a = told{}
		}
		(*a)[e] = is
	}
	return is
}

// sort finds keys, claims and lookups.
func (j *judge) sort() {
	for _, o := range j.all {
		switch {
		case o.Webhook != "":
			if j.v.Webhook == "" && !(o.Secret && j.onTheWay(o) && slices.ContainsFunc(o.Path, j.inShared)) {
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
			if o.Given&eval.StrongKey != 0 || o.Given&eval.EventID != 0 && !slices.ContainsFunc(o.Args, func(a *eval.Val) bool { return j.refers(o.Event, a) }) {
				j.v.Checks = append(j.v.Checks, o)
			}
		case claims(o.Event) && !j.observes(o) && !j.unbacked(o.Event):
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
	case model.ClassGuarded:
		return !staysPut(e)
	case model.ClassClaim, model.ClassInsertIgnore, model.ClassBurn, model.ClassInsert:
		return true
	}
	return false
}

// weigh decides effect and protection.
func (j *judge) weigh() {
	v := j.v
	v.Effect, v.Protection, v.Confidence = report.EffectNone, report.ProtectionNone, report.Seen
	for _, o := range j.all {
		if o.KeyRead != "" || o.Class == "" || j.observes(o) || j.deadLetter(o) || o.Copy && j.reachesOut() {
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
		if guard == none && (e == report.EffectNonIdempotent || e == report.EffectUnknown) && declared(o) {
			e = report.EffectIdempotent
		}
		if (e == report.EffectIdempotent || e == report.EffectNonIdempotent && guard == none) && j.passing(o, e) {
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
	if len(v.Guarded) > 0 {
		v.Unguarded = slices.DeleteFunc(v.Unguarded, func(o *Occurrence) bool {
			return slices.ContainsFunc(v.Claims, func(c *Occurrence) bool { return j.givesUp(o, c.Event) || returnsFailure(o, c.Event) })
		})
	}
	v.Unguarded = slices.DeleteFunc(v.Unguarded, j.announces)
	j.settle()
	for _, c := range v.Claims {
		if !mayGuard(c) && j.insert(c.Event) != report.EffectIdempotent && !j.lookedUp(c) {
			v.Things = append(v.Things, c)
		}
	}
	j.protection()
	j.notes()
	j.ownCalls()
	if v.Effect != report.EffectUnknown {
		v.Reason = ""
	}
	v.Confidence = confidence(v.Decisive)
}

// declared reports whether a function on the way to an event has the
// directive idempotent.
func declared(o *Occurrence) bool {
	return slices.ContainsFunc(o.Path, func(c Call) bool { return c.Frame.Fn != nil && c.Frame.Fn.Idempotent })
}

// protection says how far the guards go, and what is wrong with them.
func (j *judge) protection() {
	v := j.v
	if v.Effect == report.EffectNonIdempotent {
		v.Sought = j.sought()
		switch {
		case len(v.Unguarded) == 0:
			v.Protection = report.ProtectionFull
			v.Decisive = v.Guarded[0]
			if j.flaws(); len(v.Flaws) > 0 {
				v.Protection = report.ProtectionPartial
			}
		case len(v.Guarded) > 0 || v.Sought != nil || j.looksFirst() || j.holdsSome(v.Claims) || j.holdsSome(j.looks()):
			v.Protection = report.ProtectionPartial
			v.Decisive = foremost(v.Unguarded)
		default:
			v.Decisive = foremost(v.Unguarded)
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
	if strings.Contains(o.Table, "audit") {
		return true
	}
	if len(o.Path) == 0 || o.Path[len(o.Path)-1].Frame.Fn == nil {
		return false
	}
	// Only the function itself tells: decorators that watch pass on to others.
	fn := o.Path[len(o.Path)-1].Frame.Fn
	dir, pkg := path.Split(fn.Unit.Path)
	above := path.Base(dir) // each of the targets of a log may have a package below the log's
	logs := strings.HasPrefix(above, "log") && lexicon.Observes(above)
	return logs || lexicon.Observes(pkg) || lexicon.Observes(fn.Recv) || limits(fn) && !limits(j.root.Serves)
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
