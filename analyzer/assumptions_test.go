package analyzer_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/idemlint/idemlint/analyzer"
	"github.com/idemlint/idemlint/analyzer/report"
)

const assumed = `
-- go.mod --
module example.com/app

go 1.24
-- .idemlint.yml --
endpoints:
  - match: {route: /edge}
    set: guarded-by gateway
    reason: the gateway deduplicates
  - match: {owner: "@billing"}
    set: waived
    reason: billing replays by hand
-- CODEOWNERS --
* @all @ops
/bill/ @billing
-- main.go --
package main

import (
	"database/sql"
	"net/http"

	"example.com/app/bill"
)

type server struct{ db *sql.DB }

//idemlint:ignore missing-key the device numbers its messages
func (s server) device(w http.ResponseWriter, r *http.Request) {
	s.db.Exec("INSERT INTO messages (text) VALUES ($1)", r.FormValue("text"))
}

func (s server) edge(w http.ResponseWriter, r *http.Request) {
	s.db.Exec("INSERT INTO orders (text) VALUES ($1)", r.FormValue("text"))
}

//idemlint:idempotent the ledger drops what it has
func book(db *sql.DB) { db.Exec("INSERT INTO ledger (n) VALUES (1)") }

func main() {
	db, _ := sql.Open("pgx", "")
	s := server{db}
	http.HandleFunc("POST /device", s.device)
	http.HandleFunc("POST /edge", s.edge)
	bill.Routes(db)
	book(db)
	http.ListenAndServe(":8080", nil)
}
-- bill/bill.go --
package bill

import (
	"database/sql"
	"net/http"
)

func Routes(db *sql.DB) {
	http.HandleFunc("POST /bill", func(w http.ResponseWriter, r *http.Request) {
		db.Exec("INSERT INTO bills (text) VALUES ($1)", r.FormValue("text"))
	})
}
`

// run analyses an archive as a module in a repository of its own.
func runArchive(t *testing.T, archive string) *report.Document {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		write(t, filepath.Join(dir, filepath.FromSlash(f.Name)), f.Data)
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, ".git"), 0o755))
	res, err := analyzer.Run(context.Background(), analyzer.Options{Dir: dir})
	require.NoError(t, err)
	require.Empty(t, res.Document.Problems)
	return res.Document
}

func TestAssumptionsAreListed(t *testing.T) {
	doc := runArchive(t, assumed)
	require.Equal(t, []report.Assumption{
		{Kind: "waiver", Pos: "bill/bill.go:9:18", Text: "POST /bill: missing-key: billing replays by hand", Count: 1},
		{Kind: "waiver", Pos: "main.go:27:18", Text: "POST /device: missing-key: the device numbers its messages", Count: 1},
		{Kind: "guarded-by", Pos: "main.go:28:18", Text: "POST /edge: missing-key: guarded by gateway: the gateway deduplicates", Count: 1},
		{Kind: "idempotent", Pos: "main.go:21:1", Text: "book: the ledger drops what it has", Count: 1},
	}, doc.Assumptions)
}

func TestOwnersComeFromTheRepository(t *testing.T) {
	doc := runArchive(t, assumed)
	owners := map[string]string{}
	for _, e := range doc.Endpoints {
		owners[e.Route] = *e.Owner
	}
	require.Equal(t, map[string]string{"/device": "@all @ops", "/edge": "@all @ops", "/bill": "@billing"}, owners)
}

// Guesses that endpoints share are one assumption.
func TestGuessesAreCounted(t *testing.T) {
	doc := runArchive(t, `
-- go.mod --
module example.com/app

go 1.24
-- main.go --
package main

import "net/http"

type Ledger interface{ CreateBooking(text string) error }

type server struct{ ledger Ledger }

func (s server) book(w http.ResponseWriter, r *http.Request) { s.write(r.FormValue("a")) }

func (s server) note(w http.ResponseWriter, r *http.Request) { s.write(r.FormValue("b")) }

func (s server) write(text string) { s.ledger.CreateBooking(text) }

func main() {
	var s server
	http.HandleFunc("POST /book", s.book)
	http.HandleFunc("POST /note", s.note)
	http.ListenAndServe(":8080", nil)
}
`)
	require.Len(t, doc.Assumptions, 1)
	a := doc.Assumptions[0]
	require.Equal(t, "name", a.Kind)
	require.Equal(t, 2, a.Count)
	require.Contains(t, a.Text, "(server).write ")
}
