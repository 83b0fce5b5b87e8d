package services

import (
	"context"

	"google.golang.org/protobuf/proto"

	"example.com/ledger/ledgerpb"
	"example.com/ledger/server"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

func ledger() trial.Service {
	const (
		transfers = "/ledger.v1.Transfers/"
		accounts  = "/ledger.v1.Accounts/"
		mdKey     = "metadata idempotency-key"
		idKey     = "field request_id"
	)
	newEntry := func() proto.Message { return &ledgerpb.Entry{} }
	newAccount := func() proto.Message { return &ledgerpb.Account{} }
	account := func(v trial.Variant) proto.Message {
		return &ledgerpb.AccountRequest{AccountId: []string{"a-1", "a-2"}[v.Payload]}
	}
	money := func(v trial.Variant) proto.Message {
		return &ledgerpb.MoneyRequest{AccountId: "a-1", Amount: []int64{100, 250}[v.Payload], RequestId: v.Key}
	}
	move := func(v trial.Variant) proto.Message {
		return &ledgerpb.TransferRequest{From: "a-1", To: "a-2", Amount: []int64{100, 250}[v.Payload]}
	}
	open := func(v trial.Variant) proto.Message {
		return &ledgerpb.OpenAccountRequest{RequestId: v.Key, Owner: []string{"ann", "ben"}[v.Payload]}
	}
	one := func(m func(trial.Variant) proto.Message) func(trial.Variant) []proto.Message {
		return func(v trial.Variant) []proto.Message { return []proto.Message{m(v)} }
	}
	return trial.Service{
		Module:      "ledger",
		Bookkeeping: world.Places{"sql requests", "redis *"},
		Prepare: func(ctx context.Context, w *world.World) error {
			return server.Migrate(ctx, w.DB, w.Dialect())
		},
		Seed: func(ctx context.Context, w *world.World) error {
			_, err := w.DB.ExecContext(ctx, `INSERT INTO accounts (id, owner, balance) VALUES ('a-1', 'ann', 1000), ('a-2', 'ben', 2000)`)
			return err
		},
		Start: func(w *world.World) (*trial.App, error) {
			deps := server.Deps{DB: w.DB, Redis: w.Redis, HTTP: w.HTTP, BankURL: world.VendorURL}
			app := &grpcApp{}
			if err := app.serve("ledger.v1.Transfers", server.NewTransfers(deps)); err != nil {
				return nil, err
			}
			if err := app.serve("ledger.v1.Accounts", server.NewAccounts(deps)); err != nil {
				return nil, err
			}
			return &trial.App{Value: app, Close: app.close}, nil
		},
		Endpoints: []trial.Endpoint{
			rpc(transfers+"Transfer", mdKey, move, newEntry),
			rpc(transfers+"Refund", mdKey, money, newEntry),
			stream(transfers+"BatchTransfer", func(v trial.Variant) []proto.Message {
				return []proto.Message{move(v), move(v)}
			}, func() proto.Message { return &ledgerpb.Count{} }),
			rpc(accounts+"GetAccount", "", account, newAccount),
			stream(accounts+"ListEntries", one(account), newEntry),
			rpc(accounts+"OpenAccount", idKey, open, newAccount),
			rpc(accounts+"CloseAccount", "", account, newAccount),
			rpc(accounts+"Deposit", "", money, newEntry),
			rpc(accounts+"SetOverdraft", "", money, newAccount),
			rpc(accounts+"Charge", mdKey, money, newEntry),
			rpc(accounts+"Hold", mdKey, money, newEntry),
			rpc(accounts+"Freeze", mdKey, money, newEntry),
			rpc(accounts+"Adjust", idKey, money, newEntry),
			rpc(accounts+"Fee", idKey, money, newEntry),
			rpc(accounts+"Settle", idKey, money, newEntry),
			rpc(accounts+"Payout", idKey, money, newEntry),
		},
	}
}
