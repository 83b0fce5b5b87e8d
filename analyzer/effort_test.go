package analyzer_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer"
	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/force"
)

// growing is a program whose values grow with each of few calls: what is
// handed on holds all that was there before, once for every type behind an
// interface, beside a table that is copied.
func growing() string {
	var b strings.Builder
	b.WriteString(`package main

import "database/sql"

type node struct {
	Left, Right *node
	Table       []string
	Next        step
}

type step interface{ do(n *node, db *sql.DB) *node }

var table = []string{` + strings.Repeat(`"row", `, 200) + `}

func main() {}
`)
	const kinds = 10
	for k := range kinds {
		fmt.Fprintf(&b, `
type kind%[1]d struct{ next step }

func (k kind%[1]d) do(n *node, db *sql.DB) *node {
	for range n.Table {
		n = &node{Left: n, Right: &node{Left: n.Left, Right: n, Next: kind%[1]d{k}}, Table: append(n.Table, table...), Next: kind%[2]d{n.Next}}
		db.Exec("UPDATE t SET n = n + 1 WHERE id = $1", n.Table[0])
		n = n.Next.do(k.next.do(n, db), db)
	}
	return n
}
`, k, (k+1)%kinds)
	}
	return b.String()
}

// A walk is bounded by the work that it is, whatever the values are like.
func TestWorkIsBounded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), []byte("module example.com/app\n\ngo 1.24\n"))
	write(t, filepath.Join(dir, "main.go"), []byte(growing()))
	most, sum, n := 0, 0, 0
	_, err := analyzer.Run(context.Background(), analyzer.Options{Dir: dir, Force: force.Options{Function: func(f force.Followed) {
		most, sum, n = max(most, f.Work), sum+f.Work, n+1
	}}})
	require.NoError(t, err)
	require.GreaterOrEqual(t, n, 10)
	require.Greater(t, most, eval.MaxWork/2, "the bound was met")
	require.Less(t, most, eval.MaxWork)
	require.Less(t, sum, 2*eval.MaxWork, "what functions share is bounded, too")
}
