// Package consume handles the events of the message bus and of Kafka.
package consume

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/redis/go-redis/v9"

	"example.com/fulfilment/internal/warehouse"
)

// Event is the payload of the bus's messages.
type Event struct {
	EventID  string `json:"event_id"`
	OrderID  string `json:"order_id"`
	Customer string `json:"customer"`
	SKU      string `json:"sku"`
	N        int64  `json:"n"`
}

func decode(msg *message.Message) (Event, error) {
	var ev Event
	return ev, json.Unmarshal(msg.Payload, &ev)
}

// Handlers has a method for each topic.
type Handlers struct {
	store *warehouse.Store
	seen  sync.Map
}

// NewHandlers returns the handlers.
func NewHandlers(s *warehouse.Store) *Handlers { return &Handlers{store: s} }

// OrderPlaced takes stock, once per message.
func (h *Handlers) OrderPlaced(msg *message.Message) error {
	ev, err := decode(msg)
	if err != nil {
		return err
	}
	ctx := msg.Context()
	return h.store.Once(ctx, "placed/"+msg.UUID, func(tx warehouse.Execer) error {
		return warehouse.TakeStock(ctx, tx, ev.SKU, ev.N)
	})
}

// OrderPaid ships the order.
func (h *Handlers) OrderPaid(msg *message.Message) error {
	ev, err := decode(msg)
	if err != nil {
		return err
	}
	return warehouse.Ship(msg.Context(), h.store.DB(), ev.OrderID)
}

// OrderCancelled marks the order.
func (h *Handlers) OrderCancelled(msg *message.Message) error {
	ev, err := decode(msg)
	if err != nil {
		return err
	}
	return warehouse.SetStatus(msg.Context(), h.store.DB(), ev.OrderID, "cancelled")
}

// StockCounted sets the stock.
func (h *Handlers) StockCounted(msg *message.Message) error {
	ev, err := decode(msg)
	if err != nil {
		return err
	}
	return warehouse.SetStock(msg.Context(), h.store.DB(), ev.SKU, ev.N)
}

// PaymentCaptured asks for a receipt.
func (h *Handlers) PaymentCaptured(msg *message.Message) ([]*message.Message, error) {
	ev, err := decode(msg)
	if err != nil {
		return nil, err
	}
	payload, err := json.Marshal(map[string]string{"order": ev.OrderID, "kind": "receipt"})
	if err != nil {
		return nil, err
	}
	return message.Messages{message.NewMessage(msg.UUID, payload)}, nil
}

// PointsEarned stores points unless the event was processed.
func (h *Handlers) PointsEarned(msg *message.Message) error {
	ev, err := decode(msg)
	if err != nil {
		return err
	}
	ctx := msg.Context()
	done, err := h.store.IsProcessed(ctx, "points/"+msg.UUID)
	if err != nil || done {
		return err
	}
	if err := warehouse.Earn(ctx, h.store.DB(), ev.Customer, ev.N); err != nil {
		return err
	}
	return h.store.MarkProcessed(ctx, "points/"+msg.UUID)
}

// InvoiceDue stores an invoice.
func (h *Handlers) InvoiceDue(msg *message.Message) error {
	ev, err := decode(msg)
	if err != nil {
		return err
	}
	return warehouse.Invoice(msg.Context(), h.store.DB(), ev.OrderID)
}

// BonusGranted stores bonus points, once per event id that this process saw.
func (h *Handlers) BonusGranted(msg *message.Message) error {
	ev, err := decode(msg)
	if err != nil {
		return err
	}
	if _, seen := h.seen.LoadOrStore(ev.EventID, true); seen {
		return nil
	}
	stored := false
	defer func() {
		if !stored {
			h.seen.Delete(ev.EventID)
		}
	}()
	if err := warehouse.Earn(msg.Context(), h.store.DB(), ev.Customer, ev.N); err != nil {
		return err
	}
	stored = true
	return nil
}

// Dedupe is middleware that drops messages whose UUID was seen.
func Dedupe(rdb redis.UniversalClient) message.HandlerMiddleware {
	return func(next message.HandlerFunc) message.HandlerFunc {
		return func(msg *message.Message) ([]*message.Message, error) {
			fresh, err := rdb.SetNX(msg.Context(), "msg:"+msg.UUID, "1", 7*24*time.Hour).Result()
			if err != nil {
				return nil, err
			}
			if !fresh {
				return nil, nil
			}
			return next(msg)
		}
	}
}

// DedupeUndo is Dedupe for handlers that may fail: their messages come again.
func DedupeUndo(rdb redis.UniversalClient) message.HandlerMiddleware {
	return func(next message.HandlerFunc) message.HandlerFunc {
		return func(msg *message.Message) ([]*message.Message, error) {
			name := "once:" + msg.UUID
			fresh, err := rdb.SetNX(msg.Context(), name, "1", 7*24*time.Hour).Result()
			if err != nil {
				return nil, err
			}
			if !fresh {
				return nil, nil
			}
			handled := false
			defer func() {
				if !handled {
					rdb.Del(context.WithoutCancel(msg.Context()), name)
				}
			}()
			out, err := next(msg)
			handled = err == nil
			return out, err
		}
	}
}
