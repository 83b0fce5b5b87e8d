package main

import (
	"context"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
)

type server struct {
	grpc_health_v1.UnimplementedHealthServer
	rdb *redis.Client
}

// Check books its own call, and so is no read.
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

func main() {
	s := grpc.NewServer()
	grpc_health_v1.RegisterHealthServer(s, &server{rdb: redis.NewClient(&redis.Options{})})
	ln, err := net.Listen("tcp", ":8081")
	if err != nil {
		panic(err)
	}
	_ = s.Serve(ln)
}
