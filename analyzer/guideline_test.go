package analyzer_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer"
)

// desk is a service with one endpoint that acts twice.
var desk = map[string]string{
	"go.mod": "module example.com/desk\n\ngo 1.24\n",
	"main.go": `package main

import (
	"database/sql"
	"net/http"
)

func main() {
	db, _ := sql.Open("pgx", "")
	http.HandleFunc("POST /orders", func(w http.ResponseWriter, r *http.Request) {
		db.Exec("INSERT INTO orders (customer) VALUES ($1)", r.FormValue("customer"))
	})
	http.ListenAndServe(":8080", nil)
}
`,
}

// guidelineOf writes the guideline of the service with a config.
func guidelineOf(t *testing.T, config string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range desk {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	if config != "" {
		require.NoError(t, os.WriteFile(filepath.Join(dir, ".idemlint.yml"), []byte(config), 0o644))
	}
	text, err := analyzer.Guideline(t.Context(), analyzer.Options{Dir: dir})
	require.NoError(t, err)
	return text
}

func TestGuidelineOfTheDefaults(t *testing.T) {
	t.Parallel()
	text := guidelineOf(t, "")
	for _, want := range []string{
		"# Idempotency standard of example.com/desk\n",
		"Today 1 endpoint is known; 1 needs a guard, 0 have one without a defect.",
		"the header `Idempotency-Key`", "**How long:** 24 hours",
		"idempotency.WrapFunc(api.placeOrder)", "`idemlint init` writes the guard package",
		"| [missing-key](https://github.com/idemlint/idemlint/blob/main/docs/rules/missing-key.md) |",
	} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, "For single endpoints")
	require.NotContains(t, text, "rules/optional-key.md", "a rule that is off")
}

func TestGuidelineFollowsTheConfig(t *testing.T) {
	t.Parallel()
	text := guidelineOf(t, `strict: true
rules: {optional-key: error, missing-key: off}
require-keys-from: 2099-01-31
keys:
  - {field: order_ref, on: POST /orders}
guard:
  package: example.com/desk/once
  wrap: Handler
  interceptor: UnaryServer
  key-header: X-Request-Key
  ttl: 72h
endpoints:
  - match: {route: "/orders"}
    require: full
  - match: {endpoint: POST /orders}
    set: guarded-by edge
    reason: the edge | deduplicates
    until: 2099-06-30
`)
	for _, want := range []string{
		"a key, always", "the header `X-Request-Key`; for gRPC the metadata entry `x-request-key`; the field `order_ref` of `POST /orders`",
		"**How long:** 3 days", "put `once.Handler` around a handler", "the interceptor `once.UnaryServer`",
		"| `route /orders` | protection has to be full |", "guarded outside of the code by edge, until 2099-06-30 | the edge \\| deduplicates |",
		"until 2099-01-31 such a request is served unguarded", "rules/optional-key.md) |",
	} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, "rules/missing-key.md")
	require.NotContains(t, text, "WrapFunc", "the team has a guard of its own")
}
