package eval

import (
	"github.com/idemlint/idemlint/analyzer/internal/lexicon"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// consumer is code that receives from a channel, with what it was run with
// while the program was wired.
type consumer struct {
	fn           *link.Func
	instr        int32
	state        int // the channel's place in a select statement
	params, free []*Val
	targs        map[string]*link.Type
}

// maxConsumers bounds the receivers of one channel that are followed.
const maxConsumers = 4

// queueKeys are the names by which sender and receiver agree on a channel: the
// object that was made, and the field or variable that it is kept in.
func (m *Machine) queueKeys(ch *Val) []string {
	var out []string
	if ch.Kind == Object && ch.Obj.ID <= m.phase {
		out = append(out, "object "+itoa(ch.Obj.ID))
	}
	if slot := m.slotName(ch); slot != "" {
		out = append(out, slot)
	}
	return out
}

// receive is the value of a receive or select: what was sent in this run. In
// the wiring it notes who drains the channel.
func (m *Machine) receive(f *Frame, i int32, in *unit.Instr, t *link.Type) *Val {
	var vals []*Val
	for n, r := range in.Args {
		ch := m.val(f, r)
		if m.Wire != nil {
			m.Wire.Receive(f, i, ch)
		}
		var got []*Val
		for _, c := range ch.Alternatives() {
			if !m.memoOn {
				m.drains(f, i, n, c)
			}
			if v := m.sent(f, c); v != nil {
				got = append(got, v)
			}
		}
		v := &Val{Kind: Unknown, Type: elemType(ch.Type), Tag: ch.Tag, From: ch.From}
		if len(got) > 0 {
			v = join(got...)
		}
		vals = append(vals, v)
	}
	switch {
	case in.N == unit.SelectReceive:
		return results(append([]*Val{unknown, unknown}, vals...), t)
	case len(vals) == 1 && t != nil && t.Kind == unit.KindTuple:
		return results([]*Val{vals[0], unknown}, t)
	case len(vals) == 1:
		return vals[0]
	}
	return m.other(f, in, t)
}

// drains notes a receiver of a channel that outlives the request.
func (m *Machine) drains(f *Frame, i int32, state int, ch *Val) {
	var keys []string
	if ch.Kind == Object {
		keys = append(keys, "object "+itoa(ch.Obj.ID))
	}
	if slot := m.slotName(ch); slot != "" {
		keys = append(keys, slot)
	}
	for _, k := range keys {
		for _, c := range m.consumers[k] {
			if c.fn == f.Fn && c.instr == i {
				return
			}
		}
		if len(m.consumers[k]) < maxConsumers {
			m.consumers[k] = append(m.consumers[k], consumer{f.Fn, i, state, f.params, f.free, f.targs})
		}
	}
}

// sent is what this run has sent on a channel, nil for nothing.
func (m *Machine) sent(f *Frame, ch *Val) *Val {
	if ch.Kind == Object && ch.Obj.ID > m.phase {
		return ch.Obj.Content
	}
	for _, k := range m.queueKeys(ch) {
		if v := m.delivered[k]; v != nil {
			f.require(need{kind: needSent, key: k, sent: v})
			return v
		}
	}
	return nil
}

// deliver follows a value that is sent on a channel to whoever receives it:
// what a worker does with a request's message, the request does.
func (m *Machine) deliver(f *Frame, i int32, ch, v *Val) {
	if !m.memoOn {
		return
	}
	if ch.Kind == Object && ch.Obj.ID > m.phase {
		ch.Obj.Content = m.merge(ch.Obj.Content, v)
		return
	}
	// What is done with the value is what counts, whatever the channel is called.
	if name, ok := m.shared(ch); !ok || lexicon.Observes(placeName(f, i, 0, name)) || lexicon.Observes(ownerName(ch)) {
		return
	}
	keys := m.queueKeys(ch)
	for _, k := range keys {
		if m.delivered[k] != nil {
			f.require(need{kind: needBusy, key: k})
			return // a worker that feeds itself
		}
	}
	for _, c := range m.consumersOf(ch, keys) {
		for _, k := range keys {
			m.delivered[k] = v
		}
		m.consume(f, i, c)
		for _, k := range keys {
			delete(m.delivered, k)
		}
	}
}

// consumersOf lists who receives from a channel: those that the wiring showed,
// else every function that reads the field or variable.
func (m *Machine) consumersOf(ch *Val, keys []string) []consumer {
	for _, k := range keys {
		if cs := m.consumers[k]; len(cs) > 0 {
			return cs
		}
	}
	var out []consumer
	for _, s := range m.Prog.Receives(m.slotName(ch)) {
		if len(out) == maxConsumers {
			break
		}
		c := consumer{fn: s.Fn, instr: s.Instr, state: s.Arg}
		for _, p := range s.Fn.Params {
			c.params = append(c.params, &Val{Kind: Root, Type: s.Fn.TypeAt(p.Type)})
		}
		for _, p := range s.Fn.Free {
			c.free = append(c.free, &Val{Kind: Root, Type: s.Fn.TypeAt(p.Type)})
		}
		out = append(out, c)
	}
	return out
}

// consume runs a receiver beside the sender and keeps what happens behind the
// receive.
func (m *Machine) consume(f *Frame, i int32, c consumer) {
	sub := m.runAnew(c.fn, c.params, c.free, c.targs)
	f.impure = f.impure || sub.impure
	f.require(sub.needs...)
	from := c.fn.Instrs[c.instr].Block
	if c.fn.Instrs[c.instr].N == unit.SelectReceive {
		from = c.fn.SelectCase(c.instr, c.state)
	}
	var items []Item
	for _, it := range sub.Items {
		if it.Instr >= 0 && it.Instr != c.instr && c.fn.Dominates(from, it.Block) {
			items = append(items, it)
		}
	}
	if sub.Items = items; len(items) > 0 {
		f.Items = append(f.Items, Item{Instr: i, Block: f.blockOf(i), Frame: sub, Mode: Goroutine})
	}
}
