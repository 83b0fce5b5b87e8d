// Package grpc_middleware declares what the cases use of go-grpc-middleware.
package grpc_middleware

import "google.golang.org/grpc"

func ChainUnaryServer(...grpc.UnaryServerInterceptor) grpc.UnaryServerInterceptor { return nil }
