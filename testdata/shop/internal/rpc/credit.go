// Package rpc is the shop's gRPC API.
package rpc

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/shop/internal/idempotency"
	"example.com/shop/internal/payment"
	"example.com/shop/internal/rpc/shopv1"
)

// NewServer returns a server of store credit.
func NewServer(credit *payment.Credit) *grpc.Server {
	server := grpc.NewServer(grpc.UnaryInterceptor(logCalls))
	shopv1.RegisterCreditServiceServer(server, &creditServer{credit: credit})
	return server
}

type creditServer struct {
	shopv1.UnimplementedCreditServiceServer
	credit *payment.Credit
}

// GetBalance returns an account's balance.
func (s *creditServer) GetBalance(ctx context.Context, req *shopv1.GetBalanceRequest) (*shopv1.GetBalanceResponse, error) {
	cents, err := s.credit.Balance(ctx, req.GetAccount())
	if err != nil {
		return nil, toStatus(err)
	}
	return &shopv1.GetBalanceResponse{Cents: cents}, nil
}

// Transfer moves credit from one account to another.
func (s *creditServer) Transfer(ctx context.Context, req *shopv1.TransferRequest) (*shopv1.TransferResponse, error) {
	if err := s.credit.Transfer(ctx, req.GetFrom(), req.GetTo(), req.GetCents()); err != nil {
		return nil, toStatus(err)
	}
	return &shopv1.TransferResponse{}, nil
}

// Charge pays with store credit.
func (s *creditServer) Charge(ctx context.Context, req *shopv1.ChargeRequest) (*shopv1.ChargeResponse, error) {
	balance, err := s.credit.Charge(ctx, req.GetIdempotencyKey(), req.GetAccount(), req.GetCents())
	if err != nil {
		return nil, toStatus(err)
	}
	return &shopv1.ChargeResponse{BalanceCents: balance}, nil
}

func toStatus(err error) error {
	switch {
	case errors.Is(err, payment.ErrInvalid):
		return status.Error(codes.InvalidArgument, err.Error())
	case errors.Is(err, payment.ErrNotFound):
		return status.Error(codes.NotFound, err.Error())
	case errors.Is(err, payment.ErrNoCredit), errors.Is(err, idempotency.ErrMismatch):
		return status.Error(codes.FailedPrecondition, err.Error())
	case errors.Is(err, idempotency.ErrInFlight):
		return status.Error(codes.Aborted, err.Error())
	}
	slog.Error("call failed", "error", err)
	return status.Error(codes.Internal, "internal error")
}

func logCalls(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	start := time.Now()
	res, err := handler(ctx, req)
	slog.InfoContext(ctx, "grpc", "method", info.FullMethod, "code", status.Code(err), "took", time.Since(start))
	return res, err
}
