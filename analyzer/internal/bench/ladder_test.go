//go:build linux

package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer"
)

// TestGenerate makes a module and lints it: it compiles, and each package has
// a read, an endpoint that acts twice, and one with a claim, which an
// error leaves behind.
func TestGenerate(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, generate(dir, 3))
	res, err := analyzer.Run(context.Background(), analyzer.Options{Dir: dir, Patterns: []string{"./..."}})
	require.NoError(t, err)
	require.Empty(t, res.Document.Problems)
	effects := map[string]int{}
	for _, e := range res.Document.Endpoints {
		effects[e.Method+" "+string(e.Effect)+" "+string(e.Protection)]++
	}
	require.Equal(t, map[string]int{"GET none none": 3, "POST non-idempotent none": 3, "POST non-idempotent partial": 3}, effects)
}
