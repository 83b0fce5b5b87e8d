package guard

import (
	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
)

// Slimmer lets go of what was needed for judging only: the frames and values of
// whole requests. What stays tells where things happen and what they are, and
// is shared where it is the same.
type Slimmer struct {
	frames map[*link.Func]*eval.Frame
	events map[*eval.Event]*eval.Event // of the endpoint at hand
	made   map[*Occurrence]*Occurrence // as are these
}

// Verdict begins an endpoint.
func (s *Slimmer) Verdict(v *Verdict) {
	s.events, s.made = nil, nil
	v.Decisive, v.Sought, v.Mismatch = s.Occurrence(v.Decisive), nil, nil
	for _, list := range []*[]*Occurrence{&v.Unguarded, &v.Keyless, &v.Guarded, &v.Keys, &v.Claims, &v.Others, &v.Checks, &v.PerAttempt, &v.Retried, &v.Unkeyed} {
		*list = s.list(*list)
	}
	for i := range v.Flaws {
		v.Flaws[i].Claim, v.Flaws[i].Effect = s.Occurrence(v.Flaws[i].Claim), s.Occurrence(v.Flaws[i].Effect)
	}
}

// maxKept bounds how many events of a kind are kept of an endpoint.
const maxKept = 8

func (s *Slimmer) list(list []*Occurrence) []*Occurrence {
	if len(list) > maxKept {
		list = list[:maxKept]
	}
	out := make([]*Occurrence, len(list))
	for i, o := range list {
		out[i] = s.Occurrence(o)
	}
	return out
}

// Occurrence is an occurrence without the values that went into it.
func (s *Slimmer) Occurrence(o *Occurrence) *Occurrence {
	if o == nil {
		return nil
	}
	if out, ok := s.made[o]; ok {
		return out
	}
	out := &Occurrence{Event: s.event(o.Event), Tx: o.Tx, Mode: o.Mode, Path: make([]Call, len(o.Path))}
	for i, c := range o.Path {
		item := eval.Item{Instr: c.Item.Instr, Block: c.Item.Block, Mode: c.Item.Mode, Alternative: c.Item.Alternative}
		if c.Item.Frame != nil {
			item.Frame = s.frame(c.Item.Frame.Fn)
		}
		out.Path[i] = Call{Frame: s.frame(c.Frame.Fn), Item: &item}
	}
	if s.made == nil {
		s.made = map[*Occurrence]*Occurrence{}
	}
	s.made[o] = out
	return out
}

func (s *Slimmer) event(e *eval.Event) *eval.Event {
	if out, ok := s.events[e]; ok {
		return out
	}
	out := *e
	out.Recv, out.Args, out.Named, out.Identity, out.GivenFrom, out.Dedupe, out.TTL = nil, nil, nil, nil, nil, nil, nil
	if s.events == nil {
		s.events = map[*eval.Event]*eval.Event{}
	}
	s.events[e] = &out
	return &out
}

// frame stands for all runs of a function.
func (s *Slimmer) frame(fn *link.Func) *eval.Frame {
	out := s.frames[fn]
	if out == nil {
		if s.frames == nil {
			s.frames = map[*link.Func]*eval.Frame{}
		}
		out = &eval.Frame{Fn: fn}
		s.frames[fn] = out
	}
	return out
}
