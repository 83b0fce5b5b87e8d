// Shop is a small web shop: an HTTP API for orders, stock and payments, and
// a gRPC API for store credit.
package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"google.golang.org/grpc"

	"example.com/shop/internal/api"
	"example.com/shop/internal/customer"
	"example.com/shop/internal/gateway"
	"example.com/shop/internal/idempotency"
	"example.com/shop/internal/mail"
	"example.com/shop/internal/order"
	"example.com/shop/internal/payment"
	"example.com/shop/internal/rpc"
	"example.com/shop/internal/stock"
	"example.com/shop/internal/store"
)

type config struct {
	httpAddr, grpcAddr string
	db                 string
	gateway            string
	smtp               string
}

func main() {
	var cfg config
	flag.StringVar(&cfg.httpAddr, "http", "localhost:8080", "`address` of the HTTP API")
	flag.StringVar(&cfg.grpcAddr, "grpc", "localhost:9090", "`address` of the gRPC API")
	flag.StringVar(&cfg.db, "db", store.Memory, "SQLite `file`")
	flag.StringVar(&cfg.gateway, "gateway", "", "`URL` of the payment gateway (default: a sandbox)")
	flag.StringVar(&cfg.smtp, "smtp", "", "`address` of the mail server (default: mail is dropped)")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, cfg); err != nil {
		slog.Error("shop ends", "error", err)
		os.Exit(1)
	}
}

// shop is the wired service.
type shop struct {
	http http.Handler
	grpc *grpc.Server
	keys *idempotency.Store
}

// wire connects the services to their stores and the world outside.
func wire(db *sql.DB, gw payment.Gateway, mailer order.Mailer) shop {
	keys := idempotency.NewStore(db, 2*api.Timeout, 24*time.Hour)
	routes := api.New(
		customer.NewService(store.NewCustomers(db)),
		order.NewService(store.NewOrders(db), mailer),
		payment.NewService(store.NewPayments(db), gw),
		stock.NewService(store.NewStock(db)),
	).Routes(keys.Middleware)
	credit := payment.NewCredit(store.NewCredit(db, keys))
	return shop{http: routes, grpc: rpc.NewServer(credit), keys: keys}
}

// run serves until ctx ends.
func run(ctx context.Context, cfg config) error {
	db, err := store.Open(ctx, cfg.db)
	if err != nil {
		return err
	}
	defer db.Close()
	if cfg.db == store.Memory {
		if err := store.Seed(ctx, db); err != nil {
			return err
		}
	}
	gw := gateway.NewSandbox()
	if cfg.gateway != "" {
		gw = gateway.New(cfg.gateway)
	}
	return serve(ctx, cfg, wire(db, gw, mail.Sender{Addr: cfg.smtp, From: "shop@example.com"}))
}

// serve listens on both addresses until ctx ends or a listener fails.
func serve(ctx context.Context, cfg config, s shop) error {
	listener, err := net.Listen("tcp", cfg.grpcAddr)
	if err != nil {
		return err
	}
	web := &http.Server{Addr: cfg.httpAddr, Handler: s.http, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 2)
	go func() { failed <- s.grpc.Serve(listener) }()
	go func() { failed <- web.ListenAndServe() }()
	go purge(ctx, s.keys)
	slog.Info("shop is open", "http", cfg.httpAddr, "grpc", cfg.grpcAddr)

	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	s.grpc.GracefulStop()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), api.Timeout)
	defer cancel()
	return errors.Join(err, web.Shutdown(end))
}

// purge removes expired idempotency keys once an hour.
func purge(ctx context.Context, keys *idempotency.Store) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := keys.Purge(ctx); err != nil {
				slog.Error("purge idempotency keys", "error", err)
			}
		}
	}
}
