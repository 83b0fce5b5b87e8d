// Package server wires the tills.
package server

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"

	"example.com/till/internal/api"
	"example.com/till/internal/ledger"
	"example.com/till/internal/once"
	"example.com/till/internal/shop"
)

// Deps is what the tills run on.
type Deps struct {
	DB       *sql.DB
	Redis    redis.UniversalClient
	HTTP     *http.Client
	BankURL  string
	MailAddr string
}

// Migrate creates the tables.
func Migrate(ctx context.Context, db *sql.DB, dialect string) error {
	return ledger.Migrate(ctx, db, dialect)
}

// New returns the tills' handler.
func New(d Deps) http.Handler {
	bank := shop.NewBank(d.BankURL, d.HTTP)
	a := api.New(d.DB, d.Redis, bank, d.MailAddr)
	books := ledger.New(d.DB)
	counter := shop.NewCounter(shop.OncePerTicket(shop.NewPoints(books), books))
	runner := once.NewRunner(d.Redis, 24*time.Hour)
	keep := once.NewKeeper(once.NewRedis(d.Redis))

	mux := http.NewServeMux()
	mux.HandleFunc("POST /sales", a.Sale)
	mux.HandleFunc("POST /returns", a.Return)
	mux.HandleFunc("POST /refills", a.Refill)
	mux.HandleFunc("POST /stamps", a.Stamp)
	mux.HandleFunc("POST /bottles", a.Bottle)
	mux.HandleFunc("POST /receipts", a.Receipt)
	mux.HandleFunc("POST /vouchers", a.Voucher)
	mux.HandleFunc("POST /tips", a.Tip)
	mux.HandleFunc("POST /floats", a.Float)
	mux.HandleFunc("POST /drops", a.Drop)
	mux.HandleFunc("POST /points", counter.Earn)
	mux.Handle("POST /labels", keep.Wrap(http.HandlerFunc(a.Label)))
	mux.HandleFunc("POST /gifts", api.Gift(runner, books))
	mux.HandleFunc("POST /shifts", api.Shift(d.Redis, bank))
	return mux
}
