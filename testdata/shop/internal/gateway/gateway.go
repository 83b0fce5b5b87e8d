// Package gateway is a client of the payment gateway's HTTP API.
package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Client implements payment.Gateway.
type Client struct {
	base string
	http *http.Client
}

// New returns a client of the gateway at base, such as "https://pay.example".
func New(base string) *Client {
	return &Client{base: strings.TrimSuffix(base, "/"), http: &http.Client{Timeout: 10 * time.Second}}
}

// NewSandbox returns a client without a gateway: everything is approved and
// no money moves.
func NewSandbox() *Client {
	return &Client{base: "http://sandbox", http: &http.Client{Transport: sandbox{}}}
}

// Charge takes cents from a card, once for each key.
func (c *Client) Charge(ctx context.Context, key, card string, cents int64) (string, error) {
	return c.post(ctx, "/charges", key, map[string]any{"card": card, "cents": cents})
}

// Refund gives back part of the charge ref.
func (c *Client) Refund(ctx context.Context, ref string, cents int64) (string, error) {
	return c.post(ctx, "/refunds", "", map[string]any{"charge": ref, "cents": cents})
}

// Payout pays cents to a seller's bank account.
func (c *Client) Payout(ctx context.Context, seller string, cents int64) (string, error) {
	return c.post(ctx, "/payouts", "", map[string]any{"seller": seller, "cents": cents})
}

func (c *Client) post(ctx context.Context, path, key string, body any) (string, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		return "", fmt.Errorf("gateway answers %s to %s", res.Status, path)
	}
	var answer struct {
		Ref string `json:"ref"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&answer); err != nil {
		return "", fmt.Errorf("gateway's answer to %s: %w", path, err)
	}
	return answer.Ref, nil
}

// sandbox approves every request.
type sandbox struct{}

func (sandbox) RoundTrip(req *http.Request) (*http.Response, error) {
	body := fmt.Sprintf(`{"ref":"sandbox%s"}`, strings.ReplaceAll(req.URL.Path, "/", "-"))
	return &http.Response{
		Status:     "200 OK",
		StatusCode: http.StatusOK,
		Header:     http.Header{},
		Body:       io.NopCloser(strings.NewReader(body)),
		Request:    req,
	}, nil
}
