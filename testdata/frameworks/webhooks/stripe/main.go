// Command stripe takes what Stripe sends.
package main

import (
	"database/sql"
	"io"
	"net/http"

	"github.com/stripe/stripe-go/v82"
	"github.com/stripe/stripe-go/v82/webhook"

	"example.com/webhooks/orders"
)

func event(r *http.Request) (stripe.Event, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return stripe.Event{}, err
	}
	return webhook.ConstructEvent(body, r.Header.Get("Stripe-Signature"), "whsec")
}

func main() {
	db, _ := sql.Open("postgres", "")
	http.HandleFunc("POST /plain", func(w http.ResponseWriter, r *http.Request) {
		ev, err := event(r)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		orders.Add(db, string(ev.Data.Raw))
	})
	http.HandleFunc("POST /once", func(w http.ResponseWriter, r *http.Request) {
		ev, err := event(r)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		first, err := orders.Claim(db, ev.ID)
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		if first {
			if err := orders.Add(db, string(ev.Data.Raw)); err != nil {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}
	})
	http.ListenAndServe(":8080", nil)
}
