// Command httptreemux serves orders with httptreemux: a group's middleware
// holds for the routes that are added after it.
package main

import (
	"database/sql"
	"net/http"

	"github.com/dimfeld/httptreemux/v5"

	"example.com/httptreemux/orders"
)

func claimed(db *sql.DB) httptreemux.MiddlewareFunc {
	return func(next httptreemux.HandlerFunc) httptreemux.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request, params map[string]string) {
			key := r.Header.Get("Idempotency-Key")
			if key == "" {
				http.Error(w, "Idempotency-Key is missing", http.StatusBadRequest)
				return
			}
			if first, err := orders.Claim(db, key); err != nil || !first {
				w.WriteHeader(http.StatusConflict)
				return
			}
			next(w, r, params)
		}
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	r := httptreemux.New()
	r.GET("/orders/:id", h.Get)
	r.POST("/plain", h.Create)
	r.PUT("/closure", func(w http.ResponseWriter, r *http.Request, params map[string]string) { orders.Add(db, "pen") })
	api := r.NewGroup("/api")
	api.POST("/early", h.Create)
	api.UseHandler(func(next http.Handler) http.Handler { return next })
	api.Use(claimed(db))
	api.POST("/guarded", h.Create)
	api.Handle("PATCH", "/handle", h.Create)
	http.ListenAndServe(":8080", r)
}
