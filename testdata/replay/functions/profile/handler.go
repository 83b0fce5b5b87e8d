// Package profile writes a customer's profile.
package profile

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

// Handle stores the profile under the id in the path.
func (h *Handler) Handle(ctx context.Context, req events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	var in struct{ Name string }
	if err := json.Unmarshal([]byte(req.Body), &in); err != nil {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusBadRequest}, nil
	}
	_, err := h.db.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String(store.Profiles),
		Item:      map[string]types.AttributeValue{"id": store.S(req.PathParameters["id"]), "name": store.S(in.Name)},
	})
	if err != nil {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusInternalServerError}, nil
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusNoContent}, nil
}
