package orders

import (
	"database/sql"
	"net/http"

	"github.com/go-fuego/fuego"
)

// Handler serves orders.
type Handler struct{ DB *sql.DB }

// Input is a request for an order.
type Input struct{ Item string }

// Create adds an order.
func (h *Handler) Create(c fuego.ContextWithBody[Input]) (string, error) {
	in, err := c.Body()
	if err != nil {
		return "", err
	}
	return in.Item, Add(h.DB, in.Item)
}

// CreateOnce adds an order once for a key.
func (h *Handler) CreateOnce(c fuego.ContextWithBody[Input]) (string, error) {
	key := c.Header("Idempotency-Key")
	if key == "" {
		return "", fuego.BadRequestError{Title: "Idempotency-Key is missing"}
	}
	first, err := Claim(h.DB, key)
	if err != nil {
		return "", err
	}
	if !first {
		return "", fuego.ConflictError{Title: "seen before"}
	}
	return h.Create(c)
}

// Get reads one.
func (h *Handler) Get(c fuego.ContextNoBody) (string, error) { return Read(h.DB, c.PathParam("id")) }

// Claimed lets a request with a key through once.
func Claimed(db *sql.DB) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			key := r.Header.Get("Idempotency-Key")
			if key == "" {
				http.Error(w, "Idempotency-Key is missing", http.StatusBadRequest)
				return
			}
			first, err := Claim(db, key)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			if !first {
				w.WriteHeader(http.StatusConflict)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}
