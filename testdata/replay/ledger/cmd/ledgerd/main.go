// Ledgerd serves the ledger: transfers on one port, accounts on another.
package main

import (
	"context"
	"database/sql"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"
	_ "modernc.org/sqlite"

	"example.com/ledger/server"
)

func main() {
	db, err := sql.Open("sqlite", "file:ledger.db?_pragma=journal_mode(WAL)")
	if err != nil {
		log.Fatal(err)
	}
	if err := server.Migrate(context.Background(), db, "sqlite"); err != nil {
		log.Fatal(err)
	}
	deps := server.Deps{
		DB:      db,
		Redis:   redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR")}),
		HTTP:    &http.Client{Timeout: 10 * time.Second},
		BankURL: os.Getenv("BANK_URL"),
	}
	go serve(server.NewTransfers(deps), ":9090")
	serve(server.NewAccounts(deps), ":9091")
}

func serve(s *grpc.Server, addr string) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(s.Serve(ln))
}
