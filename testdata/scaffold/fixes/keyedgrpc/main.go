package main

import (
	"context"
	"log"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/idemlint/idemlint/testdata/scaffold/fixes/orders"
)

type once struct {
	grpc_testing.UnimplementedTestServiceServer
	*orders.Book
}

func keyOf(ctx context.Context) string {
	if keys := metadata.ValueFromIncomingContext(ctx, "idempotency-key"); len(keys) > 0 {
		return keys[0]
	}
	return ""
}

// EmptyCall reads the key for its log alone.
func (o *once) EmptyCall(ctx context.Context, _ *grpc_testing.Empty) (*grpc_testing.Empty, error) {
	log.Print(keyOf(ctx))
	if err := o.Add(ctx); err != nil {
		return nil, err
	}
	return &grpc_testing.Empty{}, nil
}

// UnaryCall looks for the key before it notes it.
func (o *once) UnaryCall(ctx context.Context, _ *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
	key := keyOf(ctx)
	if o.Known(ctx, key) {
		return nil, status.Error(codes.AlreadyExists, "sent before")
	}
	if err := o.Add(ctx); err != nil {
		return nil, err
	}
	if err := o.Note(ctx, key); err != nil {
		return nil, err
	}
	return &grpc_testing.SimpleResponse{}, nil
}

// UnimplementedCall acts before it claims the key.
func (o *once) UnimplementedCall(ctx context.Context, _ *grpc_testing.Empty) (*grpc_testing.Empty, error) {
	if err := o.Add(ctx); err != nil {
		return nil, err
	}
	if err := o.Claim(ctx, keyOf(ctx)); err != nil {
		return nil, err
	}
	return &grpc_testing.Empty{}, nil
}

func main() {
	s := grpc.NewServer()
	grpc_testing.RegisterTestServiceServer(s, &once{Book: orders.Open()})
	ln, err := net.Listen("tcp", ":8081")
	if err != nil {
		panic(err)
	}
	_ = s.Serve(ln)
}
