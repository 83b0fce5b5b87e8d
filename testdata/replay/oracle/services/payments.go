package services

import (
	"context"
	"time"

	"example.com/payments/server"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

func payments() trial.Service {
	order := always(`{"account_id":"acc-1","amount":1500,"to":"acc-2"}`, `{"account_id":"acc-1","amount":2500,"to":"acc-2"}`)
	post := func(route, key, target string) trial.Endpoint {
		return endpoint("net/http", "POST", route, key, request{target: target, body: order})
	}
	return trial.Service{
		Module:      "payments",
		Bookkeeping: world.Places{"sql idempotency_keys", "redis *"},
		Incidental:  world.Places{"sql audit_log"},
		Prepare: func(ctx context.Context, w *world.World) error {
			return server.Migrate(ctx, w.DB, w.Dialect())
		},
		Seed: func(ctx context.Context, w *world.World) error {
			for _, stmt := range []string{
				`INSERT INTO accounts (id, owner, balance) VALUES ('acc-1', 'ann', 100000), ('acc-2', 'ben', 50000)`,
				`INSERT INTO payees (id, name, iban) VALUES ('p-2', 'Old payee', 'DE00')`,
			} {
				if _, err := w.DB.ExecContext(ctx, stmt); err != nil {
					return err
				}
			}
			_, err := w.DB.ExecContext(ctx, `INSERT INTO payments (id, account_id, amount, status, created_at) VALUES ('pay-1', 'acc-1', 900, 'authorised', $1)`, time.Now())
			return err
		},
		Start: func(w *world.World) (*trial.App, error) {
			return &trial.App{Value: &httpApp{gate: w.Gate, handler: server.New(server.Deps{
				DB: w.DB, Redis: w.Redis, HTTP: w.HTTP, ProviderURL: world.VendorURL, MailAddr: w.Mail.Addr(),
			})}}, nil
		},
		Endpoints: []trial.Endpoint{
			endpoint("net/http", "GET", "/payments", "", request{target: "/payments?account=acc-1"}),
			endpoint("net/http", "GET", "/payments/{id}", "", request{target: "/payments/pay-1"}),
			endpoint("net/http", "GET", "/payments/{id}/receipt/send", "", request{target: "/payments/pay-1/receipt/send"}),
			endpoint("net/http", "GET", "/accounts/{id}/risk", "", request{target: "/accounts/acc-1/risk"}),
			post("/quotes", "", ""),
			post("/payments", idempotencyKey, ""),
			endpoint("net/http", "POST", "/payments/{id}/capture", "", request{target: "/payments/pay-1/capture"}),
			post("/payouts", idempotencyKey, ""),
			post("/transfers", idempotencyKey, ""),
			post("/refunds", "", ""),
			post("/charges", idempotencyKey, ""),
			post("/topups", idempotencyKey, ""),
			post("/fees", idempotencyKey, ""),
			post("/invoices/{id}/pay", idempotencyKey, "/invoices/inv-1/pay"),
			post("/subscriptions", idempotencyKey, ""),
			post("/gift-cards", idempotencyKey, ""),
			post("/disputes", idempotencyKey, ""),
			post("/mandates", idempotencyKey, ""),
			post("/accounts/{id}/sweep", idempotencyKey, "/accounts/acc-1/sweep"),
			post("/adjustments", idempotencyKey, ""),
			post("/deposits", idempotencyKey, ""),
			post("/withdrawals", idempotencyKey, ""),
			post("/holds", idempotencyKey, ""),
			post("/settlements", idempotencyKey, ""),
			post("/chargebacks", idempotencyKey, ""),
			post("/accounts/{id}/credit", "", "/accounts/acc-1/credit"),
			endpoint("net/http", "PUT", "/payees/{id}", "", request{target: "/payees/p-1",
				body: always(`{"name":"Ann","iban":"DE11"}`, `{"name":"Ben","iban":"DE22"}`)}),
			endpoint("net/http", "DELETE", "/payees/{id}", "", request{target: "/payees/p-2"}),
			endpoint("net/http", "PATCH", "/accounts/{id}/limit", "", request{target: "/accounts/acc-1/limit",
				body: always(`{"limit":700}`, `{"limit":800}`)}),
			endpoint("net/http", "PUT", "/accounts/{id}/bonus", "", request{target: "/accounts/acc-1/bonus", body: order}),
		},
	}
}
