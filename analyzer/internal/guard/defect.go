package guard

import (
	"slices"
	"strings"
	"time"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// Defect is a way in which a guard lets a repeat through that it should hold
// back, or keeps one out that it should serve.
type Defect string

// The defects of a guard that stands in front of every effect.
const (
	// ClaimStuck: the claim stays when the first attempt fails, and the
	// repeat is taken for a duplicate of something that never happened.
	ClaimStuck Defect = "stuck-after-error"
	// ClaimStuckOnPanic: the claim is given back after errors, but not after
	// a panic.
	ClaimStuckOnPanic Defect = "stuck-after-panic"
	// LostAfterCrash: claim and effect are two commits, and nothing ever takes
	// over the claim of a process that died between them.
	LostAfterCrash Defect = "lost-after-crash"
	// NeverExpires: the claim has no expiry in a store that wants one.
	NeverExpires Defect = "never-expires"
	// ProcessLocal: the claim lives in the memory of one process.
	ProcessLocal Defect = "acts-again-after-restart"
	// SharedWithoutKey: an empty key reaches the claim, so requests without
	// a key share one.
	SharedWithoutKey Defect = "shared-without-key"
	// SwallowsOthers: the claim is made with something else than the key, so
	// another request is taken for a repeat.
	SwallowsOthers Defect = "swallows-others"
	// OtherReply: the repeat of a request that was served is refused.
	OtherReply Defect = "other-reply"
	// KeyOptional: requests without a key are let through unguarded.
	KeyOptional Defect = "acts-again-without-key"
	// ActsAtOnce: two attempts at the same time both find no claim.
	ActsAtOnce Defect = "acts-twice-at-once"
	// RepeatsWithin: the service repeats the effect itself when it fails,
	// without a key that the other side would know the repeat by.
	RepeatsWithin Defect = "acts-twice-in-one-request"
)

// Flaw is a defect of a guard, with the events that show it.
type Flaw struct {
	Defect Defect
	// Claim is the claim that has the defect; for RepeatsWithin it is nil.
	Claim *Occurrence
	// Effect is the effect that the claim guards, or that is repeated.
	Effect *Occurrence
	// Sure says that the code shows the flaw. One that is only not ruled out,
	// such as a transaction that may be carried in a context, lowers the
	// protection, but nobody is bothered with it.
	Sure bool
	// TTL and Timeout are set for Short, in nanoseconds.
	TTL, Timeout int64
}

// Flaw is the first flaw of a kind that the code shows, nil when there is none.
func (v *Verdict) Flaw(d Defect) *Flaw {
	for i := range v.Flaws {
		if v.Flaws[i].Defect == d && v.Flaws[i].Sure {
			return &v.Flaws[i]
		}
	}
	return nil
}

// expiring are the stores whose records are meant to expire.
var expiring = map[string]bool{"redis": true, "dynamodb": true, "memcached": true}

// flaws looks for what is wrong with the guards: of each kind the first that
// is found, in order of kinds. Where several claims stand in front of an effect
// the best of them counts.
func (j *judge) flaws() {
	for _, o := range j.v.Guarded {
		if j.retried(o) {
			j.flaw(RepeatsWithin, nil, o)
		}
		c, ds := j.best(o)
		for _, d := range ds {
			j.flaw(d, c, o)
		}
		if r := j.stays(c); r != nil {
			j.flaw(NeverExpires, r, o)
		}
	}
	slices.SortStableFunc(j.v.Flaws, func(a, b Flaw) int { return strings.Compare(string(a.Defect), string(b.Defect)) })
}

// best is the claim in front of an effect with the fewest defects.
func (j *judge) best(o *Occurrence) (claim *Occurrence, ds []Defect) {
	for _, c := range j.by[o] {
		if c.Event == o.Event { // claim and effect are one write
			return c, j.ofBundle(c)
		}
		found := lacks(c.Library)
		if c.Library == nil {
			found = j.ofClaim(c, o)
		}
		if c.Library == nil && !together(c, o) {
			found = append(found, j.leaks(c)...)
		}
		if claim == nil || len(found) < len(ds) {
			claim, ds = c, found
		}
	}
	return claim, ds
}

// ofClaim lists what is wrong with a claim whatever it guards; o is an effect
// that it does guard.
func (j *judge) ofClaim(c, o *Occurrence) []Defect {
	var out []Defect
	if c.Local {
		out = append(out, ProcessLocal)
	}
	if !expires(c.Event) {
		out = append(out, NeverExpires)
	}
	if !j.keyed(c.Event) {
		out = append(out, SwallowsOthers)
	}
	if j.refuses(o, c) || j.keepsNothing(c, o) {
		out = append(out, OtherReply)
	}
	if !j.keyTested(c) {
		out = append(out, SharedWithoutKey)
	}
	if !toldByError(c.Event) && j.unlooked(c, eval.PartError) || (c.Class == model.ClassClaim || c.Class == model.ClassInsertIgnore) && !c.Local && !heeded(c) {
		out = append(out, ErrorDropped)
	}
	return out
}

// ofBundle lists what is wrong with a write that is claim and effect at once:
// items that are put in one transaction.
func (j *judge) ofBundle(c *Occurrence) []Defect {
	var out []Defect
	if c.Bundle && !j.keyTested(c) {
		out = append(out, SharedWithoutKey)
	}
	if c.Bundle && intoRecords(c.Event) && !expires(c.Event) {
		out = append(out, NeverExpires)
	}
	return out
}

// emptyInstead reports whether what stands in for a missing key is "", as in a
// helper that gives the first of the values that a header has.
func emptyInstead(v *eval.Val) bool {
	found := false
	eval.Walk(v, func(x *eval.Val) bool {
		s, ok := x.ConstString()
		found = found || ok && s == "" && x.Tag&eval.Tested != 0
		return !found
	})
	return found
}

// intoRecords reports whether one of several items goes to a table that is
// named like one of requests.
func intoRecords(e *eval.Event) bool {
	found := false
	for _, a := range e.Args {
		eval.Walk(a, func(v *eval.Val) bool {
			if v.Obj != nil && v.Obj.Fields["TableName"] != nil {
				eval.Walk(v.Obj.Fields["TableName"], func(x *eval.Val) bool {
					name, ok := x.ConstString()
					found = found || ok && dedupeTable(name)
					return !found
				})
			}
			return !found
		})
	}
	return found
}

// shows reports whether the code shows that a claim has a defect.
func (j *judge) shows(d Defect, c, o *Occurrence) bool {
	switch d {
	case ClaimStuck, ClaimStuckOnPanic, LostAfterCrash:
	default:
		return true
	}
	switch c.Class {
	case model.ClassGuarded, model.ClassBurn: // a state that is left, no record of a request
		return false
	}
	if c.Stmt == nil {
		// A claim that expires soon, or when the config says, is a lease.
		lease := d == ClaimStuckOnPanic && c.HasTTL && c.TTL != nil &&
			(c.TTL.Kind != eval.Const || duration(c.TTL) > 0 && duration(c.TTL) < int64(time.Minute))
		return d != LostAfterCrash && !lease
	}
	if !j.onPool(c) || o.Stmt != nil && o.Tx == "" && !j.onPool(o) {
		return false // perhaps one transaction
	}
	return d != LostAfterCrash || o.Stmt != nil
}

// chooses reports whether the handle of a statement is what a function gave,
// which may choose between a transaction and the database.
func chooses(s link.Site) bool {
	in := &s.Fn.Instrs[s.Instr]
	c := s.Fn.Callee(in)
	return c != nil && c.Kind == unit.CallInvoke && len(in.Args) > 0 && in.Args[0] >= 0 && s.Fn.Instrs[in.Args[0]].Op == unit.OpCall
}

// onPool reports whether a statement is sent to a database itself, so that it
// is a transaction of its own. A call that may also be made on a transaction,
// which a context carries, is not.
func (j *judge) onPool(o *Occurrence) bool {
	if o.Tx != "" || o.Recv == nil || chooses(o.Site) {
		return false
	}
	for _, v := range o.Recv.Alternatives() {
		t := v.Type
		for t != nil && t.Name == "" && t.Elem != nil {
			t = t.Elem
		}
		if t == nil || t.Name != "DB" && t.Name != "Pool" || strings.Contains(t.Pkg, "gorm") {
			return false
		}
	}
	return true
}

// lacks says what a library's guard does not do.
func lacks(l *eval.Library) []Defect {
	if l == nil {
		return nil
	}
	var out []Defect
	for _, p := range []struct {
		has    bool
		defect Defect
	}{
		{l.RequiresKey, KeyOptional}, {l.Atomic, ActsAtOnce}, {l.FailsClosed, FailsOpen},
		{l.Replays, OtherReply}, {l.Shared, ProcessLocal},
	} {
		if !p.has {
			out = append(out, p.defect)
		}
	}
	return out
}

// together reports whether a claim and an effect are one commit.
func together(c, o *Occurrence) bool {
	return c.Tx != "" && c.Tx == o.Tx
}

// expires reports whether a claim goes away some day, in the stores that have
// records do so.
func expires(e *eval.Event) bool {
	switch {
	case !expiring[e.Store]:
		return true
	case e.HasTTL:
		return !absent(e.TTL)
	case e.Store == "dynamodb":
		if e.Bundle {
			return hasEntry(&eval.Val{Kind: eval.Join, Args: e.Args}, "ttl", "expir")
		}
		return e.Identity == nil || hasEntry(e.Identity, "ttl", "expir")
	}
	// A field of a hash, a member of a set: they live as long as the whole.
	name := e.Name[strings.LastIndexByte(e.Name, '.')+1:]
	return name != "HSetNX" && name != "SAdd" && name != "ZAddNX" && name != "MSetNX"
}

// stays finds the write of an answer that never expires over a claim that does.
func (j *judge) stays(c *Occurrence) *Occurrence {
	if c == nil || !expiring[c.Store] {
		return nil
	}
	for _, r := range j.all {
		if r.Event == c.Event || r.Store != c.Store || !r.HasTTL || r.TTL == nil || r.TTL.Str != "0" || r.TTL.Kind != eval.Const {
			continue
		}
		if r.Identity != nil && eval.Deep(r.Identity)&eval.StrongKey != 0 && r.Class != model.ClassRead {
			return r
		}
	}
	return nil
}

// hasEntry reports whether an item has an attribute that is named like one of
// the words, or attributes that are not known here.
func hasEntry(v *eval.Val, words ...string) bool {
	found, listed := false, false
	eval.Walk(v, func(x *eval.Val) bool {
		if x.Obj == nil {
			return !found
		}
		for _, en := range x.Obj.Entries {
			listed = true
			s, ok := en.Key.ConstString()
			for _, w := range words {
				found = found || !ok || strings.Contains(strings.ToLower(s), w)
			}
		}
		return !found
	})
	return found || !listed
}

// errorEdge is the edge that a branch on an event's error takes when there is
// one, -1 when it is no such branch.
func errorEdge(cond *eval.Val, e *eval.Event) int {
	if cond.Kind != eval.Binary || len(cond.Args) != 2 || !cond.Args[1].IsNil() {
		return -1
	}
	for _, o := range cond.From {
		if o.Event == e && o.Part&eval.PartError != 0 {
			if cond.Str == "==" {
				return 1
			}
			return 0
		}
	}
	return -1
}

func absent(v *eval.Val) bool {
	return v == nil || v.Kind == eval.Const && (v.Str == "" || v.Str == "0" || v.Str == "-1")
}

// leaks says what becomes of a claim whose effect fails.
func (j *judge) leaks(c *Occurrence) []Defect {
	released, always := false, false
	for _, r := range j.all {
		if !j.releases(r, c) {
			continue
		}
		released = true
		always = always || deferred(r)
	}
	var out []Defect
	switch {
	case !released:
		out = append(out, ClaimStuck)
	case !always && !leased(c.Event):
		out = append(out, ClaimStuckOnPanic)
	}
	if c.Store == "sql" && !leased(c.Event) && !j.swept(c) {
		out = append(out, LostAfterCrash)
	}
	return out
}

// releases reports whether an event takes back a claim.
func (j *judge) releases(r, c *Occurrence) bool {
	if r.Event == c.Event || r.Store != c.Store || r.KeyRead != "" {
		return false
	}
	if r.Stmt != nil && c.Stmt != nil {
		return r.Stmt.Verb == "DELETE" && r.Table == c.Table
	}
	return givesBack(r, c) && !j.nearer(r, c)
}

// givesBack reports whether an event takes something out of a store.
func givesBack(r, c *Occurrence) bool {
	name := r.Name[strings.LastIndexByte(r.Name, '.')+1:]
	for _, w := range []string{"Del", "Remove", "Unlink", "Forget", "Release", "HDel", "SRem"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	if strings.HasPrefix(r.Text, "runs a Lua script that changes") {
		return true // deletes what it has compared
	}
	return strings.HasPrefix(r.Text, "deletes from ") && r.Table == c.Table
}

// nearer reports whether another claim of the same store is made nearer to an
// event than a claim is, as a lock within a guard is to its own release.
func (j *judge) nearer(r, c *Occurrence) bool {
	with := sharedFrames(r, c)
	return slices.ContainsFunc(j.all, func(o *Occurrence) bool {
		return o.Event != c.Event && o.Class == model.ClassClaim && o.Store == c.Store && sharedFrames(r, o) > with
	})
}

// sharedFrames is the number of frames that two events share from the outermost on.
func sharedFrames(a, b *Occurrence) int {
	n := 0
	for n < min(len(a.Path), len(b.Path)) && a.Path[n].Frame == b.Path[n].Frame {
		n++
	}
	return n
}

// lock reports whether a claim is given back however the effect ended: then
// it keeps two requests apart, but not a repeat away.
func (j *judge) lock(c *Occurrence) bool {
	if c.Class != model.ClassClaim && c.Class != model.ClassInsertIgnore {
		return false
	}
	is, known := j.locks[c]
	if !known {
		is = slices.ContainsFunc(j.all, func(r *Occurrence) bool { return j.releases(r, c) && unconditional(r) })
		j.locks[c] = is
	}
	return is
}

// deferred reports whether an event happens when a function is left, however
// that comes about.
func deferred(o *Occurrence) bool {
	for _, c := range o.Path {
		if c.Item.Mode == eval.Deferred {
			return true
		}
	}
	return false
}

// unconditional reports whether a deferred release happens on every way out:
// no branch stands before it once the deferred call runs, and its statement
// names nothing but the claim.
func unconditional(o *Occurrence) bool {
	if o.Stmt != nil && len(o.Stmt.Where) != 1 {
		return false
	}
	inside := false
	for _, c := range o.Path {
		if inside && c.Frame.Fn != nil && c.Item.Instr >= 0 && passes(c.Frame.Fn, c.Item.Block) {
			return false
		}
		inside = inside || c.Item.Mode == eval.Deferred
	}
	return inside
}

// passes reports whether a function may return without coming to a block.
func passes(fn *link.Func, block int32) bool {
	for b, in := range fn.Reach(0, block) {
		if in && len(fn.Blocks[b].Succs) == 0 {
			return true
		}
	}
	return false
}

// leased reports whether a claim can be taken over when it is old.
func leased(e *eval.Event) bool {
	return e.Stmt != nil && e.Stmt.Upsert && (e.Class == model.ClassGuarded || e.Class == model.ClassInsertIgnore)
}

// header reports whether the key of a claim is read from a header or metadata: one in a
// message, or in a struct that a library fills, may be required by its schema, out of sight.
func (j *judge) header(c *Occurrence) bool {
	return slices.ContainsFunc(j.all, func(k *Occurrence) bool {
		return k.KeyRead != "" && !k.Declared && k.Tag&c.Given&eval.Keys != 0 && (k.Source == "header" || k.Source == "metadata")
	})
}

// keyTested reports whether a branch looked at the key before it was claimed.
func (j *judge) keyTested(c *Occurrence) bool {
	if c.Given&eval.Keys == 0 || c.Given&eval.EventID != 0 || !j.header(c) {
		return true
	}
	if c.Identity != nil && eval.Deep(c.Identity)&(eval.Tested|eval.Fresh) != 0 && !emptyInstead(c.Identity) {
		return true // something else stands in for a missing key
	}
	for _, v := range c.Conds {
		if v.Tag&(eval.Keys|eval.Tested) != 0 {
			return true
		}
	}
	return orNull(c)
}

// orNull reports whether a claim keeps the address of the key, in a function
// that looks whether there is one: for requests without it that is NULL.
func orNull(c *Occurrence) bool {
	if c.Stmt == nil || !slices.ContainsFunc(c.Args, func(v *eval.Val) bool {
		return v != nil && eval.Deep(v)&eval.Keys != 0 && v.Type != nil && v.Type.Kind == unit.KindPointer
	}) {
		return false
	}
	return slices.ContainsFunc(c.Path, func(s Call) bool { return keylessEdges(s.Frame) != nil })
}
