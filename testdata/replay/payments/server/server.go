// Package server wires the payments API.
package server

import (
	"context"
	"database/sql"
	"net/http"

	"github.com/redis/go-redis/v9"

	"example.com/payments/internal/httpapi"
	"example.com/payments/internal/idem"
	"example.com/payments/internal/payment"
	"example.com/payments/internal/provider"
	"example.com/payments/internal/store"
)

// Deps is what the API runs on.
type Deps struct {
	DB          *sql.DB
	Redis       redis.UniversalClient
	HTTP        *http.Client
	ProviderURL string
	MailAddr    string
}

// Migrate creates the tables.
func Migrate(ctx context.Context, db *sql.DB, dialect string) error {
	return store.Migrate(ctx, db, dialect)
}

// New returns the API's handler.
func New(d Deps) http.Handler {
	p := provider.New(d.ProviderURL, d.HTTP)
	svc := payment.NewService(d.DB, p)
	api := httpapi.New(d.DB, d.Redis, svc, p, d.MailAddr)
	guard := idem.NewGuard(d.Redis)

	mux := http.NewServeMux()
	mux.HandleFunc("GET /payments", api.ListPayments)
	mux.HandleFunc("GET /payments/{id}", api.GetPayment)
	mux.HandleFunc("GET /payments/{id}/receipt/send", api.SendReceipt)
	mux.HandleFunc("GET /accounts/{id}/risk", api.Risk)
	mux.HandleFunc("POST /quotes", api.Quote)

	mux.HandleFunc("POST /payments", guard.Require(api.Pay))
	mux.HandleFunc("POST /payments/{id}/capture", api.Capture)
	mux.HandleFunc("POST /payouts", api.Payout)
	mux.HandleFunc("POST /transfers", api.Transfer)
	mux.HandleFunc("POST /refunds", api.Refund)
	mux.HandleFunc("POST /charges", api.ChargeForwardingKey)

	mux.HandleFunc("POST /topups", api.TopUp)
	mux.HandleFunc("POST /fees", api.Fee)
	mux.HandleFunc("POST /invoices/{id}/pay", api.PayInvoice)
	mux.HandleFunc("POST /subscriptions", api.Subscribe)
	mux.HandleFunc("POST /gift-cards", api.GiftCard)
	mux.HandleFunc("POST /disputes", api.Dispute)
	mux.HandleFunc("POST /mandates", api.Mandate)
	mux.HandleFunc("POST /accounts/{id}/sweep", api.Sweep)
	mux.HandleFunc("POST /adjustments", api.Adjust)
	mux.HandleFunc("POST /deposits", api.Deposit)
	mux.HandleFunc("POST /withdrawals", api.Withdraw)
	mux.HandleFunc("POST /holds", api.Hold)
	mux.HandleFunc("POST /settlements", guard.Require(api.Settle))
	mux.HandleFunc("POST /chargebacks", guard.Require(api.Chargeback))
	mux.HandleFunc("POST /accounts/{id}/credit", api.CreditAccount)

	mux.HandleFunc("PUT /payees/{id}", api.PutPayee)
	mux.HandleFunc("DELETE /payees/{id}", api.DeletePayee)
	mux.HandleFunc("PATCH /accounts/{id}/limit", api.SetLimit)
	mux.HandleFunc("PUT /accounts/{id}/bonus", api.AddBonus)
	return mux
}
