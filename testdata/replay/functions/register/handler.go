// Package register stores an order, behind a REST API (payload 1.0).
package register

import (
	"context"
	"encoding/json"
	"net/http"

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

// Handle stores an order under a new id.
func (h *Handler) Handle(ctx context.Context, req events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	if req.HTTPMethod != http.MethodPost {
		return events.APIGatewayProxyResponse{StatusCode: http.StatusMethodNotAllowed}, nil
	}
	var in struct{ SKU string }
	if err := json.Unmarshal([]byte(req.Body), &in); err != nil {
		return events.APIGatewayProxyResponse{StatusCode: http.StatusBadRequest}, nil
	}
	id := uuid.NewString()
	_, err := h.db.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String(store.Orders),
		Item:      map[string]types.AttributeValue{"id": store.S(id), "sku": store.S(in.SKU)},
	})
	if err != nil {
		return events.APIGatewayProxyResponse{StatusCode: http.StatusInternalServerError}, nil
	}
	return events.APIGatewayProxyResponse{StatusCode: http.StatusCreated, Body: id}, nil
}
