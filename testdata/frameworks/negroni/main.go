// Command negroni serves orders behind lists of handlers, in their order.
package main

import (
	"database/sql"
	"net/http"

	"github.com/urfave/negroni/v3"

	"example.com/negroni/orders"
)

type claims struct{ db *sql.DB }

// ServeHTTP lets a request with a key through once.
func (c claims) ServeHTTP(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		http.Error(w, "Idempotency-Key is missing", http.StatusBadRequest)
		return
	}
	if first, err := orders.Claim(c.db, key); err != nil || !first {
		w.WriteHeader(http.StatusConflict)
		return
	}
	next(w, r)
}

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", h.Get)
	mux.HandleFunc("POST /plain", h.Create)
	mux.Handle("POST /wrapped", negroni.New(claims{db}, negroni.Wrap(http.HandlerFunc(h.Create))))
	mux.HandleFunc("POST /closure", func(w http.ResponseWriter, r *http.Request) { orders.Add(db, "pen") })

	api := http.NewServeMux()
	api.HandleFunc("POST /api/guarded", h.Create)
	n := negroni.New(negroni.NewRecovery())
	n.Use(claims{db})
	n.UseHandler(api)
	mux.Handle("/api/", n)

	root := negroni.New()
	root.UseFunc(func(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) { next(w, r) })
	root.UseHandler(mux)
	root.Run(":8080")
}
