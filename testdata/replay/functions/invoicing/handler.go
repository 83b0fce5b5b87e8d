// Package invoicing writes an invoice for an event from the bus.
package invoicing

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/uuid"

	"example.com/functions/awscfg"
	"example.com/functions/store"
)

// Handler serves the function.
type Handler struct{ db *dynamodb.Client }

// New returns the function on its clients.
func New(c awscfg.Clients) *Handler { return &Handler{db: c.Dynamo} }

// Handle writes the invoice unless the event was seen.
func (h *Handler) Handle(ctx context.Context, ev events.CloudWatchEvent) error {
	seen := map[string]types.AttributeValue{"id": store.S("invoicing#" + ev.ID)}
	old, err := h.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String(store.Requests), Key: seen, ConsistentRead: aws.Bool(true)})
	if err != nil {
		return err
	}
	if len(old.Item) > 0 {
		return nil
	}
	_, err = h.db.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String(store.Orders),
		Item:      map[string]types.AttributeValue{"id": store.S(uuid.NewString()), "invoice": store.S(string(ev.Detail))},
	})
	if err != nil {
		return err
	}
	seen["expires_at"] = store.N(time.Now().Add(7 * 24 * time.Hour).Unix())
	_, err = h.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(store.Requests), Item: seen})
	return err
}
