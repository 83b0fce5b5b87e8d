// Command httprouter serves orders with httprouter, which has no middleware of
// its own: functions are put around handlers, or around the router.
package main

import (
	"database/sql"
	"net/http"

	"github.com/julienschmidt/httprouter"

	"example.com/httprouter/orders"
)

func claimed(db *sql.DB, next httprouter.Handle) httprouter.Handle {
	return func(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
		key := r.Header.Get("Idempotency-Key")
		if key == "" {
			http.Error(w, "Idempotency-Key is missing", http.StatusBadRequest)
			return
		}
		if first, err := orders.Claim(db, key); err != nil || !first {
			w.WriteHeader(http.StatusConflict)
			return
		}
		next(w, r, ps)
	}
}

func counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	r := httprouter.New()
	r.GET("/orders/:id", h.Get)
	r.POST("/plain", h.Create)
	r.POST("/guarded", claimed(db, h.Create))
	r.PUT("/closure", func(w http.ResponseWriter, r *http.Request, ps httprouter.Params) { orders.Add(db, "pen") })
	r.Handle("PATCH", "/handle", h.Create)
	r.HandlerFunc(http.MethodPost, "/std", func(w http.ResponseWriter, r *http.Request) { orders.Add(db, "pen") })
	r.Handler("DELETE", "/std", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { orders.Read(db, "1") }))
	http.ListenAndServe(":8080", counted(r))
}
