package guard

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// What a guard may lack without letting a repeat through. Whether it should
// have it is the team's policy, so that none of these lowers the protection.
const (
	// Optional: a request without a key is served unguarded.
	Optional Defect = "runs-without-key"
	// Detached: the effect runs in a goroutine, and may be lost after the
	// request counts as done.
	Detached Defect = "detached"
	// Short: the claim may expire before the request's own timeout.
	Short Defect = "short-claim"
	// Unscoped: what is stored is the caller's key and nothing else.
	Unscoped Defect = "unscoped-key"
	// IgnoresPayload: the same key with another payload is not noticed.
	IgnoresPayload Defect = "ignores-payload"
)

// notes looks for what guards lack.
func (j *judge) notes() {
	if len(j.v.Unguarded) > 0 {
		return
	}
	for _, o := range append(slices.Clone(j.v.Keyless), j.optional...) {
		if !reachedKeyless(o) {
			continue
		}
		for _, c := range j.v.Claims {
			j.flaw(Optional, c, o)
		}
	}
	compares := sync.OnceValue(j.comparesPayload)
	for _, o := range j.v.Guarded {
		c, _ := j.best(o)
		if c == nil {
			continue
		}
		if slices.ContainsFunc(o.Path, func(s Call) bool { return s.Item.Mode == eval.Goroutine && !awaited(s) }) {
			j.flaw(Detached, c, o)
		}
		if ttl, limit := duration(c.TTL), timeout(o); ttl > 0 && limit > ttl && !j.renewed(c) {
			j.v.Flaws = append(j.v.Flaws, Flaw{Defect: Short, Claim: c, Effect: o, Sure: true, TTL: ttl, Timeout: limit})
		}
		if j.keyed(c.Event) && unscoped(c) {
			j.flaw(Unscoped, c, o)
		}
		if j.keyed(c.Event) && c.Class != model.ClassGuarded && !compares() {
			j.flaw(IgnoresPayload, c, o)
		}
	}
}

// renewed reports whether a goroutine keeps on setting the expiry of a claim,
// so that it lives as long as the work does.
func (j *judge) renewed(c *Occurrence) bool {
	return c.Identity != nil && slices.ContainsFunc(j.all, func(r *Occurrence) bool {
		return r.Mode == eval.Goroutine && r.Store == c.Store && r.Event != c.Event && r.Identity != nil && eval.SameVal(r.Identity, c.Identity) &&
			strings.Contains(r.Name, "xpire")
	})
}

// awaited reports whether the function that starts a goroutine waits for it: by
// the Wait of a group, or for what comes out of a channel.
func awaited(c Call) bool {
	fn := c.Frame.Fn
	if fn == nil || c.Item.Instr < 0 {
		return false
	}
	after := fn.Reach(c.Item.Block)
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if !after[in.Block] && (in.Block != c.Item.Block || int32(i) < c.Item.Instr) {
			continue
		}
		if callee := fn.Callee(in); in.Op == unit.OpRecv || callee != nil && callee.Name == "Wait" {
			return true
		}
	}
	return false
}

// duration is a constant duration in nanoseconds, 0 when it is not known.
func duration(v *eval.Val) int64 {
	if v == nil || v.Kind != eval.Const {
		return 0
	}
	n, err := strconv.ParseInt(v.Str, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// timeout is the longest constant timeout that a function on the way to an
// effect sets, 0 for none.
func timeout(o *Occurrence) int64 {
	limit := int64(0)
	for _, s := range o.Path {
		fn := s.Frame.Fn
		if fn == nil {
			continue
		}
		for i := range fn.Instrs {
			in := &fn.Instrs[i]
			if c := fn.Callee(in); in.Op != unit.OpCall || c == nil || c.Pkg != "context" || c.Name != "WithTimeout" {
				continue
			}
			for _, a := range in.Args {
				if a >= 0 || a == unit.NoRef {
					continue
				}
				if l := &fn.Leaves[^a]; l.Kind == unit.LeafConst {
					n, _ := strconv.ParseInt(l.Str, 10, 64)
					limit = max(limit, n)
				}
			}
		}
	}
	return limit
}

// unscoped reports whether the record of a claim is named by the key alone:
// with neither a constant, such as the operation's name, nor anything else of
// the caller's.
func unscoped(c *Occurrence) bool {
	if c.Stmt != nil {
		for i, b := range c.Stmt.Sets {
			if v := bound(c.Event, b.Param, b.Name, i); v != nil && scopes(v) {
				return false
			}
		}
		return true
	}
	return c.Identity != nil && !scopes(c.Identity)
}

// scopes reports whether a value has a part that tells operations or callers
// apart.
func scopes(v *eval.Val) bool {
	found := false
	eval.Walk(v, func(x *eval.Val) bool {
		if x.Key != "" && x.Kind != eval.Join && x.Kind != eval.Binary && !derived(x) {
			return false // the key itself, as it was read
		}
		if t := eval.Deep(x); t&eval.Keys == 0 && t&eval.FromRequest != 0 {
			found = true // another part of the request
		}
		if s, ok := x.ConstString(); ok && s != "" {
			found = true
		}
		if len(x.Args) == 0 && x.Recv == nil && x.Obj == nil && x.Kind != eval.Const && x.Tag&eval.Keys == 0 && x.Tag&(eval.Fresh|eval.Clock) == 0 {
			found = true
		}
		return !found && eval.Deep(x)&eval.Keys != 0
	})
	return found
}

// derived reports whether a value has its key from what it was made of.
func derived(v *eval.Val) bool {
	return v.Recv != nil && v.Recv.Key != "" || slices.ContainsFunc(v.Args, func(a *eval.Val) bool { return a != nil && a.Key != "" })
}

// comparesPayload reports whether a branch compares what is stored with what
// the caller sent, beside the key.
func (j *judge) comparesPayload() bool { return j.anyCond(comparesRequest) }

// anyCond reports whether one of the conditions on the ways to all events is as asked
// for. Ways that lead to many events share frames: each is looked at once.
func (j *judge) anyCond(is func(cond *eval.Val) bool) bool {
	seen := map[*eval.Frame]bool{}
	for _, o := range j.all {
		for _, call := range o.Path {
			if seen[call.Frame] {
				continue
			}
			seen[call.Frame] = true
			for _, cond := range call.Frame.Conds {
				if is(cond) {
					return true
				}
			}
		}
	}
	return false
}

func comparesRequest(cond *eval.Val) bool {
	parts := cond.Args
	if cond.Recv != nil {
		parts = append([]*eval.Val{cond.Recv}, parts...)
	}
	stored, sent := false, false
	for _, p := range parts {
		t := eval.Deep(p)
		switch {
		case t&eval.Stored != 0:
			stored = true
		case t&eval.FromRequest != 0 && t&eval.Keys == 0:
			sent = true
		}
	}
	if stored && sent {
		return true
	}
	return cond.Kind == eval.Binary && cond.Str == "!" && len(cond.Args) == 1 && comparesRequest(cond.Args[0])
}
