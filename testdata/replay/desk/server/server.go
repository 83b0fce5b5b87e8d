// Package server wires the support desk.
package server

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"github.com/redis/go-redis/v9"

	"example.com/desk/internal/guard"
	"example.com/desk/internal/memory"
	"example.com/desk/internal/web"
)

// Deps is what the desk runs on.
type Deps struct {
	DB       *sql.DB
	Redis    redis.UniversalClient
	HTTP     *http.Client
	PhoneURL string
	MailAddr string
	Dir      string
	Now      func() time.Time
}

// Migrate creates the tables; both dialects take the same statements.
func Migrate(ctx context.Context, db *sql.DB, _ string) error {
	for _, s := range append([]string{`CREATE TABLE IF NOT EXISTS subscribers (email TEXT PRIMARY KEY)`}, guard.Schema...) {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return nil
}

// Server serves the desk.
type Server struct {
	handler http.Handler
	desk    *web.Desk
	store   *memory.Store
}

// New returns the desk's server.
func New(d Deps) *Server {
	store := memory.New()
	desk := &web.Desk{
		Store: store, Redis: d.Redis, Ledger: guard.NewLedger(), Answers: guard.NewAnswers(),
		Leases: guard.NewLeases(d.DB, d.Now, 10*time.Minute),
		Phone:  &web.Phone{Base: d.PhoneURL, HTTP: d.HTTP}, MailAddr: d.MailAddr, Dir: d.Dir,
	}
	mux := http.NewServeMux()
	for _, r := range web.TicketRoutes(store, d.DB) {
		mux.HandleFunc(r.Method+" "+r.Path, r.Handler)
	}
	mux.HandleFunc("POST /tickets", web.OpenTicket(store))
	mux.HandleFunc("POST /contacts", web.JSON(web.AddContact(store)))
	mux.HandleFunc("POST /replies", desk.Reply)
	mux.HandleFunc("POST /calls", desk.Call)
	mux.HandleFunc("POST /surveys", desk.Survey)
	mux.HandleFunc("POST /dials", desk.Dial)
	mux.HandleFunc("POST /conferences", desk.Conference)
	mux.HandleFunc("POST /broadcasts", desk.Broadcast)
	mux.HandleFunc("POST /heartbeat", desk.Heartbeat)
	mux.HandleFunc("POST /attachments", desk.Attach)
	mux.Handle("POST /notes", &web.AccessLog{Path: filepath.Join(d.Dir, "notes.log")})

	secure := http.NewServeMux()
	secure.HandleFunc("POST /refunds", desk.Refund)
	secure.HandleFunc("POST /credits", desk.Refund)
	mux.Handle("/secure/", http.StripPrefix("/secure", guard.NewReplay(d.Redis, secure)))
	return &Server{handler: mux, desk: desk, store: store}
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Drain waits for background work.
func (s *Server) Drain() { s.desk.Drain() }

// Dump shows the stores in the process.
func (s *Server) Dump() map[string]string { return s.store.Dump() }
