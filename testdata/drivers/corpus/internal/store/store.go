// Package store keeps the desk in PostgreSQL.
package store

import (
	"context"
	"database/sql"

	"example.com/desk/internal/desk"
)

// Store implements desk.Repository.
type Store struct {
	db *sql.DB
}

var _ desk.Repository = (*Store)(nil)

// New makes a store.
func New(db *sql.DB) *Store { return &Store{db: db} }

// InsertTicket implements desk.Repository; the database makes the id.
func (s *Store) InsertTicket(ctx context.Context, t desk.Ticket) (int64, error) {
	var id int64
	err := s.db.QueryRowContext(ctx,
		`INSERT INTO tickets (subject, state, price) VALUES ($1, $2, $3) RETURNING id`, t.Subject, t.State, t.Price).Scan(&id)
	return id, err
}

// TicketByID implements desk.Repository.
func (s *Store) TicketByID(ctx context.Context, id int64) (desk.Ticket, error) {
	t := desk.Ticket{ID: id}
	err := s.db.QueryRowContext(ctx, `SELECT subject, state, price FROM tickets WHERE id = $1`, id).Scan(&t.Subject, &t.State, &t.Price)
	return t, err
}

// ListTickets implements desk.Repository.
func (s *Store) ListTickets(ctx context.Context) ([]desk.Ticket, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT id, subject, state, price FROM tickets ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []desk.Ticket
	for rows.Next() {
		var t desk.Ticket
		if err := rows.Scan(&t.ID, &t.Subject, &t.State, &t.Price); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

// UpdateSubject implements desk.Repository.
func (s *Store) UpdateSubject(ctx context.Context, id int64, subject string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE tickets SET subject = $2 WHERE id = $1`, id, subject)
	return err
}

// DeleteTicket implements desk.Repository.
func (s *Store) DeleteTicket(ctx context.Context, id int64) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM tickets WHERE id = $1`, id)
	return err
}

// CloseTicket implements desk.Repository.
func (s *Store) CloseTicket(ctx context.Context, id int64) error {
	_, err := s.db.ExecContext(ctx, `UPDATE tickets SET state = 'closed' WHERE id = $1`, id)
	return err
}

// InsertComment implements desk.Repository.
func (s *Store) InsertComment(ctx context.Context, ticket int64, text string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO comments (ticket_id, body) VALUES ($1, $2)`, ticket, text)
	return err
}

// InsertTag implements desk.Repository; tags.name is unique.
func (s *Store) InsertTag(ctx context.Context, name string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO tags (name) VALUES ($1)`, name)
	return err
}

// InsertCharge implements desk.Repository.
func (s *Store) InsertCharge(ctx context.Context, ticket, cents int64) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO charges (ticket_id, cents) VALUES ($1, $2)`, ticket, cents)
	return err
}

// Register implements desk.Repository.
func (s *Store) Register(ctx context.Context, ticket int64, email string) error {
	_, err := s.db.ExecContext(ctx,
		`INSERT INTO watchers (ticket_id, email) VALUES ($1, $2)`, ticket, email)
	return err
}

// InsertAgent hires somebody.
func (s *Store) InsertAgent(ctx context.Context, name string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO agents (name) VALUES ($1)`, name)
	return err
}

// RenameAgent gives an agent another name.
func (s *Store) RenameAgent(ctx context.Context, id, name string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE agents SET name = $2 WHERE id = $1`, id, name)
	return err
}

// GrantHoliday adds to the days an agent may take.
func (s *Store) GrantHoliday(ctx context.Context, id string, days int) error {
	_, err := s.db.ExecContext(ctx, `UPDATE agents SET days = days + $2 WHERE id = $1`, id, days)
	return err
}

// Agents lists the agents' names.
func (s *Store) Agents(ctx context.Context) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT name FROM agents`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, rows.Err()
}

// InsertMessage keeps a message that came in or went out.
func (s *Store) InsertMessage(ctx context.Context, from, text string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO messages (sender, body) VALUES ($1, $2)`, from, text)
	return err
}

// ClaimKey says whether a key comes for the first time.
func (s *Store) ClaimKey(ctx context.Context, key string) (bool, error) {
	res, err := s.db.ExecContext(ctx, `INSERT INTO request_keys (key) VALUES ($1) ON CONFLICT (key) DO NOTHING`, key)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}
