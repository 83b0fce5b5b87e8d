// Package settle marks an open order as settled.
package settle

import (
	"context"
	"errors"
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

// Handle settles an order that is open.
func (h *Handler) Handle(ctx context.Context, req events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	_, err := h.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                aws.String(store.Orders),
		Key:                      map[string]types.AttributeValue{"id": store.S(req.PathParameters["id"])},
		UpdateExpression:         aws.String("SET #s = :settled, revision = revision + :one"),
		ConditionExpression:      aws.String("#s = :open"),
		ExpressionAttributeNames: map[string]string{"#s": "status"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":settled": store.S("settled"), ":open": store.S("open"), ":one": store.N(1),
		},
	})
	var failed *types.ConditionalCheckFailedException
	if errors.As(err, &failed) {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusConflict}, nil
	}
	if err != nil {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusInternalServerError}, nil
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusNoContent}, nil
}
