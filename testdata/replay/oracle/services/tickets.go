package services

import (
	"context"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"example.com/tickets/server"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

// fiberEndpoint is endpoint for a fiber app, which takes requests in the
// process through Test.
func fiberEndpoint(method, route, key string, req request) trial.Endpoint {
	e := endpoint("fiber", method, route, key, req)
	e.Send = func(ctx context.Context, app any, v trial.Variant) trial.Reply {
		r := req.build(ctx, method, route, key, v)
		res, err := app.(*fiber.App).Test(r, -1)
		if err != nil {
			return trial.Reply{Code: http.StatusText(http.StatusBadGateway), Body: err.Error()}
		}
		return httpReply(res)
	}
	return e
}

func tickets() trial.Service {
	ticket := always(`{"event":"e-1","price":30}`, `{"event":"e-2","price":45}`)
	title := always(`{"title":"Opera"}`, `{"title":"Circus"}`)
	return trial.Service{
		Module:      "tickets",
		Bookkeeping: world.Places{"redis once:*", "redis done:*", "file claims/*"},
		Prepare: func(ctx context.Context, w *world.World) error {
			return server.Migrate(ctx, w.DB, w.Dialect())
		},
		Seed: func(ctx context.Context, w *world.World) error {
			for _, stmt := range []string{
				`INSERT INTO events (id, title) VALUES ('e-1', 'Ballet'), ('e-2', 'Jazz')`,
				`INSERT INTO seats (id) VALUES ('s-1'), ('s-2')`,
			} {
				if _, err := w.DB.ExecContext(ctx, stmt); err != nil {
					return err
				}
			}
			return nil
		},
		Start: func(w *world.World) (*trial.App, error) {
			app := server.New(server.Deps{DB: w.DB, Redis: w.Redis, MailAddr: w.Mail.Addr(), Dir: w.Dir})
			return &trial.App{Value: app, Close: func() { _ = app.Shutdown() }}, nil
		},
		Endpoints: []trial.Endpoint{
			fiberEndpoint("GET", "/events", "", request{}),
			fiberEndpoint("POST", "/events", "", request{body: title}),
			fiberEndpoint("PUT", "/events/:id", "", request{target: "/events/e-9", body: title}),
			fiberEndpoint("DELETE", "/events/:id", "", request{target: "/events/e-1"}),
			fiberEndpoint("POST", "/seats/:id/book", "", request{target: "/seats/s-1/book", body: always(`{"holder":"ann"}`, `{"holder":"ben"}`)}),
			fiberEndpoint("POST", "/orders", "header X-Idempotency-Key", request{body: ticket}),
			fiberEndpoint("POST", "/refunds", idempotencyKey, request{body: ticket}),
			fiberEndpoint("POST", "/checkins", idempotencyKey, request{body: ticket}),
			fiberEndpoint("POST", "/raffles", idempotencyKey, request{body: ticket}),
			fiberEndpoint("POST", "/donations", "header X-Request-Id", request{body: ticket}),
			fiberEndpoint("POST", "/votes", idempotencyKey, request{body: title}),
			fiberEndpoint("POST", "/presales", idempotencyKey, request{body: ticket}),
			fiberEndpoint("POST", "/invites", "", request{body: always(`{"to":"ann@example.com","event":"e-1"}`, `{"to":"ben@example.com","event":"e-1"}`)}),
			fiberEndpoint("POST", "/badges", "", request{body: always(`{"name":"Ann"}`, `{"name":"Ben"}`)}),
			fiberEndpoint("PUT", "/posters/:name", "", request{target: "/posters/opera", body: always(`{"a":1}`, `{"a":2}`)}),
			fiberEndpoint("POST", "/scans", idempotencyKey, request{body: always(`{"ticket":"t-1"}`, `{"ticket":"t-2"}`)}),
		},
	}
}
