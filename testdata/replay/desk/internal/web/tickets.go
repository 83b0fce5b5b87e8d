package web

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"

	"example.com/desk/internal/memory"
)

// JSON turns a function into a handler: it reads the request, calls the
// function and writes what it returns.
func JSON[In, Out any](serve func(context.Context, In) (Out, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in In
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, "malformed", http.StatusBadRequest)
			return
		}
		out, err := serve(r.Context(), in)
		if err != nil {
			failed(w, err)
			return
		}
		_ = json.NewEncoder(w).Encode(out)
	}
}

// Contact asks for a call back.
type Contact struct {
	Who string `json:"who"`
}

// AddContact is the function behind POST /contacts.
func AddContact(s *memory.Store) func(context.Context, Contact) (Contact, error) {
	return func(_ context.Context, c Contact) (Contact, error) {
		s.Contact(c.Who)
		return c, nil
	}
}

// OpenTicket serves POST /tickets.
func OpenTicket(s *memory.Store) http.HandlerFunc {
	return JSON(func(_ context.Context, t memory.Ticket) (memory.Ticket, error) { return s.Add(t), nil })
}

type label struct {
	Title  string `json:"title"`
	Tag    string `json:"tag"`
	Answer string `json:"answer"`
}

// Route is a row of a route table.
type Route struct {
	Method, Path string
	Handler      http.HandlerFunc
}

// TicketRoutes is the route table of tickets.
func TicketRoutes(s *memory.Store, db *sql.DB) []Route {
	return []Route{
		{http.MethodGet, "/tickets/{id}", func(w http.ResponseWriter, r *http.Request) {
			_ = json.NewEncoder(w).Encode(label{Title: s.Title(r.PathValue("id"))})
		}},
		{http.MethodPut, "/tickets/{id}", func(w http.ResponseWriter, r *http.Request) {
			var in label
			if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
				http.Error(w, "malformed", http.StatusBadRequest)
				return
			}
			s.SetTitle(r.PathValue("id"), in.Title)
			w.WriteHeader(http.StatusNoContent)
		}},
		{http.MethodDelete, "/tickets/{id}", func(w http.ResponseWriter, r *http.Request) {
			s.Drop(r.PathValue("id"))
			w.WriteHeader(http.StatusNoContent)
		}},
		{http.MethodPost, "/tickets/{id}/escalate", func(w http.ResponseWriter, r *http.Request) {
			_ = json.NewEncoder(w).Encode(map[string]int{"urgency": s.Escalate(r.PathValue("id"))})
		}},
		{http.MethodPost, "/tickets/{id}/tag", func(w http.ResponseWriter, r *http.Request) {
			var in label
			if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
				http.Error(w, "malformed", http.StatusBadRequest)
				return
			}
			s.Tag(r.PathValue("id"), in.Tag)
			w.WriteHeader(http.StatusNoContent)
		}},
		{http.MethodPost, "/votes", func(w http.ResponseWriter, r *http.Request) {
			var in label
			if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
				http.Error(w, "malformed", http.StatusBadRequest)
				return
			}
			s.Vote(in.Answer)
			w.WriteHeader(http.StatusNoContent)
		}},
		{http.MethodGet, "/unsubscribe", Unsubscribe(db)},
	}
}

// Unsubscribe serves GET /unsubscribe, a link in mails.
func Unsubscribe(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, err := db.ExecContext(r.Context(), `DELETE FROM subscribers WHERE email = $1`, r.URL.Query().Get("email")); err != nil {
			failed(w, err)
			return
		}
		_, _ = w.Write([]byte("you are off the list"))
	}
}
