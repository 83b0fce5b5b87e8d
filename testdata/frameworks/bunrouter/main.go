// Command bunrouter serves orders with bunrouter: a group has the middleware
// that it was made with.
package main

import (
	"database/sql"
	"net/http"

	"github.com/uptrace/bunrouter"

	"example.com/bunrouter/orders"
)

func claimed(db *sql.DB) bunrouter.MiddlewareFunc {
	return func(next bunrouter.HandlerFunc) bunrouter.HandlerFunc {
		return func(w http.ResponseWriter, req bunrouter.Request) error {
			key := req.Header.Get("Idempotency-Key")
			if key == "" {
				w.WriteHeader(http.StatusBadRequest)
				return nil
			}
			first, err := orders.Claim(db, key)
			if err != nil {
				return err
			}
			if !first {
				w.WriteHeader(http.StatusConflict)
				return nil
			}
			return next(w, req)
		}
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	r := bunrouter.New()
	r.GET("/orders/:id", h.Get)
	r.POST("/plain", h.Create)
	r.PUT("/closure", func(w http.ResponseWriter, req bunrouter.Request) error { return orders.Add(db, "pen") })
	r.Use(claimed(db)).POST("/with", h.Create)
	r.PATCH("/after-with", h.Create)
	r.WithGroup("/api", func(g *bunrouter.Group) {
		g.POST("/plain", h.Create)
		g.Use(claimed(db)).DELETE("/guarded", h.Create)
	})
	g := r.NewGroup("/v1", bunrouter.WithMiddleware(claimed(db)))
	g.Handle(http.MethodPost, "/guarded", h.Create)
	http.ListenAndServe(":8080", r)
}
