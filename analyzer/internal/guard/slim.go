package guard

import "github.com/idemlint/idemlint/analyzer/internal/eval"

// Slim lets go of what was needed for judging only: the frames and values of
// the whole request. What stays tells where things happen and what they are.
func (v *Verdict) Slim() {
	v.Decisive, v.Mismatch = v.Decisive.Slim(), nil
	for _, list := range []*[]*Occurrence{&v.Unguarded, &v.Keyless, &v.Guarded, &v.Keys, &v.Claims, &v.Others, &v.Checks, &v.PerAttempt, &v.Retried, &v.Unkeyed} {
		*list = slimList(*list)
	}
	for i := range v.Flaws {
		v.Flaws[i].Claim, v.Flaws[i].Effect = v.Flaws[i].Claim.Slim(), v.Flaws[i].Effect.Slim()
	}
}

// maxKept bounds how many events of a kind are kept of an endpoint.
const maxKept = 8

func slimList(list []*Occurrence) []*Occurrence {
	if len(list) > maxKept {
		list = list[:maxKept]
	}
	out := make([]*Occurrence, len(list))
	for i, o := range list {
		out[i] = o.Slim()
	}
	return out
}

// Slim is the occurrence without the values that went into it.
func (o *Occurrence) Slim() *Occurrence {
	if o == nil {
		return nil
	}
	ev := *o.Event
	ev.Recv, ev.Args, ev.Identity, ev.GivenFrom, ev.Dedupe, ev.TTL = nil, nil, nil, nil, nil, nil
	out := &Occurrence{Event: &ev, Tx: o.Tx, Mode: o.Mode}
	for _, c := range o.Path {
		item := eval.Item{Instr: c.Item.Instr, Block: c.Item.Block, Mode: c.Item.Mode, Alternative: c.Item.Alternative}
		if c.Item.Frame != nil {
			item.Frame = &eval.Frame{Fn: c.Item.Frame.Fn}
		}
		out.Path = append(out.Path, Call{Frame: &eval.Frame{Fn: c.Frame.Fn}, Item: &item})
	}
	return out
}
