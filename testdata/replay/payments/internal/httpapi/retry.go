package httpapi

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"example.com/payments/internal/payment"
	"example.com/payments/internal/store"
)

// Settle serves POST /settlements. The provider is asked up to three times.
func (a *API) Settle(w http.ResponseWriter, r *http.Request) {
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	var ref string
	var err error
	for attempt := 0; attempt < 3; attempt++ {
		ref, err = a.provider.Charge(r.Context(), uuid.NewString(), o.AccountID, o.Amount)
		if err == nil {
			break
		}
	}
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, map[string]string{"ref": ref})
}

// Chargeback serves POST /chargebacks. The whole unit of work is retried when
// the database is busy.
func (a *API) Chargeback(w http.ResponseWriter, r *http.Request) {
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	var p store.Payment
	err := withRetry(r.Context(), 3, func(ctx context.Context) error {
		ref, err := a.provider.Charge(ctx, "", o.AccountID, -o.Amount)
		if err != nil {
			return err
		}
		p = store.Payment{ID: uuid.NewString(), AccountID: o.AccountID, Amount: -o.Amount, Status: "charged back", ProviderRef: ref}
		return a.store.InsertPayment(ctx, p)
	})
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, p)
}

func withRetry(ctx context.Context, attempts int, work func(context.Context) error) error {
	var err error
	for i := 0; i < attempts; i++ {
		if err = work(ctx); err == nil {
			return nil
		}
	}
	return err
}
