package api

import (
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"example.com/till/internal/ledger"
)

type voucher struct {
	Code   string `json:"code"`
	Amount int64  `json:"amount"`
}

// Voucher serves POST /vouchers: claim, voucher and answer are one
// transaction.
func (a *API) Voucher(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var in sale
	if !decode(w, r, &in) {
		return
	}
	ctx := r.Context()
	tx, err := a.db.BeginTx(ctx, nil)
	if err != nil {
		fail(w)
		return
	}
	defer tx.Rollback()
	v := voucher{Code: uuid.NewString(), Amount: in.Amount}
	answer, err := json.Marshal(v)
	if err != nil {
		fail(w)
		return
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO claimed (request_key, answer, at) VALUES ($1, $2, $3)`, "voucher/"+key, string(answer), time.Now())
	if ledger.Duplicate(err) {
		_ = tx.Rollback()
		var old string
		if err := a.db.QueryRowContext(ctx, `SELECT answer FROM claimed WHERE request_key = $1`, "voucher/"+key).Scan(&old); err != nil {
			fail(w)
			return
		}
		reply(w, json.RawMessage(old))
		return
	}
	if err != nil {
		fail(w)
		return
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO vouchers (code, amount) VALUES ($1, $2)`, v.Code, v.Amount); err != nil {
		fail(w)
		return
	}
	if err := tx.Commit(); err != nil {
		fail(w)
		return
	}
	reply(w, v)
}

// Tip serves POST /tips: the rows of the claim tell.
func (a *API) Tip(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var in sale
	if !decode(w, r, &in) {
		return
	}
	ctx := r.Context()
	err := a.inTx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `INSERT INTO claimed (request_key, at) VALUES ($1, $2) ON CONFLICT (request_key) DO NOTHING`, "tip/"+key, time.Now())
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
		return ledger.Put(ctx, tx, "tips", in.Amount)
	})
	if err != nil {
		fail(w)
		return
	}
	reply(w, in)
}

// Float serves POST /floats: the key is a field of the body.
func (a *API) Float(w http.ResponseWriter, r *http.Request) {
	var in sale
	if !decode(w, r, &in) {
		return
	}
	if in.Request == "" {
		http.Error(w, "request_id is required", http.StatusBadRequest)
		return
	}
	ctx := r.Context()
	err := a.inTx(ctx, func(tx *sql.Tx) error {
		first, err := ledger.Claim(ctx, tx, "float/"+in.Request)
		if err != nil {
			return err
		}
		if !first {
			return nil
		}
		return ledger.Book(ctx, tx, in.Card, "float", in.Amount)
	})
	if err != nil {
		fail(w)
		return
	}
	reply(w, in)
}

var errSeen = errors.New("seen before")

// Drop serves POST /drops: an error tells of a duplicate.
func (a *API) Drop(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var in sale
	if !decode(w, r, &in) {
		return
	}
	ctx := r.Context()
	err := a.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO claimed (request_key, at) VALUES ($1, $2)`, "drop/"+key, time.Now()); err != nil {
			if ledger.Duplicate(err) {
				return errSeen
			}
			return err
		}
		return ledger.Book(ctx, tx, in.Card, "drop", in.Amount)
	})
	if err != nil && !errors.Is(err, errSeen) {
		fail(w)
		return
	}
	reply(w, in)
}
