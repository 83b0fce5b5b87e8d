// Package server wires the ledger's gRPC servers.
package server

import (
	"context"
	"database/sql"
	"net/http"

	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"

	"example.com/ledger/internal/bank"
	"example.com/ledger/internal/book"
	"example.com/ledger/internal/idem"
	"example.com/ledger/internal/rpc"
	"example.com/ledger/ledgerpb"
)

// Deps is what the servers run on.
type Deps struct {
	DB      *sql.DB
	Redis   redis.UniversalClient
	HTTP    *http.Client
	BankURL string
}

// Migrate creates the tables.
func Migrate(ctx context.Context, db *sql.DB, dialect string) error {
	return book.Migrate(ctx, db, dialect)
}

// NewTransfers returns the server of transfers.
func NewTransfers(d Deps) *grpc.Server {
	s := grpc.NewServer(
		grpc.ChainUnaryInterceptor(idem.Recover, idem.Unary(d.Redis)),
		grpc.ChainStreamInterceptor(idem.RecoverStream),
	)
	ledgerpb.RegisterTransfersServer(s, rpc.NewTransfers(book.New(d.DB)))
	return s
}

// NewAccounts returns the server of accounts.
func NewAccounts(d Deps) *grpc.Server {
	s := grpc.NewServer(
		grpc.UnaryInterceptor(idem.Recover),
		grpc.StreamInterceptor(idem.RecoverStream),
	)
	ledgerpb.RegisterAccountsServer(s, rpc.NewAccounts(book.New(d.DB), d.Redis, bank.New(d.BankURL, d.HTTP)))
	return s
}
