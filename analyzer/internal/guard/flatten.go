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
	w := walker{seen: map[visit]bool{}, quiet: map[*eval.Frame]bool{}, items: map[*eval.Frame][]looked{}}
	w.frame(root, way{gates: &gateList{}})
	return w.out
}

type walker struct {
	out  []*Occurrence
	seen map[visit]bool
	// quiet are the frames in which nothing happens, nor in what they call.
	// Runs are shared, so there may be more ways to such a frame than can be gone.
	quiet map[*eval.Frame]bool
	// items are what decides about the items of each frame, for all ways to it.
	items map[*eval.Frame][]looked
}

// visit is what tells the ways to a frame apart.
type visit struct {
	frame *eval.Frame
	gates *gateList
	tx    string
	mode  eval.Mode
}

// looked is what decides whether an item of a frame happens.
type looked struct {
	skip  bool // it is no part of a request
	conds []*eval.Val
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

func (w *walker) frame(f *eval.Frame, to way) {
	if len(w.out) >= maxOccurrences || to.depth() > 100 || w.silent(f) {
		return
	}
	key := visit{f, to.gates, to.tx, to.mode}
	if w.seen[key] {
		return
	}
	w.seen[key] = true
	if f.Begins {
		to.tx = "tx" + strconv.Itoa(len(w.seen))
	}
	looks := w.looks(f)
	for i := range f.Items {
		it := &f.Items[i]
		if looks[i].skip || it.Event == nil && (it.Frame == nil || w.silent(it.Frame)) {
			continue
		}
		on := to.on(f, it, looks[i].conds)
		if it.Mode == eval.InTx {
			on.tx = "tx" + strconv.Itoa(len(w.seen)) + "." + strconv.Itoa(i)
		}
		if it.Event != nil {
			w.out = append(w.out, &Occurrence{Event: it.Event, Path: on.steps.list(), Gates: on.gates.list(), Conds: on.conds.list(), Tx: inTx(it.Event, on.tx), Mode: on.mode})
		}
		if it.Frame != nil {
			w.frame(it.Frame, on)
		}
	}
}

// looks is what decides about the items of a frame.
func (w *walker) looks(f *eval.Frame) []looked {
	known, ok := w.items[f]
	if ok {
		return known
	}
	all := make([]looked, len(f.Items))
	for i := range f.Items {
		it := &f.Items[i]
		if it.Mode == eval.Once || firstUse(f, it) {
			all[i].skip = true
			continue
		}
		all[i].conds = append(itemConds(f, it), it.Behind...)
	}
	w.items[f] = all
	return all
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
