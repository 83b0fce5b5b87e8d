// Package guard judges what happens in an endpoint: which effects a replay
// repeats, which claims stand in front of them, and on what the verdict rests.
package guard

import (
	"slices"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
)

// Occurrence is an event with the way that leads to it.
type Occurrence struct {
	*eval.Event
	Path []Call
	// Gates are the events that decide whether it happens, from all frames of
	// the path, outermost first.
	Gates []eval.Origin
	// Conds are the conditions of the branches that it stands behind.
	Conds []*eval.Val
	// Tx names the transaction that it belongs to, "" for none.
	Tx   string
	Mode eval.Mode
}

// Call is one step of a path: the frame, and the item in it that leads on.
type Call struct {
	Frame *eval.Frame
	Item  *eval.Item
}

// maxOccurrences bounds what one endpoint is judged by.
const maxOccurrences = 4000

// flatten lists the events of a frame and of all that it calls, in order.
func flatten(root *eval.Frame) []*Occurrence {
	w := walker{seen: map[string]bool{}, quiet: map[*eval.Frame]bool{}}
	w.frame(root, nil, nil, nil, "", eval.Plain)
	return w.out
}

type walker struct {
	out  []*Occurrence
	seen map[string]bool
	// quiet are the frames in which nothing happens, nor in what they call.
	// Runs are shared, so there may be more ways to such a frame than can be gone.
	quiet map[*eval.Frame]bool
}

// silent reports whether a frame is quiet.
func (w *walker) silent(f *eval.Frame) bool {
	known, ok := w.quiet[f]
	if ok {
		return known
	}
	w.quiet[f] = true
	for i := range f.Items {
		it := &f.Items[i]
		if it.Event != nil || it.Frame != nil && !w.silent(it.Frame) {
			w.quiet[f] = false
			return false
		}
	}
	return true
}

func (w *walker) frame(f *eval.Frame, path []Call, gates []eval.Origin, conds []*eval.Val, tx string, mode eval.Mode) {
	if len(w.out) >= maxOccurrences || len(path) > 100 || w.silent(f) {
		return
	}
	key := frameKey(f, gates, tx, mode)
	if w.seen[key] {
		return
	}
	w.seen[key] = true
	if f.Begins {
		tx = "tx" + strconv.Itoa(len(w.seen))
	}
	for i := range f.Items {
		it := &f.Items[i]
		if it.Mode == eval.Once || firstUse(f, it) {
			continue
		}
		looks := append(itemConds(f, it), it.Behind...)
		all, tests := gates, conds
		if len(looks) > 0 {
			all, tests = slices.Clone(gates), append(slices.Clone(conds), looks...)
			for _, c := range looks {
				all = append(all, c.From...)
			}
		}
		step := slices.Concat(path, []Call{{f, it}})
		m, t := mode, tx
		if it.Mode != eval.Plain {
			m = it.Mode
		}
		if it.Mode == eval.InTx {
			t = "tx" + strconv.Itoa(len(w.seen)) + "." + strconv.Itoa(i)
		}
		if it.Event != nil {
			w.out = append(w.out, &Occurrence{Event: it.Event, Path: step, Gates: all, Conds: tests, Tx: inTx(it.Event, t), Mode: m})
		}
		if it.Frame != nil {
			w.frame(it.Frame, step, all, tests, t, m)
		}
	}
}

// firstUse reports whether an item is part of what a process does once.
func firstUse(f *eval.Frame, it *eval.Item) bool {
	return len(f.FirstUse) > 0 && it.Block >= 0 && slices.ContainsFunc(f.Fn.Gates(it.Block), func(g link.Gate) bool { return slices.Contains(f.FirstUse, g) })
}

// inTx is the transaction that covers an event among those of a frame that
// runs one: what is sent to another kind of store, or to the database itself
// instead of its transaction, is not part of it.
func inTx(e *eval.Event, tx string) string {
	if tx == "" || expiring[e.Store] {
		return ""
	}
	if strings.Contains(tx, ".") || e.Recv == nil || e.Recv.Type == nil {
		return tx
	}
	t := e.Recv.Type
	if t.Name == "" && t.Elem != nil {
		t = t.Elem
	}
	if (t.Name == "DB" || t.Name == "Pool") && !strings.Contains(t.Pkg, "gorm") {
		return ""
	}
	return tx
}

func frameKey(f *eval.Frame, gates []eval.Origin, tx string, mode eval.Mode) string {
	var b strings.Builder
	b.WriteString(f.ID())
	b.WriteString(tx)
	b.WriteByte(byte('0' + mode))
	for _, g := range gates {
		b.WriteByte(',')
		b.WriteString(strconv.Itoa(g.Event.ID))
		b.WriteByte(byte('0' + g.Part))
	}
	return b.String()
}

// itemConds are the conditions of the branches that decide whether an item
// happens.
func itemConds(f *eval.Frame, it *eval.Item) []*eval.Val {
	if f.Fn == nil {
		return nil
	}
	gates := f.Fn.Gates
	var out []*eval.Val
	add := func(at int32) {
		if c := f.Conds[at]; c != nil {
			out = append(out, c)
		}
	}
	if it.Instr == eval.AtEnd {
		ends, _ := f.Fn.EndGates(f.Stops)
		for _, g := range ends {
			add(g.If)
		}
		return out
	}
	for _, g := range gates(it.Block) {
		add(g.If)
	}
	for _, a := range f.After {
		if f.Fn.Dominates(a.Block, it.Block) {
			out = append(out, a.Cond)
		}
	}
	return out
}
