// Package shipping charges freight for the orders that come through a queue,
// once per message.
package shipping

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"example.com/functions/awscfg"
	"example.com/functions/provider"
	"example.com/functions/store"
)

// Handler serves the function.
type Handler struct {
	claims   *store.Claims
	provider *provider.Client
}

// New returns the function on its clients.
func New(c awscfg.Clients) *Handler {
	return &Handler{claims: store.NewClaims(c.Dynamo), provider: c.Provider}
}

// Handle works through a batch; the messages that failed come again.
func (h *Handler) Handle(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
	var res events.SQSEventResponse
	for _, msg := range batch.Records {
		if err := h.one(ctx, msg); err != nil {
			res.BatchItemFailures = append(res.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: msg.MessageId})
		}
	}
	return res, nil
}

func (h *Handler) one(ctx context.Context, msg events.SQSMessage) (err error) {
	var in struct {
		Customer string
		Amount   int64
	}
	if err := json.Unmarshal([]byte(msg.Body), &in); err != nil {
		return err
	}
	name := "shipping#" + msg.MessageId
	first, err := h.claims.Take(ctx, name, 7*24*time.Hour)
	if err != nil || !first {
		return err
	}
	done := false
	defer func() {
		if !done {
			_ = h.claims.GiveBack(context.WithoutCancel(ctx), name)
		}
	}()
	if _, err := h.provider.Charge(ctx, in.Customer, in.Amount); err != nil {
		return err
	}
	done = true
	return nil
}
