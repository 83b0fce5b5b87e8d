// Package orders keeps orders, and the keys of the requests that made them.
package orders

import "database/sql"

// Add stores an order under an id that the database makes.
func Add(db *sql.DB, item string) error {
	_, err := db.Exec("INSERT INTO orders (item) VALUES ($1)", item)
	return err
}

// Read looks an order up.
func Read(db *sql.DB, id string) (item string, err error) {
	err = db.QueryRow("SELECT item FROM orders WHERE id = $1", id).Scan(&item)
	return item, err
}

// Claim takes a key, and says whether it is the first to.
func Claim(db *sql.DB, key string) (first bool, err error) {
	res, err := db.Exec("INSERT INTO keys (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", key)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}
