package repository

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"example.com/orders/internal/domain"
)

type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// SQL implements the service layer's repositories on a database or a
// transaction.
type SQL struct {
	db *sql.DB
	q  querier
}

// New returns the repositories on db.
func New(db *sql.DB) *SQL { return &SQL{db: db, q: db} }

// InTx runs work in one transaction. The repository that work gets belongs to
// it.
func (s *SQL) InTx(ctx context.Context, work func(tx *SQL) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := work(&SQL{db: s.db, q: tx}); err != nil {
		return err
	}
	return tx.Commit()
}

// Order reads an order.
func (s *SQL) Order(ctx context.Context, id string) (domain.Order, error) {
	var o domain.Order
	err := s.q.QueryRowContext(ctx, `SELECT id, customer, sku, quantity, status, address FROM orders WHERE id = $1`, id).
		Scan(&o.ID, &o.Customer, &o.SKU, &o.Quantity, &o.Status, &o.Address)
	if errors.Is(err, sql.ErrNoRows) {
		return o, domain.ErrNotFound
	}
	return o, err
}

// Products lists what matches a text.
func (s *SQL) Products(ctx context.Context, text string) ([]string, error) {
	rows, err := s.q.QueryContext(ctx, `SELECT sku FROM products WHERE name LIKE $1 ORDER BY sku`, "%"+text+"%")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []string{}
	for rows.Next() {
		var sku string
		if err := rows.Scan(&sku); err != nil {
			return nil, err
		}
		list = append(list, sku)
	}
	return list, rows.Err()
}

// CreateOrder stores an order.
func (s *SQL) CreateOrder(ctx context.Context, o domain.Order) error {
	_, err := s.q.ExecContext(ctx, `INSERT INTO orders (id, customer, sku, quantity, status, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		o.ID, o.Customer, o.SKU, o.Quantity, o.Status, time.Now())
	return err
}

// TakeStock lowers the stock of a product.
func (s *SQL) TakeStock(ctx context.Context, sku string, quantity int) error {
	res, err := s.q.ExecContext(ctx, `UPDATE products SET stock = stock - $1 WHERE sku = $2 AND stock >= $1`, quantity, sku)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		return domain.ErrOutOfStock
	}
	return nil
}

// Cancel cancels an open order and says whether it was open.
func (s *SQL) Cancel(ctx context.Context, id string) (bool, error) {
	res, err := s.q.ExecContext(ctx, `UPDATE orders SET status = 'cancelled', updated_at = $1 WHERE id = $2 AND status = 'open'`, time.Now(), id)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// SetAddress sets where an order goes.
func (s *SQL) SetAddress(ctx context.Context, id, address string) error {
	_, err := s.q.ExecContext(ctx, `UPDATE orders SET address = $1, updated_at = $2 WHERE id = $3`, address, time.Now(), id)
	return err
}

// AppendNote adds a line to an order's notes.
func (s *SQL) AppendNote(ctx context.Context, id, note string) error {
	_, err := s.q.ExecContext(ctx, `UPDATE orders SET notes = notes || $1 WHERE id = $2`, note+"\n", id)
	return err
}

// Enqueue adds an event to the outbox.
func (s *SQL) Enqueue(ctx context.Context, topic, payload string) error {
	_, err := s.q.ExecContext(ctx, `INSERT INTO outbox (topic, payload, created_at) VALUES ($1, $2, $3)`, topic, payload, time.Now())
	return err
}

// AddItem adds a line to a cart.
func (s *SQL) AddItem(ctx context.Context, it domain.Item) error {
	_, err := s.q.ExecContext(ctx, `INSERT INTO cart_items (cart_id, sku, quantity) VALUES ($1, $2, $3)`, it.CartID, it.SKU, it.Quantity)
	return err
}

// PutItem sets a cart's quantity of a product.
func (s *SQL) PutItem(ctx context.Context, it domain.Item) error {
	_, err := s.q.ExecContext(ctx, `INSERT INTO cart_lines (cart_id, sku, quantity) VALUES ($1, $2, $3)
		ON CONFLICT (cart_id, sku) DO UPDATE SET quantity = EXCLUDED.quantity`, it.CartID, it.SKU, it.Quantity)
	return err
}

// DropCart empties a cart.
func (s *SQL) DropCart(ctx context.Context, cart string) error {
	_, err := s.q.ExecContext(ctx, `DELETE FROM cart_lines WHERE cart_id = $1`, cart)
	return err
}

// AddReview stores a review; a second one of the same author is ErrExists.
func (s *SQL) AddReview(ctx context.Context, r domain.Review) error {
	_, err := s.q.ExecContext(ctx, `INSERT INTO reviews (sku, author, stars) VALUES ($1, $2, $3)`, r.SKU, r.Author, r.Stars)
	if isDuplicate(err) {
		return domain.ErrExists
	}
	return err
}

// BurnCoupon removes a coupon and returns its worth.
func (s *SQL) BurnCoupon(ctx context.Context, code string) (int, error) {
	var amount int
	err := s.q.QueryRowContext(ctx, `DELETE FROM coupons WHERE code = $1 RETURNING amount`, code).Scan(&amount)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, domain.ErrNotFound
	}
	return amount, err
}

// AddToWallet raises a customer's balance.
func (s *SQL) AddToWallet(ctx context.Context, customer string, amount int) error {
	_, err := s.q.ExecContext(ctx, `INSERT INTO wallets (customer, balance) VALUES ($1, $2)
		ON CONFLICT (customer) DO UPDATE SET balance = wallets.balance + EXCLUDED.balance`, customer, amount)
	return err
}

// AddPoints raises a customer's loyalty points.
func (s *SQL) AddPoints(ctx context.Context, customer string, points int) error {
	_, err := s.q.ExecContext(ctx, `INSERT INTO loyalty (customer, points) VALUES ($1, $2)
		ON CONFLICT (customer) DO UPDATE SET points = loyalty.points + EXCLUDED.points`, customer, points)
	return err
}

// CreateReturn stores a return.
func (s *SQL) CreateReturn(ctx context.Context, r domain.Return) error {
	_, err := s.q.ExecContext(ctx, `INSERT INTO returns (id, order_id, reason, created_at) VALUES ($1, $2, $3, $4)`, r.ID, r.OrderID, r.Reason, time.Now())
	return err
}

// Subscribe adds an address to the newsletter.
func (s *SQL) Subscribe(ctx context.Context, email string) error {
	_, err := s.q.ExecContext(ctx, `INSERT INTO subscribers (email, since) VALUES ($1, $2) ON CONFLICT (email) DO NOTHING`, email, time.Now())
	return err
}

// AddWish adds to a wish list.
func (s *SQL) AddWish(ctx context.Context, customer, sku string) error {
	_, err := s.q.ExecContext(ctx, `INSERT INTO wishlists (customer, sku) VALUES ($1, $2)`, customer, sku)
	return err
}

// CreateShipment stores a shipment.
func (s *SQL) CreateShipment(ctx context.Context, sh domain.Shipment) error {
	_, err := s.q.ExecContext(ctx, `INSERT INTO shipments (id, order_id, carrier) VALUES ($1, $2, $3)`, sh.ID, sh.OrderID, sh.Carrier)
	return err
}

// AddWrap orders gift wrap.
func (s *SQL) AddWrap(ctx context.Context, order, paper string) error {
	_, err := s.q.ExecContext(ctx, `INSERT INTO gift_wraps (order_id, paper) VALUES ($1, $2)`, order, paper)
	return err
}

// UseToken marks a form token as used and says whether it was unused.
func (s *SQL) UseToken(ctx context.Context, token string) (bool, error) {
	res, err := s.q.ExecContext(ctx, `UPDATE form_tokens SET used_at = $1 WHERE token = $2 AND used_at IS NULL`, time.Now(), token)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// Reserve takes stock for a request, once per key. It says whether this call
// was the first.
func (s *SQL) Reserve(ctx context.Context, key, sku string, quantity int) (first bool, err error) {
	err = s.InTx(ctx, func(tx *SQL) error {
		res, err := tx.q.ExecContext(ctx, `INSERT INTO request_keys (key, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, digest("reserve", key), time.Now())
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		first = true
		if err := tx.TakeStock(ctx, sku, quantity); err != nil {
			return err
		}
		_, err = tx.q.ExecContext(ctx, `INSERT INTO reservations (sku, quantity, at) VALUES ($1, $2, $3)`, sku, quantity, time.Now())
		return err
	})
	return first, err
}

// Seen says whether a key was marked.
func (s *SQL) Seen(ctx context.Context, key string) (bool, error) {
	var n int
	err := s.q.QueryRowContext(ctx, `SELECT COUNT(*) FROM request_keys WHERE key = $1`, digest("release", key)).Scan(&n)
	return n > 0, err
}

// Mark marks a key.
func (s *SQL) Mark(ctx context.Context, key string) error {
	_, err := s.q.ExecContext(ctx, `INSERT INTO request_keys (key, created_at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING`, digest("release", key), time.Now())
	return err
}

// ReleaseStock gives reserved stock back.
func (s *SQL) ReleaseStock(ctx context.Context, sku string, quantity int) error {
	_, err := s.q.ExecContext(ctx, `UPDATE products SET stock = stock + $1 WHERE sku = $2`, quantity, sku)
	return err
}

func digest(operation, key string) string {
	sum := sha256.Sum256([]byte(operation + "\x00" + key))
	return hex.EncodeToString(sum[:])
}
