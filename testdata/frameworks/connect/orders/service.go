package orders

import (
	"context"
	"database/sql"
	"errors"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// Service implements the RPCs.
type Service struct{ DB *sql.DB }

// Create adds an order.
func (s *Service) Create(ctx context.Context, req *connect.Request[wrapperspb.StringValue]) (*connect.Response[wrapperspb.StringValue], error) {
	return connect.NewResponse(req.Msg), Add(s.DB, req.Msg.GetValue())
}

// Get reads one.
func (s *Service) Get(ctx context.Context, req *connect.Request[wrapperspb.StringValue]) (*connect.Response[wrapperspb.StringValue], error) {
	item, err := Read(s.DB, req.Msg.GetValue())
	return connect.NewResponse(wrapperspb.String(item)), err
}

// Once adds an order once for a key.
type Once struct{ Service }

// Create adds an order.
func (s *Once) Create(ctx context.Context, req *connect.Request[wrapperspb.StringValue]) (*connect.Response[wrapperspb.StringValue], error) {
	key := req.Header().Get("Idempotency-Key")
	if key == "" {
		return nil, connect.NewError(connect.CodeInvalidArgument, errors.New("Idempotency-Key is missing"))
	}
	first, err := Claim(s.DB, key)
	if err != nil {
		return nil, err
	}
	if !first {
		return nil, connect.NewError(connect.CodeAlreadyExists, errors.New("seen before"))
	}
	return s.Service.Create(ctx, req)
}
