// Command gozero serves orders with go-zero: routes stand in lists, and
// server-wide middleware holds for all of them whenever it is added.
package main

import (
	"database/sql"
	"net/http"

	"github.com/zeromicro/go-zero/rest"

	"example.com/gozero/orders"
)

func claimed(db *sql.DB) rest.Middleware {
	return func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			key := r.Header.Get("Idempotency-Key")
			if key == "" {
				http.Error(w, "Idempotency-Key is missing", http.StatusBadRequest)
				return
			}
			if first, err := orders.Claim(db, key); err != nil || !first {
				w.WriteHeader(http.StatusConflict)
				return
			}
			next(w, r)
		}
	}
}

func public(db *sql.DB) {
	server := rest.MustNewServer(rest.RestConf{Port: 8080})
	defer server.Stop()
	server.AddRoutes([]rest.Route{
		{Method: http.MethodGet, Path: "/orders", Handler: orders.GetHandler(db)},
		{Method: http.MethodPost, Path: "/plain", Handler: orders.CreateHandler(db)},
		{Method: http.MethodPost, Path: "/once", Handler: orders.OnceHandler(db)},
		{
			Method: http.MethodPut,
			Path:   "/closure",
			Handler: func(w http.ResponseWriter, r *http.Request) {
				orders.Add(db, "pen")
			},
		},
	}, rest.WithPrefix("/api"))
	server.AddRoutes(rest.WithMiddlewares(
		[]rest.Middleware{claimed(db)},
		rest.Route{Method: http.MethodPost, Path: "/guarded", Handler: orders.CreateHandler(db)},
	))
	server.AddRoute(rest.Route{Method: http.MethodPatch, Path: "/single", Handler: orders.CreateHandler(db)})
	server.Start()
}

func internal(db *sql.DB) {
	server := rest.MustNewServer(rest.RestConf{Port: 8081})
	server.AddRoute(rest.Route{Method: http.MethodPost, Path: "/internal", Handler: orders.CreateHandler(db)})
	server.Use(claimed(db))
	server.Start()
}

func main() {
	db, _ := sql.Open("postgres", "")
	go internal(db)
	public(db)
}
