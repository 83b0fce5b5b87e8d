// Package stripe declares what the cases use of stripe-go.
package stripe

type Params struct{ IdempotencyKey *string }

func (p *Params) SetIdempotencyKey(val string) { p.IdempotencyKey = &val }

type RefundParams struct {
	Params
	Amount *int64
	Charge *string
}

type Refund struct{ ID string }

type Event struct {
	ID   string
	Type string
}

func String(v string) *string { return &v }

func Int64(v int64) *int64 { return &v }
