// Package domain holds the shop's words and errors.
package domain

import "errors"

// Errors that handlers translate.
var (
	ErrNotFound   = errors.New("not found")
	ErrExists     = errors.New("already exists")
	ErrOutOfStock = errors.New("out of stock")
	ErrInProgress = errors.New("request is still being processed")
	ErrNoKey      = errors.New("idempotency key is required")
)

// Order is what a customer buys.
type Order struct {
	ID       string `json:"id"`
	Customer string `json:"customer"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
	Status   string `json:"status"`
	Address  string `json:"address,omitempty"`
}

// Item is a line of a cart.
type Item struct {
	CartID   string `json:"cart_id"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

// Review is a customer's opinion of a product; one per customer and product.
type Review struct {
	SKU    string `json:"sku"`
	Author string `json:"author"`
	Stars  int    `json:"stars"`
}

// Return is a request to send goods back.
type Return struct {
	ID      string `json:"id"`
	OrderID string `json:"order_id"`
	Reason  string `json:"reason"`
}

// Shipment is a parcel.
type Shipment struct {
	ID      string `json:"id"`
	OrderID string `json:"order_id"`
	Carrier string `json:"carrier"`
}
