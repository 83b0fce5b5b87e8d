package services

import (
	"context"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"example.com/bookings/server"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

func bookings() trial.Service {
	ep := func(method, route, key string, req request) trial.Endpoint {
		return endpoint("echo", method, route, key, req)
	}
	stay := always(`{"room_id":"r-1","guest_id":"1","nights":2}`, `{"room_id":"r-2","guest_id":"1","nights":3}`)
	money := always(`{"booking_id":"b-1","amount":120}`, `{"booking_id":"b-2","amount":80}`)
	return trial.Service{
		Module:      "bookings",
		Bookkeeping: world.Places{"sql request_keys", "redis once:*", "redis used:*"},
		Prepare: func(ctx context.Context, w *world.World) error {
			return server.Migrate(ctx, w.DB, w.Dialect())
		},
		Seed: func(ctx context.Context, w *world.World) error {
			for _, stmt := range []string{
				`INSERT INTO rooms (id, price) VALUES ('r-1', 100), ('r-2', 150)`,
				`INSERT INTO guests (email, name, points) VALUES ('zoe@example.com', 'Zoe', 5)`,
			} {
				if _, err := w.DB.ExecContext(ctx, stmt); err != nil {
					return err
				}
			}
			_, err := w.DB.ExecContext(ctx, `INSERT INTO bookings (id, room_id, guest_id, nights, status, created_at) VALUES ('b-1', 'r-1', '1', 1, 'requested', $1)`, time.Now())
			return err
		},
		Start: func(w *world.World) (*trial.App, error) {
			// The dialect's SQL suits both databases; only the connection differs.
			db, err := gorm.Open(postgres.New(postgres.Config{Conn: w.DB}), &gorm.Config{Logger: logger.Discard})
			if err != nil {
				return nil, err
			}
			h := server.New(server.Deps{DB: db, Redis: w.Redis, MailAddr: w.Mail.Addr()})
			h.Logger.SetLevel(99)
			return &trial.App{Value: &httpApp{gate: w.Gate, handler: h}}, nil
		},
		Endpoints: []trial.Endpoint{
			ep("GET", "/bookings/:id", "", request{target: "/bookings/b-1"}),
			ep("GET", "/rooms", "", request{}),
			ep("POST", "/bookings", idempotencyKey, request{body: stay}),
			ep("POST", "/bookings/:id/confirm", "", request{target: "/bookings/b-1/confirm"}),
			ep("DELETE", "/bookings/:id", "", request{target: "/bookings/b-1"}),
			ep("POST", "/rooms/:id/hold", idempotencyKey, request{target: "/rooms/r-1/hold"}),
			ep("PATCH", "/rooms/:id", "", request{target: "/rooms/r-1", body: always(`{"price":90}`, `{"price":95}`)}),
			ep("POST", "/guests", "", request{body: always(`{"email":"ann@example.com","name":"Ann"}`, `{"email":"ben@example.com","name":"Ben"}`)}),
			ep("PUT", "/guests/:id", "", request{target: "/guests/1", body: always(`{"email":"ann@example.com","name":"Ann"}`, `{"email":"ben@example.com","name":"Ben"}`)}),
			ep("POST", "/guests/:id/points", "", request{target: "/guests/1/points", body: always(`{"points":3}`, `{"points":4}`)}),
			ep("POST", "/payments", idempotencyKey, request{body: money}),
			ep("POST", "/reviews", "", request{body: always(`{"room_id":"r-1","text":"fine"}`, `{"room_id":"r-1","text":"loud"}`)}),
			ep("POST", "/waitlist", "", request{body: always(`{"room_id":"r-1","email":"ann@example.com"}`, `{"room_id":"r-1","email":"ben@example.com"}`)}),
			ep("POST", "/vouchers", idempotencyKey, request{body: always(`{"guest_id":"1","amount":10}`, `{"guest_id":"1","amount":20}`)}),
			ep("POST", "/transfers", idempotencyKey, request{body: money}),
			ep("POST", "/tabs", "", request{body: money}),
			ep("POST", "/messages", "", request{body: always(`{"to":"ann@example.com","text":"hi"}`, `{"to":"ben@example.com","text":"ho"}`)}),
			ep("POST", "/desk/checkins", idempotencyKey, request{body: money}),
		},
	}
}
