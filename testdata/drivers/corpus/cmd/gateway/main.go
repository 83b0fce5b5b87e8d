// Command gateway takes in letters for a desk that is closed.
package main

import (
	"database/sql"
	"log"
	"net/http"

	"example.com/desk/internal/idem"
	"example.com/desk/internal/store"
)

type gateway struct {
	store *store.Store
}

func main() {
	db, err := sql.Open("pgx", "postgres://localhost/desk")
	if err != nil {
		log.Fatal(err)
	}
	g := &gateway{store: store.New(db)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /letters", g.letter)
	mux.Handle("POST /parcels", idem.Once(g.store)(http.HandlerFunc(g.letter)))
	mux.HandleFunc("GET /letters", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	log.Fatal(http.ListenAndServe(":8081", mux))
}

func (g *gateway) letter(w http.ResponseWriter, r *http.Request) {
	if err := g.store.InsertMessage(r.Context(), r.FormValue("from"), r.FormValue("text")); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
	}
}
