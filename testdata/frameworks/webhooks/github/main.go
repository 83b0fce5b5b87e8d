// Command github takes what GitHub sends.
package main

import (
	"database/sql"
	"net/http"

	"github.com/google/go-github/v66/github"

	"example.com/webhooks/orders"
)

var secret = []byte("secret")

func plain(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		payload, err := github.ValidatePayload(r, secret)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		event, err := github.ParseWebHook(github.WebHookType(r), payload)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if e, ok := event.(*github.IssuesEvent); ok {
			orders.Add(db, e.GetIssue().GetTitle())
		}
	}
}

func signed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := github.ValidatePayload(r, secret); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func once(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		first, err := orders.Claim(db, github.DeliveryID(r))
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		if first {
			if err := orders.Add(db, r.FormValue("payload")); err != nil {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	http.Handle("POST /plain", plain(db))
	http.Handle("POST /once", signed(once(db)))
	http.ListenAndServe(":8080", nil)
}
