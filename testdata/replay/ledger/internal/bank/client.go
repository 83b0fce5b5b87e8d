// Package bank asks the bank to pay.
package bank

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Client calls the bank.
type Client struct {
	base string
	http *http.Client
}

// New returns a client for the bank's API at base.
func New(base string, c *http.Client) *Client { return &Client{base: base, http: c} }

// Send pays an amount; the bank pays once for each key that is not empty.
func (c *Client) Send(ctx context.Context, key, account string, amount int64) (string, error) {
	body := fmt.Sprintf(`{"account":%q,"amount":%d}`, account, amount)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/payments", strings.NewReader(body))
	if err != nil {
		return "", err
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("bank: status %d", res.StatusCode)
	}
	var out struct {
		ID string `json:"id"`
	}
	return out.ID, json.NewDecoder(res.Body).Decode(&out)
}
