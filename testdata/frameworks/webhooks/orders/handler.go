package orders

import (
	"database/sql"
	"io"
	"net/http"
)

// Verify says whether a webhook's request is what it says it is.
type Verify func(body []byte, h http.Header) error

// Handler serves the webhooks of one sender.
type Handler struct {
	DB     *sql.DB
	Verify Verify
}

// Receive adds an order for every event, those that are sent again too.
func (h *Handler) Receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || h.Verify(body, r.Header) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if err := Add(h.DB, string(body)); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
	}
}
