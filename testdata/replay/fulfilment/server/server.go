// Package server wires the consumers and webhooks.
package server

import (
	"context"
	"database/sql"
	"net/http"

	"github.com/IBM/sarama"
	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"
	"github.com/redis/go-redis/v9"

	"example.com/fulfilment/internal/consume"
	"example.com/fulfilment/internal/warehouse"
	"example.com/fulfilment/internal/webhook"
)

// Deps is what consumers and webhooks run on.
type Deps struct {
	DB         *sql.DB
	Redis      redis.UniversalClient
	Subscriber message.Subscriber
	Publisher  message.Publisher
}

// Migrate creates the tables.
func Migrate(ctx context.Context, db *sql.DB, dialect string) error {
	return warehouse.Migrate(ctx, db, dialect)
}

// NewRouter returns the consumers of the message bus.
func NewRouter(d Deps) (*message.Router, error) {
	router, err := message.NewRouter(message.RouterConfig{}, watermill.NopLogger{})
	if err != nil {
		return nil, err
	}
	router.AddMiddleware(middleware.Recoverer)
	h := consume.NewHandlers(warehouse.New(d.DB))

	router.AddConsumerHandler("order-placed", "orders.placed", d.Subscriber, h.OrderPlaced)
	router.AddConsumerHandler("order-paid", "orders.paid", d.Subscriber, h.OrderPaid)
	router.AddConsumerHandler("order-cancelled", "orders.cancelled", d.Subscriber, h.OrderCancelled)
	router.AddConsumerHandler("stock-counted", "stock.counted", d.Subscriber, h.StockCounted)
	router.AddHandler("payment-captured", "payments.captured", d.Subscriber, "mails.wanted", d.Publisher, h.PaymentCaptured)
	router.AddConsumerHandler("points-earned", "points.earned", d.Subscriber, h.PointsEarned)
	router.AddConsumerHandler("bonus-granted", "bonuses.granted", d.Subscriber, h.BonusGranted)
	router.AddConsumerHandler("invoice-due", "invoices.due", d.Subscriber, h.InvoiceDue).
		AddMiddleware(consume.Dedupe(d.Redis))
	router.AddConsumerHandler("invoice-corrected", "invoices.corrected", d.Subscriber, h.InvoiceDue).
		AddMiddleware(consume.DedupeUndo(d.Redis))
	return router, nil
}

// NewEntries returns the consumer of ledger.entries.
func NewEntries(d Deps) sarama.ConsumerGroupHandler { return consume.NewEntries(warehouse.New(d.DB)) }

// NewRefunds returns the consumer of ledger.refunds.
func NewRefunds(d Deps) sarama.ConsumerGroupHandler { return consume.NewRefunds(warehouse.New(d.DB)) }

// NewWebhooks returns the handler of the partners' calls.
func NewWebhooks(d Deps) http.Handler {
	hooks := webhook.New(warehouse.New(d.DB), d.Redis)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /webhooks/payments", hooks.Payments)
	mux.HandleFunc("POST /webhooks/checkout", hooks.Checkout)
	mux.HandleFunc("POST /webhooks/status", hooks.Status)
	mux.HandleFunc("POST /webhooks/push", hooks.Push)
	return mux
}
