// Package grpc_recovery declares what the cases use of go-grpc-middleware/recovery.
package grpc_recovery

import "google.golang.org/grpc"

func UnaryServerInterceptor() grpc.UnaryServerInterceptor { return nil }
