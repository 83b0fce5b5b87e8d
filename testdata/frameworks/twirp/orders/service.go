package orders

import (
	"context"
	"database/sql"

	"github.com/twitchtv/twirp"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// Service implements the RPCs.
type Service struct{ DB *sql.DB }

// Create adds an order.
func (s *Service) Create(ctx context.Context, in *wrapperspb.StringValue) (*wrapperspb.StringValue, error) {
	return in, Add(s.DB, in.GetValue())
}

// Get reads one.
func (s *Service) Get(ctx context.Context, in *wrapperspb.StringValue) (*wrapperspb.StringValue, error) {
	item, err := Read(s.DB, in.GetValue())
	return wrapperspb.String(item), err
}

// Once adds an order once for a key.
type Once struct{ *Service }

// Create adds an order.
func (s Once) Create(ctx context.Context, in *wrapperspb.StringValue) (*wrapperspb.StringValue, error) {
	header, _ := twirp.HTTPRequestHeaders(ctx)
	key := header.Get("Idempotency-Key")
	if key == "" {
		return nil, twirp.RequiredArgumentError("Idempotency-Key")
	}
	first, err := Claim(s.DB, key)
	if err != nil {
		return nil, twirp.InternalErrorWith(err)
	}
	if !first {
		return nil, twirp.NewError(twirp.AlreadyExists, "seen before")
	}
	return s.Service.Create(ctx, in)
}
