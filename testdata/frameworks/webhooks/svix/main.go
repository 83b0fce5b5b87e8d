// Command svix takes what Svix, and others that follow Standard Webhooks, send.
package main

import (
	"database/sql"
	"io"
	"net/http"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
	svix "github.com/svix/svix-webhooks/go"

	"example.com/webhooks/orders"
)

func once(db *sql.DB, wh *standard.Webhook) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || wh.Verify(body, r.Header) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		first, err := orders.Claim(db, r.Header.Get("webhook-id"))
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		if !first {
			return
		}
		if err := orders.Add(db, string(body)); err != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	in, _ := svix.NewWebhook("whsec_c2VjcmV0")
	std, _ := standard.NewWebhook("whsec_c2VjcmV0")
	h := &orders.Handler{DB: db, Verify: in.Verify}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /svix", h.Receive)
	mux.HandleFunc("POST /once", once(db, std))
	mux.HandleFunc("POST /unsigned", func(w http.ResponseWriter, r *http.Request) {
		orders.Add(db, r.FormValue("item"))
	})
	http.ListenAndServe(":8080", mux)
}
