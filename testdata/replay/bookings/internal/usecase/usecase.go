// Package usecase holds what the hotel does.
package usecase

import (
	"context"
	"encoding/json"
	"fmt"
	"net/smtp"
	"time"

	"github.com/google/uuid"

	"example.com/bookings/internal/model"
	"example.com/bookings/internal/repo"
)

// Hotel is the use cases.
type Hotel struct {
	repo     *repo.Repo
	mailAddr string
}

// New returns the use cases.
func New(r *repo.Repo, mailAddr string) *Hotel { return &Hotel{repo: r, mailAddr: mailAddr} }

// Repo is the plain access to the data.
func (h *Hotel) Repo() *repo.Repo { return h.repo }

// Book stores a booking and announces it.
func (h *Hotel) Book(ctx context.Context, b model.Booking) (model.Booking, error) {
	b.ID, b.Status = uuid.NewString(), "requested"
	err := h.repo.Transaction(ctx, func(tx *repo.Repo) error {
		if err := tx.CreateBooking(ctx, &b); err != nil {
			return err
		}
		return tx.Publish(ctx, "bookings.requested", b.ID)
	})
	return b, err
}

// Confirm confirms a booking.
func (h *Hotel) Confirm(ctx context.Context, id string) error {
	return h.repo.Transaction(ctx, func(tx *repo.Repo) error {
		ok, err := tx.Confirm(ctx, id)
		if err != nil {
			return err
		}
		if !ok {
			return nil
		}
		return tx.Publish(ctx, "bookings.confirmed", id)
	})
}

// Hold holds a room, once per key.
func (h *Hotel) Hold(ctx context.Context, key, room string) (model.Booking, error) {
	b := model.Booking{ID: uuid.NewString(), RoomID: room, Status: "held"}
	replay := false
	err := h.repo.Transaction(ctx, func(tx *repo.Repo) error {
		claimed, err := tx.ClaimKey(ctx, &model.RequestKey{IdempotencyKey: "hold:" + key, CreatedAt: time.Now()})
		if err != nil {
			return err
		}
		if !claimed {
			replay = true
			return nil
		}
		if err := tx.HoldRoom(ctx, room); err != nil {
			return err
		}
		if err := tx.CreateBooking(ctx, &b); err != nil {
			return err
		}
		raw, err := json.Marshal(b)
		if err != nil {
			return err
		}
		return tx.FinishKey(ctx, "hold:"+key, string(raw))
	})
	if err == nil && replay {
		k, _, err := h.repo.Key(ctx, "hold:"+key)
		if err != nil {
			return b, err
		}
		return b, json.Unmarshal([]byte(k.Response), &b)
	}
	return b, err
}

// Voucher gives a guest a voucher unless the key was used.
func (h *Hotel) Voucher(ctx context.Context, key string, v model.Voucher) (model.Voucher, error) {
	old, used, err := h.repo.Key(ctx, "voucher:"+key)
	if err != nil {
		return v, err
	}
	if used {
		return v, json.Unmarshal([]byte(old.Response), &v)
	}
	v.ID = uuid.NewString()
	if err := h.repo.AddVoucher(ctx, v); err != nil {
		return v, err
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return v, err
	}
	_, err = h.repo.ClaimKey(ctx, &model.RequestKey{IdempotencyKey: "voucher:" + key, Response: string(raw), CreatedAt: time.Now()})
	return v, err
}

// Transfer moves a payment to another booking. A key that was used is
// ErrDuplicate.
func (h *Hotel) Transfer(ctx context.Context, key string, p model.Payment) error {
	return h.repo.Transaction(ctx, func(tx *repo.Repo) error {
		if err := tx.InsertKey(ctx, model.RequestKey{IdempotencyKey: "transfer:" + key, CreatedAt: time.Now()}); err != nil {
			return err
		}
		return tx.AddPayment(ctx, p)
	})
}

// Message mails a guest.
func (h *Hotel) Message(_ context.Context, to, text string) error {
	body := fmt.Sprintf("To: %s\r\nSubject: Your stay\r\n\r\n%s\r\n", to, text)
	return smtp.SendMail(h.mailAddr, nil, "desk@example.com", []string{to}, []byte(body))
}
