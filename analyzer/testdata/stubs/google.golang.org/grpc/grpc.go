// Package grpc declares what the cases use of google.golang.org/grpc.
package grpc

import (
	"context"
	"net"
)

type ServiceDesc struct{ ServiceName string }

type ServiceRegistrar interface {
	RegisterService(desc *ServiceDesc, impl any)
}

type ServerOption interface{ apply() }

type Server struct{}

func NewServer(...ServerOption) *Server { return &Server{} }

func (*Server) RegisterService(*ServiceDesc, any) {}

func (*Server) Serve(net.Listener) error { return nil }

type UnaryServerInfo struct {
	Server     any
	FullMethod string
}

type UnaryHandler func(ctx context.Context, req any) (any, error)

type UnaryServerInterceptor func(ctx context.Context, req any, info *UnaryServerInfo, handler UnaryHandler) (any, error)

func UnaryInterceptor(UnaryServerInterceptor) ServerOption { return nil }

func ChainUnaryInterceptor(...UnaryServerInterceptor) ServerOption { return nil }

type CallOption interface{ before() }

type ClientConnInterface interface {
	Invoke(ctx context.Context, method string, args, reply any, opts ...CallOption) error
}
