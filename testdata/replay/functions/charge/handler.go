// Package charge charges a customer, behind an HTTP API (payload 2.0).
package charge

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

func reply(status int, body string) (events.APIGatewayV2HTTPResponse, error) {
	return events.APIGatewayV2HTTPResponse{StatusCode: status, Body: body, Headers: map[string]string{"Content-Type": "application/json"}}, nil
}

// Handle charges once per key and answers repeats with the first result.
func (h *Handler) Handle(ctx context.Context, req events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	key := req.Headers["idempotency-key"]
	if key == "" {
		return reply(http.StatusBadRequest, `{"error":"Idempotency-Key is required"}`)
	}
	var in struct {
		Customer string `json:"customer"`
		Amount   int64  `json:"amount"`
	}
	if err := json.Unmarshal([]byte(req.Body), &in); err != nil {
		return reply(http.StatusBadRequest, `{"error":"malformed"}`)
	}
	first, err := h.claims.Take(ctx, "charge#"+key, 24*time.Hour)
	if err != nil {
		return reply(http.StatusServiceUnavailable, `{}`)
	}
	if !first {
		result, err := h.claims.Result(ctx, "charge#"+key)
		if err != nil || result == "" {
			return reply(http.StatusConflict, `{"error":"still running"}`)
		}
		return reply(http.StatusCreated, result)
	}
	charged := false
	defer func() {
		if !charged {
			_ = h.claims.GiveBack(context.WithoutCancel(ctx), "charge#"+key)
		}
	}()
	ref, err := h.provider.Charge(ctx, in.Customer, in.Amount)
	if err != nil {
		return reply(http.StatusBadGateway, `{"error":"provider"}`)
	}
	charged = true
	result := `{"ref":"` + ref + `"}`
	if err := h.claims.Finish(ctx, "charge#"+key, result); err != nil {
		return reply(http.StatusInternalServerError, `{}`)
	}
	return reply(http.StatusCreated, result)
}
