package main

import (
	"context"
	"database/sql"
	"net"

	"google.golang.org/grpc"
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

func newServer() *grpc.Server {
	return grpc.NewServer()
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	s := newServer()
	grpc_health_v1.RegisterHealthServer(s, &server{db: db})
	ln, err := net.Listen("tcp", ":8081")
	if err != nil {
		panic(err)
	}
	_ = s.Serve(ln)
}
