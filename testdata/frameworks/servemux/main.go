// Command servemux serves orders with net/http alone. There are no groups: a
// mux mounted in another is one, and what is wrapped around it holds for its
// routes. A pattern with a method beats one without, a longer one a shorter; a
// mux is read when a request comes, so the order of calls tells nothing.
package main

import (
	"database/sql"
	"net/http"
	"time"

	"example.com/servemux/orders"
)

func api(h *orders.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", h.Create)
	mux.HandleFunc("GET /orders/{id}", h.Get)
	return mux
}

// byMethod tells the methods apart itself.
func byMethod(h *orders.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet:
			h.Get(w, r)
		case http.MethodPost:
			h.Create(w, r)
		default:
			w.WriteHeader(http.StatusMethodNotAllowed)
		}
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	claimed := orders.Claimed(db)

	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", h.Get)
	mux.HandleFunc("POST /plain", h.Create)
	mux.HandleFunc("/any", h.Create)
	mux.HandleFunc("/switch", byMethod(h))
	mux.Handle("PUT example.com/host/{id}", claimed(http.HandlerFunc(h.Create)))
	mux.Handle("POST /timed", http.TimeoutHandler(claimed(http.HandlerFunc(h.Create)), time.Second, "late"))
	mux.HandleFunc("DELETE\t/closure", func(w http.ResponseWriter, r *http.Request) { orders.Add(db, r.FormValue("item")) })
	mux.Handle("/plain-api/", http.StripPrefix("/plain-api", api(h)))
	mux.Handle("/api/", http.StripPrefix("/api", claimed(api(h))))
	go http.ListenAndServe(":8080", mux)

	http.Handle("POST /default", http.HandlerFunc(h.Create))
	go http.ListenAndServe(":8081", nil)

	// The outermost wrapper of a server is around all of its routes.
	root := http.NewServeMux()
	root.HandleFunc("POST /behind-root", h.Create)
	server := http.Server{Addr: ":8082", Handler: claimed(root)}
	server.ListenAndServe()
}
