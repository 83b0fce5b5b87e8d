package analyzer_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer"
	"github.com/idemlint/idemlint/analyzer/report"
)

// TestIdleMarks: what suppresses nothing and what matches nothing is said of a
// whole module, and full protection that the policy demands makes a finding an
// error.
func TestIdleMarks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), []byte("module example.com/app\n\ngo 1.24\n"))
	write(t, filepath.Join(dir, "main.go"), []byte(`package main

import (
	"database/sql"
	"net/http"
)

var db, _ = sql.Open("pgx", "")

//idemlint:ignore missing-key reads only
func reads(w http.ResponseWriter, r *http.Request) { db.Query("SELECT 1") }

func adds(w http.ResponseWriter, r *http.Request) {
	db.Exec("UPDATE carts SET n = n + 1 WHERE id = $1", r.PathValue("id"))
}

func main() {
	http.HandleFunc("POST /reads", reads)
	http.HandleFunc("PUT /carts/{id}", adds)
	http.ListenAndServe(":80", nil)
}
`))
	write(t, filepath.Join(dir, ".idemlint.yml"), []byte(`endpoints:
  - match: {route: /gone/**}
    set: waived
    reason: nobody calls it
  - match: {route: /carts/**}
    require: full
`))
	res, err := analyzer.Run(context.Background(), analyzer.Options{Dir: dir})
	require.NoError(t, err)
	require.Empty(t, res.Document.Problems)
	require.Len(t, res.Document.Findings, 1)
	require.Equal(t, "unsafe-idempotent-method", res.Document.Findings[0].Rule)
	require.Equal(t, report.Error, res.Document.Findings[0].Severity)
	said := strings.Join(res.Warnings, "\n")
	require.Contains(t, said, ".idemlint.yml:2:5: the endpoints entry (route /gone/**) matches no endpoint")
	require.Contains(t, said, "main.go:10:1: //idemlint:ignore suppresses nothing")
	require.Len(t, res.Warnings, 2)
}
