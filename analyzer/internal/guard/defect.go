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
)

// expiring are the stores whose records are meant to expire.
var expiring = map[string]bool{"redis": true, "dynamodb": true, "memcached": true}

// commits are the stores that a transaction of a SQL database covers.
var commits = map[string]bool{"sql": true, "": true}

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
		if expiring[c.Store] && c.HasTTL && absent(c.TTL) {
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
	if c.Store == "sql" && !leased(c.Event) {
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
	return e.Stmt != nil && e.Stmt.Upsert && len(e.Stmt.Where) > 0
}

// keyTested reports whether a branch looked at the key before it was claimed.
func (j *judge) keyTested(c *Occurrence) bool {
	if c.Given&eval.StrongKey == 0 || c.Given&eval.EventID != 0 {
		return true
	}
	for _, v := range c.Conds {
		if v.Tag&(eval.Keys|eval.Tested) != 0 {
			return true
		}
	}
	return false
}
