package repo

import (
	"context"
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.com/bookings/internal/model"
)

// ErrNotFound tells that there is no such row; ErrDuplicate that a request's
// key was used before.
var (
	ErrNotFound  = errors.New("not found")
	ErrDuplicate = errors.New("duplicate request")
)

// Repo runs the queries.
type Repo struct{ db *gorm.DB }

// New returns a repo on db.
func New(db *gorm.DB) *Repo { return &Repo{db: db} }

// Transaction runs work with a repo that belongs to one transaction.
func (r *Repo) Transaction(ctx context.Context, work func(tx *Repo) error) error {
	return r.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error { return work(New(tx)) })
}

// Booking reads a booking.
func (r *Repo) Booking(ctx context.Context, id string) (model.Booking, error) {
	var b model.Booking
	err := r.db.WithContext(ctx).First(&b, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return b, ErrNotFound
	}
	return b, err
}

// Rooms lists the rooms.
func (r *Repo) Rooms(ctx context.Context) ([]model.Room, error) {
	var rooms []model.Room
	err := r.db.WithContext(ctx).Order("id").Find(&rooms).Error
	return rooms, err
}

// CreateBooking stores a booking.
func (r *Repo) CreateBooking(ctx context.Context, b *model.Booking) error {
	return r.db.WithContext(ctx).Create(b).Error
}

// Confirm confirms a requested booking and says whether it did.
func (r *Repo) Confirm(ctx context.Context, id string) (bool, error) {
	res := r.db.WithContext(ctx).Model(&model.Booking{}).Where("id = ? AND status = ?", id, "requested").Update("status", "confirmed")
	return res.RowsAffected == 1, res.Error
}

// Publish adds an event to the outbox.
func (r *Repo) Publish(ctx context.Context, topic, body string) error {
	return r.db.WithContext(ctx).Create(&model.Event{Topic: topic, Body: body}).Error
}

// DeleteBooking removes a booking.
func (r *Repo) DeleteBooking(ctx context.Context, id string) error {
	return r.db.WithContext(ctx).Delete(&model.Booking{}, "id = ?", id).Error
}

// HoldRoom counts one more hold on a room.
func (r *Repo) HoldRoom(ctx context.Context, id string) error {
	return r.db.WithContext(ctx).Model(&model.Room{}).Where("id = ?", id).UpdateColumn("held", gorm.Expr("held + ?", 1)).Error
}

// SetPrice sets a room's price.
func (r *Repo) SetPrice(ctx context.Context, id string, price int64) error {
	return r.db.WithContext(ctx).Model(&model.Room{}).Where("id = ?", id).Updates(map[string]any{"price": price}).Error
}

// GuestByEmail finds a guest or adds one.
func (r *Repo) GuestByEmail(ctx context.Context, email, name string) (model.Guest, error) {
	g := model.Guest{Email: email, Name: name}
	err := r.db.WithContext(ctx).Where("email = ?", email).FirstOrCreate(&g).Error
	return g, err
}

// SaveGuest writes a guest under its id.
func (r *Repo) SaveGuest(ctx context.Context, g model.Guest) error {
	return r.db.WithContext(ctx).Save(&g).Error
}

// AddPoints adds to a guest's points.
func (r *Repo) AddPoints(ctx context.Context, id, points int64) error {
	return r.db.WithContext(ctx).Model(&model.Guest{}).Where("id = ?", id).UpdateColumn("points", gorm.Expr("points + ?", points)).Error
}

// AddPayment stores a payment.
func (r *Repo) AddPayment(ctx context.Context, p model.Payment) error {
	return r.db.WithContext(ctx).Create(&p).Error
}

// AddReview stores a review.
func (r *Repo) AddReview(ctx context.Context, rv model.Review) error {
	return r.db.WithContext(ctx).Create(&rv).Error
}

// Wait puts somebody on a waiting list.
func (r *Repo) Wait(ctx context.Context, w model.Waiting) error {
	return r.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&w).Error
}

// AddVoucher stores a voucher.
func (r *Repo) AddVoucher(ctx context.Context, v model.Voucher) error {
	return r.db.WithContext(ctx).Create(&v).Error
}

// AddToTab raises what a booking owes.
func (r *Repo) AddToTab(ctx context.Context, booking string, amount int64) error {
	return r.db.WithContext(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "booking_id"}},
		DoUpdates: clause.Assignments(map[string]any{"total": gorm.Expr("tabs.total + ?", amount)}),
	}).Create(&model.Tab{BookingID: booking, Total: amount}).Error
}

// CheckIn stores an arrival.
func (r *Repo) CheckIn(ctx context.Context, c model.CheckIn) error {
	return r.db.WithContext(ctx).Create(&c).Error
}

// ClaimKey takes a key and says whether nobody had it before.
func (r *Repo) ClaimKey(ctx context.Context, k *model.RequestKey) (bool, error) {
	res := r.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(k)
	return res.RowsAffected == 1, res.Error
}

// FinishKey stores the response for a key.
func (r *Repo) FinishKey(ctx context.Context, key, response string) error {
	return r.db.WithContext(ctx).Model(&model.RequestKey{}).Where("idempotency_key = ?", key).Update("response", response).Error
}

// Key reads a key; ok is false when it was never used.
func (r *Repo) Key(ctx context.Context, key string) (k model.RequestKey, ok bool, err error) {
	err = r.db.WithContext(ctx).Take(&k, "idempotency_key = ?", key).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return k, false, nil
	}
	return k, err == nil, err
}

// InsertKey stores a key; ErrDuplicate when it is there.
func (r *Repo) InsertKey(ctx context.Context, k model.RequestKey) error {
	err := r.db.WithContext(ctx).Create(&k).Error
	if isDuplicate(err) {
		return ErrDuplicate
	}
	return err
}
