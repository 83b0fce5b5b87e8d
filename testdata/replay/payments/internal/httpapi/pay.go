package httpapi

import (
	"net/http"

	"github.com/google/uuid"

	"example.com/payments/internal/payment"
	"example.com/payments/internal/store"
)

// Pay serves POST /payments.
func (a *API) Pay(w http.ResponseWriter, r *http.Request) {
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	p, err := a.svc.Pay(r.Context(), o)
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, p)
}

// Capture serves POST /payments/{id}/capture.
func (a *API) Capture(w http.ResponseWriter, r *http.Request) {
	p, err := a.svc.Capture(r.Context(), r.PathValue("id"))
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusOK, p)
}

// Payout serves POST /payouts.
func (a *API) Payout(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	p, err := a.svc.Payout(r.Context(), key, o)
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, p)
}

// Transfer serves POST /transfers.
func (a *API) Transfer(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	p, err := a.svc.Transfer(r.Context(), key, o)
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, p)
}

// Refund serves POST /refunds.
func (a *API) Refund(w http.ResponseWriter, r *http.Request) {
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	p, err := a.svc.Refund(r.Context(), o)
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, p)
}

// ChargeForwardingKey serves POST /charges. The provider knows repeats by the
// key that we hand on; nothing is stored here.
func (a *API) ChargeForwardingKey(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	ref, err := a.provider.Charge(r.Context(), key, o.AccountID, o.Amount)
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, map[string]string{"ref": ref})
}

// CreditAccount serves POST /accounts/{id}/credit.
func (a *API) CreditAccount(w http.ResponseWriter, r *http.Request) {
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	if err := a.store.Credit(r.Context(), r.PathValue("id"), "credit", o.Amount); err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// PutPayee serves PUT /payees/{id}.
func (a *API) PutPayee(w http.ResponseWriter, r *http.Request) {
	var p store.Payee
	if !decode(w, r, &p) {
		return
	}
	p.ID = r.PathValue("id")
	if err := a.store.PutPayee(r.Context(), p); err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusOK, p)
}

// DeletePayee serves DELETE /payees/{id}.
func (a *API) DeletePayee(w http.ResponseWriter, r *http.Request) {
	if err := a.store.DeletePayee(r.Context(), r.PathValue("id")); err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// SetLimit serves PATCH /accounts/{id}/limit.
func (a *API) SetLimit(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Limit int64 `json:"limit"`
	}
	if !decode(w, r, &in) {
		return
	}
	if err := a.store.SetLimit(r.Context(), r.PathValue("id"), in.Limit); err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// AddBonus serves PUT /accounts/{id}/bonus.
func (a *API) AddBonus(w http.ResponseWriter, r *http.Request) {
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	_, err := a.db.ExecContext(r.Context(), `UPDATE accounts SET balance = balance + $1 WHERE id = $2`, o.Amount, r.PathValue("id"))
	if err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// Dispute serves POST /disputes.
func (a *API) Dispute(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	w.Header().Set("X-Request-Key", key)
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	p := store.Payment{ID: uuid.NewString(), AccountID: o.AccountID, Amount: o.Amount, Status: "disputed"}
	if err := a.store.InsertPayment(r.Context(), p); err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, p)
}
