package main

import (
	"database/sql"
	"net/http"

	"github.com/go-chi/chi/v5"

	"example.com/oapi/chiapi"
	"example.com/oapi/orders"
)

func counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

func serveChi(db *sql.DB) {
	h := &orders.Chi{DB: db}
	r := chi.NewRouter()
	chiapi.HandlerFromMux(h, r)
	chiapi.HandlerWithOptions(h, chiapi.ChiServerOptions{
		BaseURL:     "/guarded",
		BaseRouter:  r,
		Middlewares: []chiapi.MiddlewareFunc{counted, orders.Claimed(db)},
	})
	r.Route("/group", func(r chi.Router) {
		r.Use(orders.Claimed(db))
		chiapi.HandlerFromMux(h, r)
	})
	r.Mount("/once", chiapi.Handler(&orders.ChiOnce{Chi: h}))
	r.Post("/closure", func(w http.ResponseWriter, r *http.Request) { orders.Add(db, r.FormValue("item")) })
	http.ListenAndServe(":8080", r)
}
