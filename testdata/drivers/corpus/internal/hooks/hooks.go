// Package hooks takes in what other services send.
package hooks

import (
	"encoding/json"
	"net/http"

	"example.com/desk/internal/store"
)

// Mail takes in a mail, which may come twice.
func Mail(s *store.Store) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var mail struct{ From, Text string }
		if err := json.NewDecoder(r.Body).Decode(&mail); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if err := s.InsertMessage(r.Context(), mail.From, mail.Text); err != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}
}

// Bounces takes in bounces.
type Bounces struct {
	Store *store.Store
}

// Take takes in one bounce.
//
//idemlint:guarded-by mailgate the gate delivers every bounce once
func (b *Bounces) Take(w http.ResponseWriter, r *http.Request) {
	if err := b.Store.InsertMessage(r.Context(), "postmaster", r.URL.Query().Get("to")); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// Health says that the service lives.
func Health(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }
