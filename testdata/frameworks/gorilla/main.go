// Command gorilla serves orders with gorilla/mux and gorilla/handlers:
// middleware holds at match time, for sub-routers too, whenever it was added.
package main

import (
	"database/sql"
	"net/http"
	"os"

	"github.com/gorilla/handlers"
	"github.com/gorilla/mux"

	"example.com/gorilla/orders"
)

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	r := mux.NewRouter()
	r.HandleFunc("/orders/{id}", h.Get).Methods(http.MethodGet)
	r.HandleFunc("/plain", h.Create).Methods("POST")
	r.Methods("POST").Path("/closure").HandlerFunc(func(w http.ResponseWriter, r *http.Request) { orders.Add(db, "pen") })
	r.Handle("/wrapped", orders.Claimed(db)(http.HandlerFunc(h.Create))).Methods("PUT", "PATCH")
	r.Path("/by-method").Handler(handlers.MethodHandler{
		"GET":  http.HandlerFunc(h.Get),
		"POST": handlers.LoggingHandler(os.Stdout, http.HandlerFunc(h.Create)),
	})
	api := r.PathPrefix("/api").Subrouter()
	sub := api.PathPrefix("/v1").Subrouter()
	sub.HandleFunc("/guarded", h.Create).Methods("POST")
	api.Use(orders.Claimed(db))
	http.ListenAndServe(":8080", handlers.CombinedLoggingHandler(os.Stdout, handlers.CompressHandler(r)))
}
