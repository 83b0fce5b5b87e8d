// Package provider talks to the payment provider.
package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// Client calls the provider's API.
type Client struct {
	base string
	http *http.Client
}

// New returns a client for the API at base.
func New(base string, c *http.Client) *Client { return &Client{base: base, http: c} }

type result struct {
	ID string `json:"id"`
}

// Charge takes money. The provider carries out a charge once for each key;
// without a key, each time.
func (c *Client) Charge(ctx context.Context, key, account string, amount int64) (string, error) {
	return c.post(ctx, "/v1/charges", key, map[string]any{"account": account, "amount": amount})
}

// Capture takes the money of an authorised payment.
func (c *Client) Capture(ctx context.Context, payment string) error {
	_, err := c.post(ctx, "/v1/payments/"+payment+"/capture", "capture-"+payment, nil)
	return err
}

// Score asks for a risk score.
func (c *Client) Score(ctx context.Context, account string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/v1/risk/"+account, nil)
	if err != nil {
		return 0, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	var out struct {
		Score int `json:"score"`
	}
	return out.Score, json.NewDecoder(res.Body).Decode(&out)
}

func (c *Client) post(ctx context.Context, path, key string, body any) (string, error) {
	payload, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader(payload))
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
	if res.StatusCode >= 300 {
		return "", fmt.Errorf("provider: %s: status %d", path, res.StatusCode)
	}
	var out result
	return out.ID, json.NewDecoder(res.Body).Decode(&out)
}
