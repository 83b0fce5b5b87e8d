package ticketapi

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"example.com/desk/internal/desk"
)

// Handler serves tickets.
type Handler struct {
	svc *desk.Service
}

// New makes a handler.
func New(svc *desk.Service) *Handler { return &Handler{svc: svc} }

// Create opens a ticket.
func (h *Handler) Create(w http.ResponseWriter, r *http.Request) {
	var t desk.Ticket
	if !read(w, r, &t) {
		return
	}
	id, err := h.svc.Open(r.Context(), t)
	reply(w, http.StatusCreated, map[string]int64{"id": id}, err)
}

// List lists the tickets.
func (h *Handler) List(w http.ResponseWriter, r *http.Request) {
	tickets, err := h.svc.List(r.Context())
	reply(w, http.StatusOK, tickets, err)
}

// Show shows one ticket.
func (h *Handler) Show(w http.ResponseWriter, r *http.Request) {
	t, err := h.svc.Get(r.Context(), id(r))
	reply(w, http.StatusOK, t, err)
}

// Rename gives a ticket another subject.
func (h *Handler) Rename(w http.ResponseWriter, r *http.Request) {
	var t desk.Ticket
	if !read(w, r, &t) {
		return
	}
	reply(w, http.StatusOK, nil, h.svc.Rename(r.Context(), id(r), t.Subject))
}

// Remove deletes a ticket.
func (h *Handler) Remove(w http.ResponseWriter, r *http.Request) {
	reply(w, http.StatusOK, nil, h.svc.Remove(r.Context(), id(r)))
}

// Close closes a ticket.
func (h *Handler) Close(w http.ResponseWriter, r *http.Request) {
	reply(w, http.StatusOK, nil, h.svc.Close(r.Context(), id(r)))
}

// Comment adds a comment to a ticket.
func (h *Handler) Comment(w http.ResponseWriter, r *http.Request) {
	var body struct{ Text string }
	if !read(w, r, &body) {
		return
	}
	reply(w, http.StatusCreated, nil, h.svc.Comment(r.Context(), id(r), body.Text))
}

// Watch notes a watcher.
func (h *Handler) Watch(w http.ResponseWriter, r *http.Request) {
	var body struct{ Email string }
	if !read(w, r, &body) {
		return
	}
	reply(w, http.StatusOK, nil, h.svc.Watch(r.Context(), id(r), body.Email))
}

// Tag makes a tag known.
func (h *Handler) Tag(w http.ResponseWriter, r *http.Request) {
	var body struct{ Name string }
	if !read(w, r, &body) {
		return
	}
	reply(w, http.StatusCreated, nil, h.svc.Tag(r.Context(), body.Name))
}

// Charge books what a ticket costs.
func (h *Handler) Charge(w http.ResponseWriter, r *http.Request) { h.book(w, r) }

// Tip books what a customer gives beyond that.
func (h *Handler) Tip(w http.ResponseWriter, r *http.Request) { h.book(w, r) }

func (h *Handler) book(w http.ResponseWriter, r *http.Request) {
	var body struct{ Cents int64 }
	if !read(w, r, &body) {
		return
	}
	reply(w, http.StatusCreated, nil, h.svc.Charge(r.Context(), id(r), body.Cents))
}

func id(r *http.Request) int64 {
	n, _ := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	return n
}

func read(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		http.Error(w, "not JSON", http.StatusBadRequest)
		return false
	}
	return true
}

func reply(w http.ResponseWriter, code int, body any, err error) {
	if err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body)
}
