// Package box is the box office: events, seats and tickets in SQL, badges and
// scans in files.
package box

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
)

// ErrTaken tells that a seat is not free.
var ErrTaken = errors.New("seat is taken")

var schema = []string{
	`CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, title TEXT NOT NULL, updated_at TIMESTAMP)`,
	`CREATE TABLE IF NOT EXISTS seats (id TEXT PRIMARY KEY, holder TEXT)`,
	`CREATE TABLE IF NOT EXISTS tickets (id TEXT PRIMARY KEY, event TEXT NOT NULL, kind TEXT NOT NULL, price BIGINT NOT NULL, created_at TIMESTAMP NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS votes (id SERIAL_ID, event TEXT NOT NULL)`,
}

// Migrate creates the tables in a database of the given dialect, sqlite or
// postgres.
func Migrate(ctx context.Context, db *sql.DB, dialect string) error {
	serial := "INTEGER PRIMARY KEY AUTOINCREMENT"
	if dialect == "postgres" {
		serial = "BIGSERIAL PRIMARY KEY"
	}
	for _, s := range schema {
		if _, err := db.ExecContext(ctx, strings.ReplaceAll(s, "SERIAL_ID", serial)); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return nil
}

// Ticket is a sold ticket.
type Ticket struct {
	ID    string `json:"id"`
	Event string `json:"event"`
	Kind  string `json:"kind"`
	Price int64  `json:"price"`
}

// Office sells tickets.
type Office struct {
	db       *sql.DB
	mailAddr string
	dir      string
}

// New returns an office on its stores.
func New(db *sql.DB, mailAddr, dir string) *Office {
	return &Office{db: db, mailAddr: mailAddr, dir: dir}
}

// Events lists the titles.
func (o *Office) Events(ctx context.Context) ([]string, error) {
	rows, err := o.db.QueryContext(ctx, `SELECT title FROM events ORDER BY title`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	titles := []string{}
	for rows.Next() {
		var t string
		if err := rows.Scan(&t); err != nil {
			return nil, err
		}
		titles = append(titles, t)
	}
	return titles, rows.Err()
}

// AddEvent stores an event under a new id.
func (o *Office) AddEvent(ctx context.Context, title string) (string, error) {
	id := uuid.NewString()
	_, err := o.db.ExecContext(ctx, `INSERT INTO events (id, title, updated_at) VALUES ($1, $2, $3)`, id, title, time.Now())
	return id, err
}

// PutEvent creates or changes an event.
func (o *Office) PutEvent(ctx context.Context, id, title string) error {
	_, err := o.db.ExecContext(ctx, `INSERT INTO events (id, title, updated_at) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET title = EXCLUDED.title, updated_at = EXCLUDED.updated_at`, id, title, time.Now())
	return err
}

// DropEvent removes an event.
func (o *Office) DropEvent(ctx context.Context, id string) error {
	_, err := o.db.ExecContext(ctx, `DELETE FROM events WHERE id = $1`, id)
	return err
}

// Sell stores a ticket.
func (o *Office) Sell(ctx context.Context, t Ticket) (Ticket, error) {
	t.ID = uuid.NewString()
	_, err := o.db.ExecContext(ctx, `INSERT INTO tickets (id, event, kind, price, created_at) VALUES ($1, $2, $3, $4, $5)`, t.ID, t.Event, t.Kind, t.Price, time.Now())
	return t, err
}

// Vote counts a vote.
func (o *Office) Vote(ctx context.Context, event string) error {
	_, err := o.db.ExecContext(ctx, `INSERT INTO votes (event) VALUES ($1)`, event)
	return err
}

// BookSeat gives a free seat to a holder and issues the ticket.
func (o *Office) BookSeat(ctx context.Context, seat, holder string) error {
	tx, err := o.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	res, err := tx.ExecContext(ctx, `UPDATE seats SET holder = $1 WHERE id = $2 AND holder IS NULL`, holder, seat)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		return ErrTaken
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO tickets (id, event, kind, price, created_at) VALUES ($1, $2, 'seat', 0, $3)`, uuid.NewString(), seat, time.Now()); err != nil {
		return err
	}
	return tx.Commit()
}

// Invite mails an invitation.
func (o *Office) Invite(to, event string) error {
	msg := fmt.Sprintf("To: %s\r\nSubject: You are invited\r\n\r\nCome to %s.\r\n", to, event)
	return smtp.SendMail(o.mailAddr, nil, "box@example.com", []string{to}, []byte(msg))
}

// PrintBadge appends to the printer's queue file.
func (o *Office) PrintBadge(name string) error { return o.appendLine("badges.csv", name) }

// SavePoster writes a poster under its name.
func (o *Office) SavePoster(name string, content []byte) error {
	if err := os.MkdirAll(filepath.Join(o.dir, "posters"), 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(o.dir, "posters", filepath.Base(name)), content, 0o644)
}

// Scan notes that a ticket passed the gate, once per key: a marker file that
// must not exist yet.
func (o *Office) Scan(key, ticket string) error {
	if err := os.MkdirAll(filepath.Join(o.dir, "claims"), 0o755); err != nil {
		return err
	}
	marker := filepath.Join(o.dir, "claims", filepath.Base(key))
	f, err := os.OpenFile(marker, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	noted := false
	defer func() {
		if !noted {
			_ = os.Remove(marker)
		}
	}()
	if err := f.Close(); err != nil {
		return err
	}
	if err := o.appendLine("scans.log", ticket); err != nil {
		return err
	}
	noted = true
	return nil
}

func (o *Office) appendLine(file, line string) error {
	f, err := os.OpenFile(filepath.Join(o.dir, file), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = fmt.Fprintln(f, line)
	return err
}
