// Package order places an order; the claim on the key and the order are one
// transaction.
package order

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
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
type Handler struct {
	db     *dynamodb.Client
	claims *store.Claims
}

// New returns the function on its clients.
func New(c awscfg.Clients) *Handler {
	return &Handler{db: c.Dynamo, claims: store.NewClaims(c.Dynamo)}
}

// Handle places an order once per key.
func (h *Handler) Handle(ctx context.Context, req events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	key := req.Headers["idempotency-key"]
	if key == "" {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusBadRequest}, nil
	}
	var in struct{ SKU string }
	if err := json.Unmarshal([]byte(req.Body), &in); err != nil {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusBadRequest}, nil
	}
	id := uuid.NewString()
	_, err := h.db.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		{Put: &types.Put{
			TableName: aws.String(store.Requests),
			Item: map[string]types.AttributeValue{
				"id": store.S("order#" + key), "result": store.S(id), "expires_at": store.N(time.Now().Add(24 * time.Hour).Unix()),
			},
			ConditionExpression: aws.String("attribute_not_exists(id)"),
		}},
		{Put: &types.Put{
			TableName: aws.String(store.Orders),
			Item:      map[string]types.AttributeValue{"id": store.S(id), "sku": store.S(in.SKU)},
		}},
	}})
	var cancelled *types.TransactionCanceledException
	if errors.As(err, &cancelled) {
		if id, err = h.claims.Result(ctx, "order#"+key); err == nil && id == "" {
			err = cancelled
		}
	}
	if err != nil {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusInternalServerError}, nil
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusCreated, Body: id}, nil
}
