package store

import "context"

// Insert stores an order.
func (s *Store) Insert(ctx context.Context, o Order) (Order, error) {
	_, err := s.db.ExecContext(ctx, `INSERT INTO orders (id, item) VALUES (?, ?)`, newID(), o.Item)
	return o, err
}
