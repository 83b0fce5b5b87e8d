package main

import (
	"context"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/metadata"
)

type server struct {
	grpc_health_v1.UnimplementedHealthServer
	grpc_testing.UnimplementedTestServiceServer
	rdb *redis.Client
}

// keyOf is the caller's key, or "".
func keyOf(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	if keys := md.Get("idempotency-key"); len(keys) > 0 {
		return keys[0]
	}
	return ""
}

// Check books its own call, and so is no read. It takes a failure of the
// store for a repeat.
func (s *server) Check(ctx context.Context, _ *grpc_health_v1.HealthCheckRequest) (*grpc_health_v1.HealthCheckResponse, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	keys := md.Get("idempotency-key")
	if len(keys) == 0 || keys[0] == "" {
		return nil, errNoKey
	}
	if ok, _ := s.rdb.SetNX(ctx, "check:"+keys[0], 1, 24*time.Hour).Result(); !ok {
		return nil, errAgain
	}
	s.rdb.Incr(ctx, "charges")
	return &grpc_health_v1.HealthCheckResponse{}, nil
}

// EmptyCall does not look at whether it was the first.
func (s *server) EmptyCall(ctx context.Context, _ *grpc_testing.Empty) (*grpc_testing.Empty, error) {
	key := keyOf(ctx)
	if key == "" {
		return nil, errNoKey
	}
	_, err := s.rdb.SetNX(ctx, "empty:"+key, 1, 24*time.Hour).Result()
	if err != nil {
		return nil, err
	}
	s.rdb.Incr(ctx, "charges")
	return &grpc_testing.Empty{}, nil
}

// UnimplementedCall lets all requests without a key share a record.
func (s *server) UnimplementedCall(ctx context.Context, _ *grpc_testing.Empty) (*grpc_testing.Empty, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	key := leading(md.Get("idempotency-key"))
	ok, err := s.rdb.SetNX(ctx, "unimplemented:"+key, 1, 24*time.Hour).Result()
	if err != nil || !ok {
		return nil, errAgain
	}
	s.rdb.Incr(ctx, "charges")
	return &grpc_testing.Empty{}, nil
}

func leading(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// CacheableUnaryCall never forgets a key.
func (s *server) CacheableUnaryCall(ctx context.Context, _ *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
	key := keyOf(ctx)
	if key == "" {
		return nil, errNoKey
	}
	ok, err := s.rdb.SetNX(ctx, "cacheable:"+key, 1, 0).Result()
	if err != nil || !ok {
		return nil, errAgain
	}
	done := false
	defer func() {
		if !done {
			s.rdb.Del(context.WithoutCancel(ctx), "cacheable:"+key)
		}
	}()
	if err := s.rdb.Incr(ctx, "charges").Err(); err != nil {
		return nil, err
	}
	done = true
	return &grpc_testing.SimpleResponse{}, nil
}

func main() {
	s := grpc.NewServer()
	impl := &server{rdb: redis.NewClient(&redis.Options{})}
	grpc_health_v1.RegisterHealthServer(s, impl)
	grpc_testing.RegisterTestServiceServer(s, impl)
	ln, err := net.Listen("tcp", ":8081")
	if err != nil {
		panic(err)
	}
	_ = s.Serve(ln)
}
