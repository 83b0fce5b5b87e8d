package orders

import (
	"context"
	"database/sql"
	"errors"

	"example.com/ogen/refunds"
)

// Refunds gives money back.
type Refunds struct{ DB *sql.DB }

// RefundOrder gives that of an order back.
func (r *Refunds) RefundOrder(ctx context.Context, params refunds.RefundOrderParams) error {
	return Add(r.DB, "refund of "+params.ID)
}

// Tokens lets in who has one.
type Tokens struct{}

// HandleToken looks at the token.
func (Tokens) HandleToken(ctx context.Context, _ refunds.OperationName, t refunds.Token) (context.Context, error) {
	if t.Token == "" {
		return nil, errors.New("no token")
	}
	return ctx, nil
}
