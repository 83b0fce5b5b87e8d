// Command grpc serves orders with gRPC, and behind grpc-gateway: unary
// interceptors see neither streams nor what the gateway calls in process.
package main

import (
	"context"
	"database/sql"
	"net"
	"net/http"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"example.com/grpc/orders"
	"example.com/grpc/orderspb"
)

func claimed(db *sql.DB) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		md, _ := metadata.FromIncomingContext(ctx)
		keys := md.Get("idempotency-key")
		if len(keys) == 0 || keys[0] == "" {
			return nil, status.Error(codes.InvalidArgument, "idempotency-key is missing")
		}
		first, err := orders.Claim(db, keys[0])
		if err != nil {
			return nil, err
		}
		if !first {
			return nil, status.Error(codes.AlreadyExists, "seen before")
		}
		return handler(ctx, req)
	}
}

func guarded(svc *orders.Service, l net.Listener) {
	s := grpc.NewServer(grpc.ChainUnaryInterceptor(claimed(svc.DB)))
	orderspb.RegisterOrdersServer(s, svc)
	s.Serve(l)
}

func plain(svc *orders.Service, l net.Listener) {
	s := grpc.NewServer()
	s.RegisterService(&orderspb.Orders_ServiceDesc, svc)
	s.Serve(l)
}

func readOnly(svc *orders.Service, l net.Listener) {
	s := grpc.NewServer()
	orderspb.RegisterOrdersServer(s, &orders.ReadOnly{Service: svc})
	s.Serve(l)
}

func gateway(ctx context.Context, svc *orders.Service) {
	mux := runtime.NewServeMux()
	orderspb.RegisterOrdersHandlerServer(ctx, mux, svc)
	mux.HandlePath("POST", "/by-hand", func(w http.ResponseWriter, r *http.Request, params map[string]string) {
		orders.Add(svc.DB, "pen")
	})
	http.ListenAndServe(":8080", mux)
}

func remote(ctx context.Context) {
	mux := runtime.NewServeMux()
	orderspb.RegisterOrdersHandlerFromEndpoint(ctx, mux, "localhost:9090", nil)
	http.ListenAndServe(":8081", mux)
}

func main() {
	db, _ := sql.Open("postgres", "")
	svc := &orders.Service{DB: db}
	l, _ := net.Listen("tcp", ":9090")
	go guarded(svc, l)
	go plain(svc, l)
	go readOnly(svc, l)
	go remote(context.Background())
	gateway(context.Background(), svc)
}
