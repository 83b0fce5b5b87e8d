// Package model holds the tables as gorm models.
package model

import "time"

// Booking is a stay.
type Booking struct {
	ID        string    `gorm:"primaryKey" json:"id"`
	RoomID    string    `json:"room_id"`
	GuestID   string    `json:"guest_id"`
	Nights    int       `json:"nights"`
	Status    string    `json:"status"`
	CreatedAt time.Time `json:"-"`
}

// Room is a room.
type Room struct {
	ID    string `gorm:"primaryKey" json:"id"`
	Price int64  `json:"price"`
	Held  int64  `json:"held"`
}

// Guest is a guest. No index keeps an e-mail address from being there twice.
type Guest struct {
	ID     int64  `gorm:"primaryKey" json:"id"`
	Email  string `json:"email"`
	Name   string `json:"name"`
	Points int64  `json:"points"`
}

// Payment is money that a guest paid.
type Payment struct {
	ID        int64     `gorm:"primaryKey" json:"-"`
	BookingID string    `json:"booking_id"`
	Amount    int64     `json:"amount"`
	CreatedAt time.Time `json:"-"`
}

// Review is a guest's opinion.
type Review struct {
	ID     int64  `gorm:"primaryKey" json:"-"`
	RoomID string `json:"room_id"`
	Text   string `json:"text"`
}

// Waiting is a place on a room's waiting list.
type Waiting struct {
	RoomID string `gorm:"primaryKey" json:"room_id"`
	Email  string `gorm:"primaryKey" json:"email"`
}

// Voucher is worth money.
type Voucher struct {
	ID      string `gorm:"primaryKey" json:"id"`
	GuestID string `json:"guest_id"`
	Amount  int64  `json:"amount"`
}

// Tab is what a booking owes.
type Tab struct {
	BookingID string `gorm:"primaryKey" json:"booking_id"`
	Total     int64  `json:"total"`
}

// CheckIn is the arrival of a guest.
type CheckIn struct {
	ID        int64     `gorm:"primaryKey" json:"-"`
	BookingID string    `json:"booking_id"`
	At        time.Time `json:"-"`
}

// Event waits to be published.
type Event struct {
	ID    int64 `gorm:"primaryKey"`
	Topic string
	Body  string
}

// RequestKey remembers a request.
type RequestKey struct {
	IdempotencyKey string `gorm:"primaryKey"`
	Response       string
	CreatedAt      time.Time
}
