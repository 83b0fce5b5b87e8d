// Package payment holds the operations that move money.
package payment

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"

	"example.com/payments/internal/provider"
	"example.com/payments/internal/store"
)

// ErrDuplicate tells that a request with this key was seen before.
var ErrDuplicate = errors.New("duplicate request")

// Service carries out payments.
type Service struct {
	db       *sql.DB
	store    *store.Store
	provider *provider.Client
}

// NewService returns a service on the database and the provider.
func NewService(db *sql.DB, p *provider.Client) *Service {
	return &Service{db: db, store: store.New(db), provider: p}
}

// Order is what a caller asks for.
type Order struct {
	AccountID string `json:"account_id"`
	Amount    int64  `json:"amount"`
	To        string `json:"to,omitempty"`
}

// Pay charges the account at the provider and records the payment.
func (s *Service) Pay(ctx context.Context, o Order) (store.Payment, error) {
	ref, err := s.provider.Charge(ctx, "", o.AccountID, o.Amount)
	if err != nil {
		return store.Payment{}, err
	}
	p := store.Payment{ID: uuid.NewString(), AccountID: o.AccountID, Amount: o.Amount, Status: "paid", ProviderRef: ref}
	return p, s.store.InsertPayment(ctx, p)
}

// Capture takes the money of an authorised payment, once.
func (s *Service) Capture(ctx context.Context, id string) (store.Payment, error) {
	moved, err := s.store.Move(ctx, id, "authorised", "captured")
	if err != nil {
		return store.Payment{}, err
	}
	if moved {
		if err := s.provider.Capture(ctx, id); err != nil {
			return store.Payment{}, err
		}
	}
	return s.store.Payment(ctx, id)
}

// Payout sends money away. The claim on the key, the payout and the stored
// answer are one transaction.
func (s *Service) Payout(ctx context.Context, key string, o Order) (store.Payment, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return store.Payment{}, err
	}
	defer tx.Rollback()
	_, err = tx.ExecContext(ctx, `INSERT INTO idempotency_keys (key, operation, created_at) VALUES ($1, $2, $3)`, key, "payout", time.Now())
	if store.IsDuplicate(err) {
		_ = tx.Rollback()
		return s.stored(ctx, key)
	}
	if err != nil {
		return store.Payment{}, err
	}
	st := store.New(tx)
	p := store.Payment{ID: uuid.NewString(), AccountID: o.AccountID, Amount: o.Amount, Status: "sent"}
	if err := st.Credit(ctx, o.AccountID, "payout", -o.Amount); err != nil {
		return store.Payment{}, err
	}
	if err := st.InsertPayment(ctx, p); err != nil {
		return store.Payment{}, err
	}
	answer, err := json.Marshal(p)
	if err != nil {
		return store.Payment{}, err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE idempotency_keys SET response = $1 WHERE key = $2`, string(answer), key); err != nil {
		return store.Payment{}, err
	}
	return p, tx.Commit()
}

func (s *Service) stored(ctx context.Context, key string) (store.Payment, error) {
	var p store.Payment
	var answer sql.NullString
	if err := s.db.QueryRowContext(ctx, `SELECT response FROM idempotency_keys WHERE key = $1`, key).Scan(&answer); err != nil {
		return p, err
	}
	if !answer.Valid {
		return p, ErrDuplicate
	}
	return p, json.Unmarshal([]byte(answer.String), &p)
}

// Transfer moves money between two accounts. The key is claimed before the
// transaction begins.
func (s *Service) Transfer(ctx context.Context, key string, o Order) (store.Payment, error) {
	res, err := s.db.ExecContext(ctx, `INSERT INTO idempotency_keys (key, operation, response, created_at)
		VALUES ($1, 'transfer', $2, $3) ON CONFLICT (key) DO NOTHING`, key, transferAnswer(key, o), time.Now())
	if err != nil {
		return store.Payment{}, err
	}
	if n, err := res.RowsAffected(); err != nil {
		return store.Payment{}, err
	} else if n == 0 {
		return s.stored(ctx, key)
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return store.Payment{}, err
	}
	defer tx.Rollback()
	st := store.New(tx)
	if err := st.Credit(ctx, o.AccountID, "transfer", -o.Amount); err != nil {
		return store.Payment{}, err
	}
	if err := st.Credit(ctx, o.To, "transfer", o.Amount); err != nil {
		return store.Payment{}, err
	}
	p := store.Payment{ID: "tr-" + key, AccountID: o.AccountID, Amount: o.Amount, Status: "sent"}
	return p, tx.Commit()
}

func transferAnswer(key string, o Order) string {
	b, _ := json.Marshal(store.Payment{ID: "tr-" + key, AccountID: o.AccountID, Amount: o.Amount, Status: "sent"})
	return string(b)
}

// Refund gives money back.
func (s *Service) Refund(ctx context.Context, o Order) (store.Payment, error) {
	p := store.Payment{ID: uuid.NewString(), AccountID: o.AccountID, Amount: -o.Amount, Status: "refunded"}
	if err := s.store.InsertPayment(ctx, p); err != nil {
		return p, err
	}
	return p, s.store.Audit(ctx, o.AccountID, "refund")
}
