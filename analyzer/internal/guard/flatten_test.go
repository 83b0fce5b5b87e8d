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
