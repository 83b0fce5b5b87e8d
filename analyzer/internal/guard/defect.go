package guard

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/model"
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
	// RepeatsWithin: the service repeats the effect itself when it fails,
	// without a key that the other side would know the repeat by.
	RepeatsWithin Defect = "acts-twice-in-one-request"
)

// expiring are the stores whose records are meant to expire.
var expiring = map[string]bool{"redis": true, "dynamodb": true, "memcached": true}

// defects looks for what is wrong with the claims that guard the effects.
func (j *judge) defects() []Defect {
	var out []Defect
	add := func(d ...Defect) {
		for _, x := range d {
			if !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
	}
	seen := map[*eval.Event]bool{}
	for _, o := range j.v.Guarded {
		if retried(o) {
			add(RepeatsWithin)
		}
		c := j.by[o]
		if c == nil || c.Event == o.Event {
			continue
		}
		if !together(c, o) {
			add(j.leaks(c)...)
		}
		if seen[c.Event] {
			continue
		}
		seen[c.Event] = true
		if c.Local {
			add(ProcessLocal)
		}
		if !expires(c.Event) {
			add(NeverExpires)
		}
		if !j.keyed(c.Event) {
			add(SwallowsOthers)
		}
		if refuses(o, c.Event) {
			add(OtherReply)
		}
		if !j.keyTested(c) {
			add(SharedWithoutKey)
		}
	}
	slices.Sort(out)
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
		return e.Identity == nil || hasEntry(e.Identity, "ttl", "expir")
	}
	// A field of a hash, a member of a set: they live as long as the whole.
	name := e.Name[strings.LastIndexByte(e.Name, '.')+1:]
	return name != "HSetNX" && name != "SAdd" && name != "ZAddNX" && name != "MSetNX"
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

// retried reports whether an effect outside of the database is tried again in
// the same request when it fails: by a library, or in a loop that an error of
// the effect keeps going.
func retried(o *Occurrence) bool {
	if o.Class != model.ClassNonIdempotent || o.Store == "sql" {
		return false
	}
	if o.Dedupe != nil && eval.Deep(o.Dedupe)&eval.FromRequest != 0 {
		return false
	}
	if o.Mode == eval.Retried {
		return true
	}
	for _, c := range o.Path {
		if c.Frame.Fn == nil || c.Item.Instr < 0 || !c.Frame.Fn.Loops() {
			continue
		}
		for at, cond := range c.Frame.Conds {
			if fails := errorEdge(cond, o.Event); fails >= 0 && again(c, at, fails) {
				return true
			}
		}
	}
	return false
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

// again reports whether the edge of a branch leads back to a call, and the
// other edge does not.
func again(c Call, at int32, edge int) bool {
	fn := c.Frame.Fn
	blk := &fn.Blocks[fn.Instrs[at].Block]
	if len(blk.Succs) != 2 {
		return false
	}
	leads := func(s int32) bool { return s == c.Item.Block || fn.Reach(s)[c.Item.Block] }
	return leads(blk.Succs[edge]) && !leads(blk.Succs[1-edge])
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
	case !always:
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

// lock reports whether a claim is given back however the effect ended: then
// it keeps two requests apart, but not a repeat away.
func (j *judge) lock(c *Occurrence) bool {
	if c.Class != model.ClassClaim && c.Class != model.ClassInsertIgnore {
		return false
	}
	for _, r := range j.all {
		if j.releases(r, c) && unconditional(r) {
			return true
		}
	}
	return false
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
		if inside && c.Frame.Fn != nil && c.Item.Instr >= 0 && len(c.Frame.Fn.Gates(c.Item.Block)) > 0 {
			return false
		}
		inside = inside || c.Item.Mode == eval.Deferred
	}
	return inside
}

// leased reports whether a claim can be taken over when it is old.
func leased(e *eval.Event) bool {
	return e.Stmt != nil && e.Stmt.Upsert && e.Class == model.ClassGuarded
}

// header reports whether the key is read from a header: one in a message may
// be required by its schema, out of sight.
func (j *judge) header() bool {
	for _, k := range j.v.Keys {
		if k.Source == "header" {
			return true
		}
	}
	return false
}

// keyTested reports whether a branch looked at the key before it was claimed.
func (j *judge) keyTested(c *Occurrence) bool {
	if c.Given&eval.Keys == 0 || c.Given&eval.EventID != 0 || !j.header() {
		return true
	}
	for _, v := range c.Conds {
		if v.Tag&(eval.Keys|eval.Tested) != 0 {
			return true
		}
	}
	return false
}
