package main

import (
	"context"
	"database/sql"

	"github.com/go-kratos/kratos/v2"
	"github.com/go-kratos/kratos/v2/transport/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"
)

type server struct {
	grpc_health_v1.UnimplementedHealthServer
	db *sql.DB
}

// Check books its own call, and so is no read.
func (s *server) Check(ctx context.Context, req *grpc_health_v1.HealthCheckRequest) (*grpc_health_v1.HealthCheckResponse, error) {
	if _, err := s.db.ExecContext(ctx, "INSERT INTO orders (service) VALUES ($1)", req.GetService()); err != nil {
		return nil, err
	}
	return &grpc_health_v1.HealthCheckResponse{}, nil
}

func newServer(opts ...grpc.ServerOption) *grpc.Server {
	opts = append(opts, grpc.CustomHealth())
	return grpc.NewServer(opts...)
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	s := newServer(grpc.Address(":8081"))
	grpc_health_v1.RegisterHealthServer(s, &server{db: db})
	if err := kratos.New(kratos.Server(s)).Run(); err != nil {
		panic(err)
	}
}
