package main

import (
	"context"
	"database/sql"
	"log"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// once keeps orders and the keys that they were sent with.
type once struct {
	grpc_testing.UnimplementedTestServiceServer
	db *sql.DB
}

func (o *once) order(ctx context.Context) error {
	_, err := o.db.ExecContext(ctx, "INSERT INTO orders (sku) VALUES ('pen')")
	return err
}

func (o *once) known(ctx context.Context, key string) bool {
	var n int
	_ = o.db.QueryRowContext(ctx, "SELECT count(*) FROM keys WHERE key = $1", key).Scan(&n)
	return n > 0
}

func (o *once) note(ctx context.Context, key string) error {
	_, err := o.db.ExecContext(ctx, "INSERT INTO keys (key) VALUES ($1) ON CONFLICT (key) DO UPDATE SET key = excluded.key", key)
	return err
}

func (o *once) claim(ctx context.Context, key string) error {
	_, err := o.db.ExecContext(ctx, "INSERT INTO keys (key) VALUES ($1)", key)
	return err
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
	if err := o.order(ctx); err != nil {
		return nil, err
	}
	return &grpc_testing.Empty{}, nil
}

// UnaryCall looks for the key before it notes it.
func (o *once) UnaryCall(ctx context.Context, _ *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
	key := keyOf(ctx)
	if o.known(ctx, key) {
		return nil, status.Error(codes.AlreadyExists, "sent before")
	}
	if err := o.order(ctx); err != nil {
		return nil, err
	}
	if err := o.note(ctx, key); err != nil {
		return nil, err
	}
	return &grpc_testing.SimpleResponse{}, nil
}

// UnimplementedCall acts before it claims the key.
func (o *once) UnimplementedCall(ctx context.Context, _ *grpc_testing.Empty) (*grpc_testing.Empty, error) {
	if err := o.order(ctx); err != nil {
		return nil, err
	}
	if err := o.claim(ctx, keyOf(ctx)); err != nil {
		return nil, err
	}
	return &grpc_testing.Empty{}, nil
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	s := grpc.NewServer()
	grpc_testing.RegisterTestServiceServer(s, &once{db: db})
	ln, err := net.Listen("tcp", ":8081")
	if err != nil {
		panic(err)
	}
	_ = s.Serve(ln)
}
