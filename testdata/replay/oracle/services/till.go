package services

import (
	"context"

	"example.com/till/server"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

func till() trial.Service {
	body := always(`{"card":"c-1","amount":700}`, `{"card":"c-2","amount":900}`)
	post := func(route, key string, body func(trial.Variant) string) trial.Endpoint {
		return endpoint("net/http", "POST", route, key, request{body: body})
	}
	inBody := withKey(`{"request_id":"%KEY%","card":"c-1","amount":700,"customer":"ann","n":3}`, `{"request_id":"%KEY%","card":"c-2","amount":900,"customer":"ben","n":4}`)
	return trial.Service{
		Module:      "till",
		Bookkeeping: world.Places{"sql claimed", "redis *"},
		Prepare: func(ctx context.Context, w *world.World) error {
			return server.Migrate(ctx, w.DB, w.Dialect())
		},
		Seed: func(ctx context.Context, w *world.World) error {
			_, err := w.DB.ExecContext(ctx, `INSERT INTO drawers (id, amount) VALUES ('front', 5000), ('tips', 100)`)
			return err
		},
		Start: func(w *world.World) (*trial.App, error) {
			return &trial.App{Value: &httpApp{gate: w.Gate, handler: server.New(server.Deps{
				DB: w.DB, Redis: w.Redis, HTTP: w.HTTP, BankURL: world.VendorURL, MailAddr: w.Mail.Addr(),
			})}}, nil
		},
		Endpoints: []trial.Endpoint{
			post("/sales", idempotencyKey, body),
			post("/returns", idempotencyKey, body),
			post("/refills", idempotencyKey, body),
			post("/stamps", idempotencyKey, body),
			post("/bottles", idempotencyKey, body),
			post("/receipts", idempotencyKey, body),
			post("/vouchers", idempotencyKey, body),
			post("/tips", idempotencyKey, body),
			post("/floats", "field request_id", inBody),
			post("/drops", idempotencyKey, body),
			post("/points", "field request_id", inBody),
			post("/labels", idempotencyKey, body),
			post("/gifts", idempotencyKey, body),
			post("/shifts", "header X-Request-Id", body),
		},
	}
}
