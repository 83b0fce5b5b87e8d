package services

import (
	"context"
	"io"

	"github.com/gin-gonic/gin"
	"github.com/jmoiron/sqlx"

	"example.com/wallet/server"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

func walletService() trial.Service {
	gin.SetMode(gin.ReleaseMode)
	gin.DefaultErrorWriter = io.Discard // it logs every injected panic
	ep := func(method, route, key string, req request) trial.Endpoint {
		return endpoint("gin", method, route, key, req)
	}
	amount := always(`{"wallet":"w-1","amount":100}`, `{"wallet":"w-2","amount":250}`)
	login := ep("POST", "/api/logins", "", request{body: always(`{"otp":"111111"}`, `{"otp":"222222"}`)})
	login.Given = func(ctx context.Context, w *world.World, _ []string) error {
		return w.Redis.MSet(ctx, "otp:111111", "w-1", "otp:222222", "w-2").Err()
	}
	return trial.Service{
		Module:      "wallet",
		Bookkeeping: world.Places{"sql idempotency", "redis idem:*", "redis cached:*", "redis claim:*", "redis lock:*", "redis event-keys"},
		Incidental:  world.Places{"redis cache:*"},
		Prepare: func(ctx context.Context, w *world.World) error {
			return server.Migrate(ctx, w.DB, w.Dialect())
		},
		Seed: func(ctx context.Context, w *world.World) error {
			for _, stmt := range []string{
				`INSERT INTO wallets (id, owner, balance, cards) VALUES ('w-1', 'ann', 10000, 2), ('w-2', 'ben', 20000, 1)`,
				`INSERT INTO cards (wallet, card) VALUES ('w-1', 'c-1'), ('w-1', 'c-2'), ('w-2', 'c-3')`,
			} {
				if _, err := w.DB.ExecContext(ctx, stmt); err != nil {
					return err
				}
			}
			return nil
		},
		Start: func(w *world.World) (*trial.App, error) {
			h := server.New(sqlx.NewDb(w.DB, w.DriverName()), w.Redis)
			return &trial.App{Value: &httpApp{gate: w.Gate, handler: h}}, nil
		},
		Endpoints: []trial.Endpoint{
			ep("GET", "/api/wallets/:id", "", request{target: "/api/wallets/w-1"}),
			ep("POST", "/api/wallets", "", request{body: always(`{"id":"w-9","owner":"cat"}`, `{"id":"w-8","owner":"dan"}`)}),
			ep("PUT", "/api/wallets/:id/settings", "", request{target: "/api/wallets/w-1/settings",
				body: always(`{"theme":"dark"}`, `{"theme":"light"}`)}),
			ep("DELETE", "/api/wallets/:id/cards/:card", "", request{target: "/api/wallets/w-1/cards/c-1"}),
			ep("POST", "/api/limits/:id", "", request{target: "/api/limits/w-1", body: always(`{"limit":500,"version":1}`, `{"limit":600,"version":1}`)}),
			ep("POST", "/api/limits/:id/raise", "", request{target: "/api/limits/w-1/raise", body: amount}),
			login,
			ep("POST", "/api/bonuses", "", request{body: amount}),
			ep("POST", "/api/notifications", "", request{body: always(`{"wallet":"w-1","text":"hi"}`, `{"wallet":"w-2","text":"ho"}`)}),
			ep("POST", "/api/transfers", idempotencyKey, request{body: amount}),
			ep("POST", "/api/exchanges", idempotencyKey, request{body: amount}),
			ep("POST", "/api/claims", idempotencyKey, request{body: amount}),
			ep("POST", "/api/airdrops", idempotencyKey, request{body: amount}),
			ep("POST", "/api/events", idempotencyKey, request{body: always(`{"kind":"seen","body":"a"}`, `{"kind":"seen","body":"b"}`)}),
			ep("POST", "/api/batches", "field idempotency_key", request{
				body: withKey(`{"idempotency_key":"%KEY%","label":"june","size":3}`, `{"idempotency_key":"%KEY%","label":"july","size":4}`)}),
			ep("POST", "/api/reversals", "field reference", request{
				body: withKey(`{"wallet":"w-1","amount":40,"reference":"%KEY%"}`, `{"wallet":"w-2","amount":50,"reference":"%KEY%"}`)}),
			ep("POST", "/api/wallets/:id/deposit", idempotencyKey, request{target: "/api/wallets/w-1/deposit", body: amount}),
			ep("POST", "/api/wallets/:id/withdraw", idempotencyKey, request{target: "/api/wallets/w-1/withdraw", body: amount}),
			ep("POST", "/api/payroll/:id", idempotencyKey, request{target: "/api/payroll/w-1", body: amount}),
		},
	}
}
