// Package refund gives money back.
package refund

import (
	"context"
	"encoding/json"
	"net/http"
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

// Handle refunds; a key, where there is one, is used once.
func (h *Handler) Handle(ctx context.Context, req events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	if key := req.Headers["Idempotency-Key"]; key != "" {
		first, err := h.claims.Take(ctx, "refund#"+key, 24*time.Hour)
		if err != nil {
			return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusServiceUnavailable}, nil
		}
		if !first {
			return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusConflict}, nil
		}
	}
	var in struct {
		Customer string
		Amount   int64
	}
	if err := json.Unmarshal([]byte(req.Body), &in); err != nil {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusBadRequest}, nil
	}
	ref, err := h.provider.Charge(ctx, in.Customer, -in.Amount)
	if err != nil {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusBadGateway}, nil
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusCreated, Body: ref}, nil
}
