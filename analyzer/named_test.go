package analyzer_test

import (
	"context"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer"
)

// TestFindingsNameWhatARepeatAlwaysDoes: of several effects a finding names the
// first, but not one that only happens on some of the ways to a later one.
func TestFindingsNameWhatARepeatAlwaysDoes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put := func(name, text string) { write(t, filepath.Join(dir, name), []byte(text)) }
	put("go.mod", "module example.com/app\n\ngo 1.24\n")
	put("main.go", `package main

import (
	"database/sql"
	"errors"
	"net/http"
)

type shop struct{ db *sql.DB }

func (s *shop) exec(query string, args ...any) error {
	_, err := s.db.Exec(query, args...)
	return err
}

func (s *shop) optional(w http.ResponseWriter, r *http.Request) {
	if tax := r.FormValue("tax"); tax != "" {
		if err := s.exec("INSERT INTO tax_numbers (number) VALUES ($1)", tax); err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
	}
	if r.FormValue("name") == "" {
		http.Error(w, "name is missing", 400)
		return
	}
	if err := s.exec("INSERT INTO customers (name) VALUES ($1)", r.FormValue("name")); err != nil {
		http.Error(w, err.Error(), 500)
	}
}

func (s *shop) basket(user string) (id int, err error) {
	err = s.db.QueryRow("SELECT id FROM baskets WHERE owner = $1", user).Scan(&id)
	if err != nil {
		return 0, err
	}
	if id == 0 {
		return 0, s.exec("INSERT INTO baskets (owner) VALUES ($1)", user)
	}
	return id, nil
}

func (s *shop) put(w http.ResponseWriter, r *http.Request) {
	id, err := s.basket(r.FormValue("user"))
	if err == nil {
		err = s.exec("UPDATE baskets SET items = items + 1 WHERE id = $1", id)
	}
	if err != nil {
		http.Error(w, err.Error(), 500)
	}
}

func (s *shop) first(w http.ResponseWriter, r *http.Request) {
	if err := s.exec("INSERT INTO notes (text) VALUES ($1)", r.FormValue("text")); err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	if r.FormValue("copy") != "" {
		_ = s.exec("INSERT INTO copies (text) VALUES ($1)", r.FormValue("text"))
	}
}

var errClosed = errors.New("closed")

func (s *shop) refuse(open bool) error {
	if !open {
		return errClosed
	}
	return s.exec("INSERT INTO orders (open) VALUES (true)")
}

func (s *shop) refusing(w http.ResponseWriter, r *http.Request) {
	if err := s.refuse(r.FormValue("open") != ""); err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	_ = s.exec("INSERT INTO mails (text) VALUES ('thanks')")
}

func main() {
	db, err := sql.Open("postgres", "")
	if err != nil {
		panic(err)
	}
	s := &shop{db}
	http.HandleFunc("POST /optional", s.optional)
	http.HandleFunc("POST /put", s.put)
	http.HandleFunc("POST /first", s.first)
	http.HandleFunc("POST /refusing", s.refusing)
	_ = http.ListenAndServe(":8080", nil)
}
`)
	res, err := analyzer.Run(context.Background(), analyzer.Options{Dir: dir})
	require.NoError(t, err)
	named := map[string]string{}
	effect := regexp.MustCompile(`^POST (/\w+): .*? ((?:inserts into|updates) \w+)`)
	for _, f := range res.Document.Findings {
		m := effect.FindStringSubmatch(f.Message)
		require.NotNil(t, m, f.Message)
		named[m[1]] = m[2]
	}
	require.Equal(t, map[string]string{
		"/optional": "inserts into customers", "/put": "updates baskets", "/first": "inserts into notes", "/refusing": "inserts into orders",
	}, named)
}
