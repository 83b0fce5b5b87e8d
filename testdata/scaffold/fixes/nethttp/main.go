package main

import (
	"database/sql"
	"net/http"
)

type api struct{ db *sql.DB }

func (a *api) create(w http.ResponseWriter, r *http.Request) {
	if _, err := a.db.ExecContext(r.Context(), "INSERT INTO orders (sku) VALUES ($1)", r.FormValue("sku")); err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
	}
}

func (a *api) handler() http.Handler { return http.HandlerFunc(a.create) }

type route struct {
	pattern string
	handler http.HandlerFunc
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	a := &api{db}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /method", a.create)
	mux.HandleFunc("POST /closure", func(w http.ResponseWriter, r *http.Request) { a.create(w, r) })
	mux.Handle("POST /handler", a.handler())
	mux.Handle("POST /converted", http.HandlerFunc(a.create))
	for _, r := range []route{
		{"POST /table", a.create},
		{pattern: "POST /named", handler: a.create},
	} {
		mux.HandleFunc(r.pattern, r.handler)
	}
	_ = http.ListenAndServe(":8080", mux)
}
