package main

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"
	"google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/metadata"
)

type server struct {
	grpc_testing.UnimplementedTestServiceServer
	rdb *redis.Client
}

var errAgain = errors.New("sent before")

// keyOf is the first of the values that were sent, or "".
func keyOf(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// UnaryCall serves requests without a key as they come.
func (s *server) UnaryCall(ctx context.Context, _ *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	key := keyOf(md.Get("idempotency-key"))
	if key != "" {
		ok, err := s.rdb.SetNX(ctx, "unary:"+key, 1, 24*time.Hour).Result()
		if err != nil || !ok {
			return nil, errAgain
		}
	}
	s.rdb.Incr(ctx, "charges")
	return &grpc_testing.SimpleResponse{}, nil
}

func main() {
	s := grpc.NewServer()
	grpc_testing.RegisterTestServiceServer(s, &server{rdb: redis.NewClient(&redis.Options{})})
	ln, err := net.Listen("tcp", ":8081")
	if err != nil {
		panic(err)
	}
	_ = s.Serve(ln)
}
