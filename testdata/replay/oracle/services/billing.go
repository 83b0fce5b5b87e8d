package services

import (
	"context"
	"time"

	"example.com/billing/server"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

// connectEndpoint describes a procedure, called as JSON over POST.
func connectEndpoint(procedure, key string, body func(trial.Variant) string) trial.Endpoint {
	e := endpoint("connect-go", "POST", procedure, key, request{body: body})
	e.Protocol, e.Method = "connect", "RPC"
	return e
}

func billing() trial.Service {
	const (
		invoices      = "/billing.v1.Invoices/"
		subscriptions = "/billing.v1.Subscriptions/"
	)
	id := always(`{"id":"i-1"}`, `{"id":"i-2"}`)
	amount := withKey(`{"invoiceId":"i-1","amount":70,"requestId":"%KEY%"}`, `{"invoiceId":"i-2","amount":90,"requestId":"%KEY%"}`)
	plan := always(`{"customer":"ann","plan":"pro","seats":3}`, `{"customer":"ben","plan":"team","seats":5}`)
	return trial.Service{
		Module:      "billing",
		Bookkeeping: world.Places{"sql processed_requests", "redis dedupe:*"},
		Prepare: func(ctx context.Context, w *world.World) error {
			return server.Migrate(ctx, w.DB, w.Dialect())
		},
		Seed: func(ctx context.Context, w *world.World) error {
			if _, err := w.DB.ExecContext(ctx, `INSERT INTO subscriptions (id, customer, plan, seats) VALUES ('s-1', 'ann', 'pro', 1), ('s-2', 'ben', 'pro', 1)`); err != nil {
				return err
			}
			_, err := w.DB.ExecContext(ctx, `INSERT INTO invoices (id, total, status, created_at) VALUES ('i-1', 500, 'open', $1), ('i-2', 900, 'open', $1)`, time.Now())
			return err
		},
		Start: func(w *world.World) (*trial.App, error) {
			h := server.New(server.Deps{DB: w.DB, Redis: w.Redis, MailAddr: w.Mail.Addr()})
			return &trial.App{Value: &httpApp{gate: w.Gate, handler: h}}, nil
		},
		Endpoints: []trial.Endpoint{
			connectEndpoint(invoices+"GetInvoice", "", id),
			connectEndpoint(invoices+"PreviewInvoice", "", amount),
			connectEndpoint(invoices+"SetDueDate", "", always(`{"id":"i-1","due":"June"}`, `{"id":"i-1","due":"July"}`)),
			connectEndpoint(invoices+"AddLine", "", amount),
			connectEndpoint(invoices+"CreateInvoice", "", amount),
			connectEndpoint(invoices+"VoidInvoice", "", id),
			connectEndpoint(invoices+"SendInvoice", "", id),
			connectEndpoint(invoices+"RecordPayment", idempotencyKey, amount),
			connectEndpoint(invoices+"CreditNote", "field request_id", amount),
			connectEndpoint(subscriptions+"Subscribe", idempotencyKey, plan),
			connectEndpoint(subscriptions+"AddSeats", idempotencyKey, plan),
		},
	}
}
