// Package webhook takes the calls of partners; a partner calls again until it
// gets a 2xx.
package webhook

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"

	"example.com/fulfilment/internal/warehouse"
)

// Hooks has a method for each partner.
type Hooks struct {
	store *warehouse.Store
	rdb   redis.UniversalClient
}

// New returns the hooks.
func New(s *warehouse.Store, rdb redis.UniversalClient) *Hooks { return &Hooks{store: s, rdb: rdb} }

type event struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Data struct {
		Order    string `json:"order"`
		Customer string `json:"customer"`
		Credits  int64  `json:"credits"`
		Status   string `json:"status"`
	} `json:"data"`
}

func read(w http.ResponseWriter, r *http.Request) (ev event, ok bool) {
	if err := json.NewDecoder(r.Body).Decode(&ev); err != nil {
		http.Error(w, "malformed event", http.StatusBadRequest)
		return ev, false
	}
	return ev, true
}

func answer(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, "try again", http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// Payments ships what was paid, once per event.
func (h *Hooks) Payments(w http.ResponseWriter, r *http.Request) {
	ev, ok := read(w, r)
	if !ok {
		return
	}
	if ev.ID == "" {
		http.Error(w, "the event has no id", http.StatusBadRequest)
		return
	}
	answer(w, h.store.Once(r.Context(), "webhook/"+ev.ID, func(tx warehouse.Execer) error {
		return warehouse.Ship(r.Context(), tx, ev.Data.Order)
	}))
}

// Checkout grants what a customer bought.
func (h *Hooks) Checkout(w http.ResponseWriter, r *http.Request) {
	ev, ok := read(w, r)
	if !ok {
		return
	}
	if ev.Type != "checkout.session.completed" {
		w.WriteHeader(http.StatusOK)
		return
	}
	answer(w, warehouse.AddCredits(r.Context(), h.store.DB(), ev.Data.Customer, ev.Data.Credits))
}

// Status takes over a carrier's status.
func (h *Hooks) Status(w http.ResponseWriter, r *http.Request) {
	ev, ok := read(w, r)
	if !ok {
		return
	}
	answer(w, warehouse.SetStatus(r.Context(), h.store.DB(), ev.Data.Order, ev.Data.Status))
}

// Push starts a build for a push, unless the delivery was seen.
func (h *Hooks) Push(w http.ResponseWriter, r *http.Request) {
	delivery := r.Header.Get("X-GitHub-Delivery")
	if delivery == "" {
		http.Error(w, "X-GitHub-Delivery is required", http.StatusBadRequest)
		return
	}
	ctx := r.Context()
	n, err := h.rdb.Exists(ctx, "delivery:"+delivery).Result()
	if err != nil {
		answer(w, err)
		return
	}
	if n > 0 {
		w.WriteHeader(http.StatusOK)
		return
	}
	if err := h.build(ctx, r); err != nil {
		answer(w, err)
		return
	}
	answer(w, h.rdb.Set(ctx, "delivery:"+delivery, "1", 72*time.Hour).Err())
}

func (h *Hooks) build(ctx context.Context, r *http.Request) error {
	var in struct{ Ref string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return err
	}
	return warehouse.Build(ctx, h.store.DB(), in.Ref)
}
