package guard

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
)

// TestFlattenSharedFrames flattens calls of two frames of which each calls the
// next two, and so on: a million millions of ways. Those on which nothing
// happens must not be gone.
func TestFlattenSharedFrames(t *testing.T) {
	t.Parallel()
	const deep = 40
	behind := func(id int) []*eval.Val {
		return []*eval.Val{{From: []eval.Origin{{Event: &eval.Event{ID: id}}}}}
	}
	quiet := &eval.Frame{}
	for i := range deep {
		quiet = &eval.Frame{Items: []eval.Item{
			{Frame: quiet, Behind: behind(2 * i)},
			{Frame: quiet, Behind: behind(2*i + 1)},
		}}
	}
	written := &eval.Event{ID: 2000}
	last := &eval.Frame{Items: []eval.Item{{Event: written}}}
	root := &eval.Frame{Items: []eval.Item{
		{Frame: quiet, Behind: behind(1000)},
		{Frame: last, Behind: behind(1001)},
	}}
	out := flatten(root)
	require.Len(t, out, 1)
	require.Equal(t, written, out[0].Event)
	require.Len(t, out[0].Path, 2)
}

// TestFlattenGatesShared asks for the gates of events behind the same branches:
// each gate is there once, in the order in which the ways come to it, and ways
// with equal gates share one list, since an endpoint can have thousands of both.
func TestFlattenGatesShared(t *testing.T) {
	t.Parallel()
	a, b := &eval.Event{ID: 1}, &eval.Event{ID: 2}
	behind := func(events ...*eval.Event) []*eval.Val {
		v := &eval.Val{}
		for _, e := range events {
			v.From = append(v.From, eval.Origin{Event: e, Part: eval.PartError})
		}
		return []*eval.Val{v}
	}
	inner := &eval.Frame{Items: []eval.Item{
		{Event: &eval.Event{ID: 3}},
		{Event: &eval.Event{ID: 4}, Behind: behind(b, a)},
		{Event: &eval.Event{ID: 5}},
	}}
	root := &eval.Frame{Items: []eval.Item{{Frame: inner, Behind: behind(b, a)}}}
	out := flatten(root)
	require.Len(t, out, 3)
	want := []eval.Origin{{Event: b, Part: eval.PartError}, {Event: a, Part: eval.PartError}}
	for _, o := range out {
		require.Equal(t, want, o.Gates)
	}
	require.Len(t, out[1].Conds, 2)
	require.Same(t, &out[0].Gates[0], &out[2].Gates[0])
}
