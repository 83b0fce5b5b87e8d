package rpc

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"example.com/ledger/internal/bank"
	"example.com/ledger/internal/book"
	"example.com/ledger/internal/idem"
	"example.com/ledger/ledgerpb"
)

const keep = 24 * time.Hour

// poster books amounts, once per request where it is asked to.
type poster interface {
	Post(ctx context.Context, account string, amount int64, kind string) (book.Entry, error)
	PostOnce(ctx context.Context, requestID, account string, amount int64, kind string) (book.Entry, error)
}

// Accounts implements ledger.v1.Accounts.
type Accounts struct {
	ledgerpb.UnimplementedAccountsServer
	book   *book.Book
	poster poster
	rdb    redis.UniversalClient
	bank   *bank.Client
}

// NewAccounts returns the service on its stores.
func NewAccounts(b *book.Book, rdb redis.UniversalClient, c *bank.Client) *Accounts {
	return &Accounts{book: b, poster: b, rdb: rdb, bank: c}
}

// GetAccount reads an account.
func (s *Accounts) GetAccount(ctx context.Context, in *ledgerpb.AccountRequest) (*ledgerpb.Account, error) {
	a, err := s.book.Account(ctx, in.GetAccountId())
	return account(a), translate(err)
}

// ListEntries streams an account's entries.
func (s *Accounts) ListEntries(in *ledgerpb.AccountRequest, stream grpc.ServerStreamingServer[ledgerpb.Entry]) error {
	list, err := s.book.Entries(stream.Context(), in.GetAccountId())
	if err != nil {
		return translate(err)
	}
	for _, e := range list {
		if err := stream.Send(entry(e)); err != nil {
			return err
		}
	}
	return nil
}

// OpenAccount opens an account.
func (s *Accounts) OpenAccount(ctx context.Context, in *ledgerpb.OpenAccountRequest) (*ledgerpb.Account, error) {
	if in.GetRequestId() == "" {
		return nil, status.Error(codes.InvalidArgument, "request_id is required")
	}
	a, err := s.book.Open(ctx, in.GetRequestId(), in.GetOwner())
	return account(a), translate(err)
}

// CloseAccount closes an account.
func (s *Accounts) CloseAccount(ctx context.Context, in *ledgerpb.AccountRequest) (*ledgerpb.Account, error) {
	if err := s.book.Close(ctx, in.GetAccountId()); err != nil {
		return nil, translate(err)
	}
	a, err := s.book.Account(ctx, in.GetAccountId())
	return account(a), translate(err)
}

// SetOverdraft sets an account's overdraft.
func (s *Accounts) SetOverdraft(ctx context.Context, in *ledgerpb.MoneyRequest) (*ledgerpb.Account, error) {
	if err := s.book.SetOverdraft(ctx, in.GetAccountId(), in.GetAmount()); err != nil {
		return nil, translate(err)
	}
	a, err := s.book.Account(ctx, in.GetAccountId())
	return account(a), translate(err)
}

// Deposit books money that came in.
func (s *Accounts) Deposit(ctx context.Context, in *ledgerpb.MoneyRequest) (*ledgerpb.Entry, error) {
	e, err := s.poster.Post(ctx, in.GetAccountId(), in.GetAmount(), "deposit")
	return entry(e), translate(err)
}

// Charge books a charge unless the call's key was seen before.
func (s *Accounts) Charge(ctx context.Context, in *ledgerpb.MoneyRequest) (*ledgerpb.Entry, error) {
	key := idem.Key(ctx)
	if key == "" {
		return nil, status.Error(codes.InvalidArgument, "idempotency-key is required")
	}
	id, err := s.rdb.Get(ctx, "charge:"+key).Result()
	if err == nil {
		return &ledgerpb.Entry{Id: id, AccountId: in.GetAccountId(), Amount: -in.GetAmount(), Kind: "charge"}, nil
	}
	if !errors.Is(err, redis.Nil) {
		return nil, status.Error(codes.Unavailable, "try again")
	}
	e, err := s.poster.Post(ctx, in.GetAccountId(), -in.GetAmount(), "charge")
	if err != nil {
		return nil, translate(err)
	}
	if err := s.rdb.Set(ctx, "charge:"+key, e.ID, keep).Err(); err != nil {
		return nil, status.Error(codes.Unavailable, "try again")
	}
	return entry(e), nil
}

// Hold books a hold, once per key.
func (s *Accounts) Hold(ctx context.Context, in *ledgerpb.MoneyRequest) (*ledgerpb.Entry, error) {
	key := idem.Key(ctx)
	if key == "" {
		return nil, status.Error(codes.InvalidArgument, "idempotency-key is required")
	}
	if seen, err := s.rdb.SetNX(ctx, "hold:"+key, in.GetAmount(), keep).Result(); err == nil && !seen {
		return &ledgerpb.Entry{AccountId: in.GetAccountId(), Amount: -in.GetAmount(), Kind: "hold"}, nil
	}
	if _, err := s.poster.Post(ctx, in.GetAccountId(), -in.GetAmount(), "hold"); err != nil {
		s.rdb.Del(context.WithoutCancel(ctx), "hold:"+key)
		return nil, translate(err)
	}
	return &ledgerpb.Entry{AccountId: in.GetAccountId(), Amount: -in.GetAmount(), Kind: "hold"}, nil
}

// Freeze books a freeze, once per key.
func (s *Accounts) Freeze(ctx context.Context, in *ledgerpb.MoneyRequest) (*ledgerpb.Entry, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	if keys := md["Idempotency-Key"]; len(keys) > 0 {
		ok, err := s.rdb.SetNX(ctx, "freeze:"+keys[0], "1", keep).Result()
		if err != nil {
			return nil, status.Error(codes.Unavailable, "try again")
		}
		if !ok {
			return nil, status.Error(codes.AlreadyExists, "duplicate call")
		}
	}
	e, err := s.poster.Post(ctx, in.GetAccountId(), -in.GetAmount(), "freeze")
	return entry(e), translate(err)
}

// Adjust books an adjustment; the poster knows repeats by the request id.
func (s *Accounts) Adjust(ctx context.Context, in *ledgerpb.MoneyRequest) (*ledgerpb.Entry, error) {
	if in.GetRequestId() == "" {
		return nil, status.Error(codes.InvalidArgument, "request_id is required")
	}
	e, err := s.poster.PostOnce(ctx, in.GetRequestId(), in.GetAccountId(), in.GetAmount(), "adjustment")
	return entry(e), translate(err)
}

// Fee books a fee.
func (s *Accounts) Fee(ctx context.Context, in *ledgerpb.MoneyRequest) (*ledgerpb.Entry, error) {
	e, err := s.poster.PostOnce(ctx, uuid.NewString(), in.GetAccountId(), -in.GetAmount(), "fee")
	return entry(e), translate(err)
}

// Settle books a settlement and tells the bank, once per request id.
func (s *Accounts) Settle(ctx context.Context, in *ledgerpb.MoneyRequest) (*ledgerpb.Entry, error) {
	if in.GetRequestId() == "" {
		return nil, status.Error(codes.InvalidArgument, "request_id is required")
	}
	if _, err := s.bank.Send(ctx, "", in.GetAccountId(), in.GetAmount()); err != nil {
		return nil, status.Error(codes.Unavailable, err.Error())
	}
	e, err := s.poster.PostOnce(ctx, in.GetRequestId(), in.GetAccountId(), -in.GetAmount(), "settlement")
	return entry(e), translate(err)
}

// Payout asks the bank to pay; the bank knows repeats by the request id.
func (s *Accounts) Payout(ctx context.Context, in *ledgerpb.MoneyRequest) (*ledgerpb.Entry, error) {
	if in.GetRequestId() == "" {
		return nil, status.Error(codes.InvalidArgument, "request_id is required")
	}
	id, err := s.bank.Send(ctx, in.GetRequestId(), in.GetAccountId(), in.GetAmount())
	if err != nil {
		return nil, status.Error(codes.Unavailable, err.Error())
	}
	return &ledgerpb.Entry{Id: id, AccountId: in.GetAccountId(), Amount: -in.GetAmount(), Kind: "payout"}, nil
}
