// Package balance reads a counter.
package balance

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"example.com/functions/awscfg"
	"example.com/functions/store"
)

// Handler serves the function.
type Handler struct{ db *dynamodb.Client }

// New returns the function on its clients.
func New(c awscfg.Clients) *Handler { return &Handler{db: c.Dynamo} }

// Handle answers with the item.
func (h *Handler) Handle(ctx context.Context, req events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	out, err := h.db.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: aws.String(store.Counters),
		Key:       map[string]types.AttributeValue{"id": store.S(req.PathParameters["page"])},
	})
	if err != nil {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusInternalServerError}, nil
	}
	body, err := json.Marshal(out.Item)
	if err != nil {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusInternalServerError}, nil
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK, Body: string(body)}, nil
}
