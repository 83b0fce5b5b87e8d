package config

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzConfig parses any text: it either gives problems that all have a
// position and a text, or a config that digests alike twice and answers
// questions.
func FuzzConfig(f *testing.F) {
	for _, seed := range []string{
		everyKey, policyText, golangciText,
		"a: &a [*a]\n", "models: &a [*a]\n", "? [x]\n: y\n", "strict: !!int true\n", "--- \n...\n---\n", "%YAML 1.1\n---\nindex: off\n",
		"endpoints:\n  - match: {route: '/{', endpoint: '* :a:b<c(d'}\n    require: full\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse("/nowhere/c.yml", data, options)
		if err != nil {
			var problems Problems
			require.ErrorAs(t, err, &problems)
			require.NotEmpty(t, problems)
			for _, p := range problems {
				require.NotEmpty(t, p.Pos.File)
				require.NotEmpty(t, p.Text)
			}
			return
		}
		again, err := Parse("/nowhere/c.yml", data, options)
		require.NoError(t, err)
		require.Equal(t, c.Digest(), again.Digest())
		key := EndpointKey{Protocol: "http", Method: "POST", Route: "/a/{id}", Handler: "x.(*T).M", Package: "x", Owner: "@o"}
		_, index, ok := c.Policy(key)
		require.Equal(t, ok, index >= 0)
		c.KeysOf(key)
		c.ExcludesMain("a/b")
		c.FirstPartyOverride("a/b")
	})
}

// FuzzRoute matches any route against itself and against everything.
func FuzzRoute(f *testing.F) {
	for _, seed := range []string{"/a/{id}", "/:a-:b", "/*rest", "/{x...}", "/{a:[/]{2}}", "/a{b/<c(", "{$}", "//"} {
		f.Add(seed)
	}
	all, err := ParseRouteGlob("**")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, route string) {
		require.True(t, all.Match(route))
		g, err := ParseRouteGlob(route)
		if err == nil {
			require.True(t, g.Match(route), "a route that is a glob matches itself")
		}
	})
}
