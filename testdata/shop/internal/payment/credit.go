package payment

import (
	"context"
	"encoding/json"
	"fmt"

	"example.com/shop/internal/idempotency"
)

// CreditRepository stores customers' credit.
type CreditRepository interface {
	// Balance returns ErrNotFound for an unknown account.
	Balance(ctx context.Context, account string) (int64, error)
	// Move returns ErrNoCredit or ErrNotFound when it moved nothing.
	Move(ctx context.Context, from, to string, cents int64) error
	// InTx runs fn in a transaction: an error rolls back, nil commits.
	InTx(ctx context.Context, fn func(CreditTx) error) error
}

// CreditTx is a transaction on customers' credit.
type CreditTx interface {
	// Claim takes key for this transaction, or returns the stored response.
	Claim(ctx context.Context, key, fingerprint string) (idempotency.Claim, *idempotency.Response, error)
	// Debit takes cents from an account and returns the new balance.
	Debit(ctx context.Context, account string, cents int64) (int64, error)
	// Finish stores the response for those who come again.
	Finish(ctx context.Context, c idempotency.Claim, r idempotency.Response) error
}

// Credit is what the shop does with store credit.
type Credit struct{ repo CreditRepository }

// NewCredit returns a service on repo.
func NewCredit(repo CreditRepository) *Credit { return &Credit{repo: repo} }

// Balance returns an account's balance in cents.
func (c *Credit) Balance(ctx context.Context, account string) (int64, error) {
	return c.repo.Balance(ctx, account)
}

// Transfer moves credit between accounts.
func (c *Credit) Transfer(ctx context.Context, from, to string, cents int64) error {
	if cents <= 0 || from == to {
		return fmt.Errorf("%w: transfer of %d cents from %s to %s", ErrInvalid, cents, from, to)
	}
	return c.repo.Move(ctx, from, to, cents)
}

// Charge pays with store credit and returns the balance after it. Claim,
// debit and stored answer share a transaction, so a key is either unused or
// completely done.
func (c *Credit) Charge(ctx context.Context, key, account string, cents int64) (int64, error) {
	if key == "" || cents <= 0 {
		return 0, fmt.Errorf("%w: idempotency_key and cents are required", ErrInvalid)
	}
	var balance int64
	err := c.repo.InTx(ctx, func(tx CreditTx) error {
		claim, first, err := tx.Claim(ctx, key, fmt.Sprintf("%s %d", account, cents))
		if err != nil {
			return err
		}
		if first != nil {
			return json.Unmarshal(first.Body, &balance)
		}
		if balance, err = tx.Debit(ctx, account, cents); err != nil {
			return err
		}
		body, err := json.Marshal(balance)
		if err != nil {
			return err
		}
		return tx.Finish(ctx, claim, idempotency.Response{Body: body})
	})
	return balance, err
}
