package eval

import (
	"encoding/binary"
	"hash/maphash"
	"strconv"

	"github.com/idemlint/idemlint/analyzer/internal/link"
)

// digest stands for a key where only equality counts: 128 bits, so that two
// keys with the same one do not come up.
type digest [2]uint64

// seeds are those of the two halves of a digest.
var seeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

// keyWriter writes what tells a value from others. Its memory is used again
// for the next key.
type keyWriter struct {
	b    []byte
	left int // values that may still be written out
	// sums are those of values that were written as parts of other keys since
	// forget: a value that grows is a part of every key that it comes by.
	sums    map[place]sum
	written int // values, for the key at hand
}

// place is a value at a depth, which decides how much of it is written.
type place struct {
	v     *Val
	depth int
}

// sum stands for what a value with its parts is written as.
type sum struct {
	digest digest
	n      int // values that are written out for it
}

// Sums are kept for values of so many parts, and for so many values at once.
const (
	minSummed = 4
	maxSums   = 1 << 16
)

// forget is called when a value changes that may be a part of others.
func (w *keyWriter) forget() { w.sums = nil }

// maxKey is how many values one is made of at most, as far as its key goes.
// Joins of joins that few levels deep have more parts than can be written.
const maxKey = 1000

// maxKeyDepth is how many levels of parts are written.
const maxKeyDepth = 6

// whole writes a value with its parts.
func (w *keyWriter) whole(v *Val) {
	w.left = maxKey
	w.value(v, 0)
}

func digestOf(b []byte) digest {
	return digest{maphash.Bytes(seeds[0], b), maphash.Bytes(seeds[1], b)}
}

// memoKey tells a run of a function from others.
func (m *Machine) memoKey(fn *link.Func, params, free []*Val, targs map[string]*link.Type) digest {
	w := &m.key
	if w.sums == nil || len(w.sums) > maxSums {
		w.sums = map[place]sum{}
	}
	w.written, w.b = 0, append(w.b[:0], fn.Sym...)
	for _, v := range params {
		w.whole(v)
	}
	w.b = append(w.b, '~')
	for _, v := range free {
		w.whole(v)
	}
	for _, n := range fn.TParams {
		if t := targs[n]; t != nil {
			w.b = append(append(w.b, '<'), t.Str...)
		}
	}
	m.work += w.written
	return digestOf(w.b)
}

// value writes objects by identity, everything else by structure: the sum of
// what that is where it has many parts and there is room for all of them.
func (w *keyWriter) value(v *Val, depth int) {
	w.written++
	w.b = append(w.b, '|')
	if v == nil {
		return
	}
	if w.sums == nil || v.Obj != nil || len(v.Args) == 0 && v.Recv == nil || depth > maxKeyDepth || w.left < 0 {
		w.structure(v, depth)
		return
	}
	at, room := len(w.b), w.left
	s, ok := w.sums[place{v, depth}]
	switch {
	case !ok:
		w.structure(v, depth)
		s.n = room - w.left
		if w.left < 0 || s.n < minSummed {
			return
		}
		s.digest = digestOf(w.b[at:])
		w.sums[place{v, depth}] = s
		w.b = w.b[:at]
	case s.n > room:
		w.structure(v, depth)
		return
	default:
		w.left -= s.n
	}
	w.b = binary.LittleEndian.AppendUint64(append(w.b, '='), s.digest[0])
	w.b = binary.LittleEndian.AppendUint64(w.b, s.digest[1])
}

// structure writes what a value is made of.
func (w *keyWriter) structure(v *Val, depth int) {
	w.b = append(w.b, 'a'+byte(v.Kind))
	w.b = strconv.AppendUint(w.b, uint64(v.Tag), 36)
	if v.Filled {
		w.b = append(w.b, '!')
	}
	if v.Type != nil {
		w.b = append(append(w.b, ':'), v.Type.Str...)
	}
	for _, o := range v.From {
		w.b = strconv.AppendInt(append(w.b, 'e'), int64(o.Event.ID), 10)
	}
	if v.Obj != nil {
		w.b = strconv.AppendInt(append(w.b, '#'), int64(v.Obj.ID), 10)
		return
	}
	w.b = append(w.b, v.Str...)
	w.b = strconv.AppendInt(w.b, int64(v.N), 10)
	if v.Fn != nil {
		w.b = append(w.b, v.Fn.Sym...)
	}
	if v.Ext != nil {
		w.b = append(append(w.b, v.Ext.Pkg...), '.')
		w.b = append(append(w.b, v.Ext.Type...), '.')
		w.b = append(w.b, v.Ext.Name...)
	}
	if w.left--; depth > maxKeyDepth || w.left < 0 {
		return
	}
	w.b = append(w.b, '(')
	if v.Recv != nil {
		w.value(v.Recv, depth+1)
	}
	for _, a := range v.Args {
		w.value(a, depth+1)
	}
	w.b = append(w.b, ')')
}

// Key tells a value from others: by identity where it has one, else by what
// it is made of.
func Key(v *Val) string {
	var w keyWriter
	w.whole(v)
	return string(w.b)
}
