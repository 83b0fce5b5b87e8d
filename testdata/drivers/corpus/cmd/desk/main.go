// Command desk serves the support desk.
package main

import (
	"database/sql"
	"log"
	"net"
	"net/http"

	"github.com/go-chi/chi/v5"
	"google.golang.org/grpc"

	"example.com/desk/internal/agentapi"
	"example.com/desk/internal/desk"
	"example.com/desk/internal/hooks"
	"example.com/desk/internal/idem"
	"example.com/desk/internal/rpc"
	"example.com/desk/internal/rpc/deskv1"
	"example.com/desk/internal/store"
	"example.com/desk/internal/ticketapi"
)

func main() {
	db, err := sql.Open("pgx", "postgres://localhost/desk")
	if err != nil {
		log.Fatal(err)
	}
	st := store.New(db)
	svc := desk.NewService(st)

	go serveRPC(svc)
	r := chi.NewRouter()
	r.Route("/api", func(r chi.Router) {
		h := ticketapi.New(svc)
		ticketapi.Routes(r, h)
		r.Group(func(r chi.Router) {
			r.Use(idem.Once(st))
			ticketapi.PaidRoutes(r, h)
		})
	})
	r.Mount("/people", agentapi.New(st))
	r.Post("/hooks/mail", hooks.Mail(st))
	r.Post("/hooks/bounce", (&hooks.Bounces{Store: st}).Take)
	r.Get("/healthz", hooks.Health)
	log.Fatal(http.ListenAndServe(":8080", r))
}

func serveRPC(svc *desk.Service) {
	lis, err := net.Listen("tcp", ":9090")
	if err != nil {
		log.Fatal(err)
	}
	s := grpc.NewServer()
	deskv1.RegisterDeskServer(s, rpc.New(svc))
	log.Fatal(s.Serve(lis))
}
