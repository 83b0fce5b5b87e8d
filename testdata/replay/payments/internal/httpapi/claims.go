package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"example.com/payments/internal/payment"
	"example.com/payments/internal/store"
)

const claimTTL = 10 * time.Minute

// TopUp serves POST /topups.
func (a *API) TopUp(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	ctx := r.Context()
	old, err := a.rdb.Get(ctx, "topup:"+key).Result()
	if err == nil {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(old))
		return
	}
	if !errors.Is(err, redis.Nil) {
		fail(w, err)
		return
	}
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	p, err := a.svc.Pay(ctx, o)
	if err != nil {
		fail(w, err)
		return
	}
	answer, err := json.Marshal(p)
	if err != nil {
		fail(w, err)
		return
	}
	if err := a.rdb.Set(ctx, "topup:"+key, answer, claimTTL).Err(); err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write(answer)
}

// Fee serves POST /fees.
func (a *API) Fee(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	ok, err := a.rdb.SetNX(r.Context(), "fee:"+key, "1", claimTTL).Result()
	if err == nil && !ok {
		writeJSON(w, http.StatusCreated, map[string]any{"account": o.AccountID, "fee": o.Amount})
		return
	}
	if err := a.store.Credit(r.Context(), o.AccountID, "fee", -o.Amount); err != nil {
		a.rdb.Del(r.Context(), "fee:"+key)
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, map[string]any{"account": o.AccountID, "fee": o.Amount})
}

// PayInvoice serves POST /invoices/{id}/pay.
func (a *API) PayInvoice(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	if err := a.rdb.SetNX(r.Context(), "invoice:"+key, r.PathValue("id"), claimTTL).Err(); err != nil {
		fail(w, err)
		return
	}
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

// Subscribe serves POST /subscriptions.
func (a *API) Subscribe(w http.ResponseWriter, r *http.Request) {
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	key := uuid.NewString()
	ok, err := a.rdb.SetNX(r.Context(), "sub:"+key, "1", claimTTL).Result()
	if err != nil {
		fail(w, err)
		return
	}
	if !ok {
		http.Error(w, "duplicate request", http.StatusConflict)
		return
	}
	p, err := a.svc.Pay(r.Context(), o)
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, p)
}

// GiftCard serves POST /gift-cards.
func (a *API) GiftCard(w http.ResponseWriter, r *http.Request) {
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	a.once(w, r, "gift:"+r.Header.Get(keyHeader), func(ctx context.Context) (any, error) {
		p := store.Payment{ID: uuid.NewString(), AccountID: o.AccountID, Amount: o.Amount, Status: "gift"}
		return p, a.store.InsertPayment(ctx, p)
	})
}

// Mandate serves POST /mandates.
func (a *API) Mandate(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	slog.Info("mandate", "key", key)
	a.once(w, r, "mandate:"+o.AccountID, func(ctx context.Context) (any, error) {
		p := store.Payment{ID: uuid.NewString(), AccountID: o.AccountID, Amount: o.Amount, Status: "mandate"}
		return p, a.store.InsertPayment(ctx, p)
	})
}

// Adjust serves POST /adjustments.
func (a *API) Adjust(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	done := map[string]any{"account": o.AccountID, "adjusted": o.Amount}
	ok, err := a.rdb.SetNX(r.Context(), "adjust:"+key, "1", 0).Result()
	if err != nil {
		fail(w, err)
		return
	}
	if !ok {
		writeJSON(w, http.StatusOK, done)
		return
	}
	committed := false
	defer func() {
		if !committed {
			a.rdb.Del(context.WithoutCancel(r.Context()), "adjust:"+key)
		}
	}()
	if err := a.store.Credit(r.Context(), o.AccountID, "adjust", o.Amount); err != nil {
		fail(w, err)
		return
	}
	committed = true
	writeJSON(w, http.StatusOK, done)
}

// Deposit serves POST /deposits.
func (a *API) Deposit(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	name := "deposit:" + key
	ok, err := a.rdb.SetNX(r.Context(), name, "1", claimTTL).Result()
	if err != nil {
		fail(w, err)
		return
	}
	if !ok {
		http.Error(w, "this deposit was already made", http.StatusConflict)
		return
	}
	made := false
	defer func() {
		if !made {
			a.rdb.Del(context.WithoutCancel(r.Context()), name)
		}
	}()
	p := store.Payment{ID: uuid.NewString(), AccountID: o.AccountID, Amount: o.Amount, Status: "deposit"}
	if err := a.store.InsertPayment(r.Context(), p); err != nil {
		fail(w, err)
		return
	}
	made = true
	writeJSON(w, http.StatusCreated, p)
}

// Withdraw serves POST /withdrawals.
func (a *API) Withdraw(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	name, done := "withdraw:"+key, map[string]any{"account": o.AccountID, "withdrawn": o.Amount}
	ok, err := a.rdb.SetNX(r.Context(), name, "1", claimTTL).Result()
	if err != nil {
		fail(w, err)
		return
	}
	if !ok {
		writeJSON(w, http.StatusOK, done)
		return
	}
	if err := a.store.Credit(r.Context(), o.AccountID, "withdrawal", -o.Amount); err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusOK, done)
}

// Hold serves POST /holds.
func (a *API) Hold(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	name, done := "hold:"+key, map[string]any{"account": o.AccountID, "held": o.Amount}
	ok, err := a.rdb.SetNX(r.Context(), name, "1", claimTTL).Result()
	if err != nil {
		fail(w, err)
		return
	}
	if !ok {
		writeJSON(w, http.StatusOK, done)
		return
	}
	if err := a.store.Book(r.Context(), o.AccountID, "hold", -o.Amount); err != nil {
		a.rdb.Del(context.WithoutCancel(r.Context()), name)
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusOK, done)
}

// Sweep serves POST /accounts/{id}/sweep.
func (a *API) Sweep(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	if err := a.store.Credit(r.Context(), r.PathValue("id"), "sweep", -o.Amount); err != nil {
		fail(w, err)
		return
	}
	a.once(w, r, "sweep:"+key, func(ctx context.Context) (any, error) {
		ref, err := a.provider.Charge(ctx, "", r.PathValue("id"), o.Amount)
		return map[string]string{"ref": ref}, err
	})
}

// once runs act for a name that nobody claimed before and answers later
// requests with the stored result.
func (a *API) once(w http.ResponseWriter, r *http.Request, name string, act func(context.Context) (any, error)) {
	ctx := r.Context()
	first, err := a.rdb.SetNX(ctx, name, "", claimTTL).Result()
	if err != nil {
		fail(w, err)
		return
	}
	if !first {
		answer, err := a.rdb.Get(ctx, name).Result()
		if err != nil || answer == "" {
			http.Error(w, "still running", http.StatusConflict)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(answer))
		return
	}
	kept := false
	defer func() {
		if !kept {
			a.rdb.Del(context.WithoutCancel(ctx), name)
		}
	}()
	result, err := act(ctx)
	if err != nil {
		fail(w, err)
		return
	}
	kept = true
	answer, err := json.Marshal(result)
	if err != nil {
		fail(w, err)
		return
	}
	a.rdb.Set(context.WithoutCancel(ctx), name, answer, 24*time.Hour)
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(answer)
}
