// Command alice serves orders through chains of middleware: a chain that was
// appended to is another one.
package main

import (
	"database/sql"
	"net/http"

	"github.com/justinas/alice"

	"example.com/alice/orders"
)

func counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	base := alice.New(counted)
	guarded := base.Append(orders.Claimed(db))
	mux := http.NewServeMux()
	mux.Handle("GET /orders/{id}", base.ThenFunc(h.Get))
	mux.Handle("POST /plain", base.ThenFunc(h.Create))
	mux.Handle("POST /guarded", guarded.Then(http.HandlerFunc(h.Create)))
	mux.Handle("POST /closure", base.ThenFunc(func(w http.ResponseWriter, r *http.Request) { orders.Add(db, "pen") }))
	mux.Handle("POST /extended", alice.New().Extend(guarded).ThenFunc(h.Create))
	http.ListenAndServe(":8080", base.Then(mux))
}
