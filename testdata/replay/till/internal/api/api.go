// Package api is the HTTP side of the tills.
package api

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"net/smtp"

	"github.com/redis/go-redis/v9"

	"example.com/till/internal/ledger"
	"example.com/till/internal/shop"
)

const keyHeader = "Idempotency-Key"

// API has a method for each route.
type API struct {
	db       *sql.DB
	rdb      redis.UniversalClient
	bank     *shop.Bank
	mailAddr string
}

// New returns the API on its stores.
func New(db *sql.DB, rdb redis.UniversalClient, bank *shop.Bank, mailAddr string) *API {
	return &API{db: db, rdb: rdb, bank: bank, mailAddr: mailAddr}
}

type sale struct {
	Request string `json:"request_id,omitempty"`
	Card    string `json:"card"`
	Amount  int64  `json:"amount"`
}

func decode(w http.ResponseWriter, r *http.Request, v any) bool {
	if err := json.NewDecoder(r.Body).Decode(v); err != nil {
		http.Error(w, "malformed", http.StatusBadRequest)
		return false
	}
	return true
}

func fail(w http.ResponseWriter) { http.Error(w, "try again", http.StatusInternalServerError) }

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (a *API) mail(to, text string) error {
	return smtp.SendMail(a.mailAddr, nil, "till@example.com", []string{to}, []byte("Subject: Receipt\r\n\r\n"+text+"\r\n"))
}

// Label serves POST /labels behind the keeper.
func (a *API) Label(w http.ResponseWriter, r *http.Request) {
	var in sale
	if !decode(w, r, &in) {
		return
	}
	if err := ledger.Book(r.Context(), a.db, in.Card, "label", in.Amount); err != nil {
		fail(w)
		return
	}
	reply(w, in)
}

// inTx runs work in one transaction.
func (a *API) inTx(ctx context.Context, work func(*sql.Tx) error) error {
	tx, err := a.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := work(tx); err != nil {
		return err
	}
	return tx.Commit()
}
