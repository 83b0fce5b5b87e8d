package services

import (
	"context"

	"example.com/desk/server"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

func desk() trial.Service {
	ep := func(method, route, key, target string, body func(trial.Variant) string) trial.Endpoint {
		return endpoint("net/http", method, route, key, request{target: target, body: body})
	}
	call := always(`{"number":"555-1","to":"ann@example.com","text":"hi"}`, `{"number":"555-2","to":"ben@example.com","text":"ho"}`)
	label := always(`{"title":"lamp","tag":"red","answer":"yes"}`, `{"title":"chair","tag":"blue","answer":"no"}`)
	return trial.Service{
		Module:      "desk",
		Bookkeeping: world.Places{"sql leases", "redis reply:*", "redis broadcast:*"},
		Incidental:  world.Places{"redis session:*"},
		Prepare: func(ctx context.Context, w *world.World) error {
			return server.Migrate(ctx, w.DB, w.Dialect())
		},
		Seed: func(ctx context.Context, w *world.World) error {
			_, err := w.DB.ExecContext(ctx, `INSERT INTO subscribers (email) VALUES ('ann@example.com')`)
			return err
		},
		Start: func(w *world.World) (*trial.App, error) {
			s := server.New(server.Deps{DB: w.DB, Redis: w.Redis, HTTP: w.HTTP, PhoneURL: world.VendorURL,
				MailAddr: w.Mail.Addr(), Dir: w.Dir, Now: w.Now})
			probe := func() []world.Record {
				var out []world.Record
				for place, value := range s.Dump() {
					out = append(out, world.Text("memory", place, value))
				}
				return out
			}
			return &trial.App{Value: &httpApp{gate: w.Gate, handler: s}, Probe: probe, Drain: s.Drain}, nil
		},
		Endpoints: []trial.Endpoint{
			ep("GET", "/tickets/{id}", "", "/tickets/t-1", nil),
			ep("PUT", "/tickets/{id}", "", "/tickets/t-1", label),
			ep("DELETE", "/tickets/{id}", "", "/tickets/t-1", nil),
			ep("POST", "/tickets/{id}/escalate", "", "/tickets/t-1/escalate", nil),
			ep("POST", "/tickets/{id}/tag", "", "/tickets/t-1/tag", label),
			ep("POST", "/votes", "", "", label),
			ep("GET", "/unsubscribe", "", "/unsubscribe?email=ann@example.com", nil),
			ep("POST", "/tickets", "", "", always(`{"customer":"ann","text":"broken"}`, `{"customer":"ben","text":"lost"}`)),
			ep("POST", "/contacts", "", "", always(`{"who":"ann"}`, `{"who":"ben"}`)),
			ep("POST", "/replies", idempotencyKey, "", call),
			ep("POST", "/calls", idempotencyKey, "", call),
			ep("POST", "/surveys", idempotencyKey, "", call),
			ep("POST", "/dials", idempotencyKey, "", call),
			ep("POST", "/conferences", idempotencyKey, "", call),
			ep("POST", "/broadcasts", idempotencyKey, "", call),
			ep("POST", "/heartbeat", "", "/heartbeat?agent=joe", nil),
			ep("POST", "/attachments", "", "", label),
			ep("POST", "/notes", "", "", label),
			ep("POST", "/secure/refunds", idempotencyKey, "", call),
			ep("POST", "/secure/credits", idempotencyKey, "", call),
		},
	}
}
