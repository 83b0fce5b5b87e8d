// Package grpc declares what the cases use of kratos transport/grpc.
package grpc

import (
	"github.com/go-kratos/kratos/v2/middleware"
	"google.golang.org/grpc"
)

type ServerOption func(*Server)

type Server struct{ *grpc.Server }

func NewServer(...ServerOption) *Server { return nil }

func Middleware(...middleware.Middleware) ServerOption { return nil }
