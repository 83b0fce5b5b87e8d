//go:build models

// Package generated has registrations as generators write them, for patterns
// of services that no importable library holds.
package generated

import (
	"context"
	"net/http"

	"connectrpc.com/connect"
)

// Ping is a message.
type Ping struct{}

// PingServiceHandler is what protoc-gen-connect-go makes of a service.
type PingServiceHandler interface {
	Ping(context.Context, *connect.Request[Ping]) (*connect.Response[Ping], error)
}

// NewPingServiceHandler is what protoc-gen-connect-go makes to mount it.
func NewPingServiceHandler(svc PingServiceHandler, opts ...connect.HandlerOption) (string, http.Handler) {
	return "/ping.PingService/", connect.NewUnaryHandler("/ping.PingService/Ping", svc.Ping, opts...)
}
