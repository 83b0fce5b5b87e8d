// Package rpc implements the gRPC services on the book.
package rpc

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/ledger/internal/book"
	"example.com/ledger/ledgerpb"
)

// Transfers implements ledger.v1.Transfers.
type Transfers struct {
	ledgerpb.UnimplementedTransfersServer
	book *book.Book
}

// NewTransfers returns the service on b.
func NewTransfers(b *book.Book) *Transfers { return &Transfers{book: b} }

// Transfer moves money.
func (t *Transfers) Transfer(ctx context.Context, in *ledgerpb.TransferRequest) (*ledgerpb.Entry, error) {
	e, err := t.book.Move(ctx, in.GetFrom(), in.GetTo(), in.GetAmount())
	return entry(e), translate(err)
}

// Refund gives money back.
func (t *Transfers) Refund(ctx context.Context, in *ledgerpb.MoneyRequest) (*ledgerpb.Entry, error) {
	e, err := t.book.Post(ctx, in.GetAccountId(), in.GetAmount(), "refund")
	return entry(e), translate(err)
}

// BatchTransfer moves money as long as the caller sends.
func (t *Transfers) BatchTransfer(stream grpc.ClientStreamingServer[ledgerpb.TransferRequest, ledgerpb.Count]) error {
	var n int64
	for {
		in, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return stream.SendAndClose(&ledgerpb.Count{Count: n})
		}
		if err != nil {
			return err
		}
		if _, err := t.book.Move(stream.Context(), in.GetFrom(), in.GetTo(), in.GetAmount()); err != nil {
			return translate(err)
		}
		n++
	}
}

func entry(e book.Entry) *ledgerpb.Entry {
	return &ledgerpb.Entry{Id: e.ID, AccountId: e.AccountID, Amount: e.Amount, Kind: e.Kind}
}

func account(a book.Account) *ledgerpb.Account {
	return &ledgerpb.Account{Id: a.ID, Owner: a.Owner, Balance: a.Balance, Overdraft: a.Overdraft, Closed: a.Closed}
}

func translate(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, book.ErrNotFound):
		return status.Error(codes.NotFound, err.Error())
	default:
		return status.Error(codes.Internal, err.Error())
	}
}
