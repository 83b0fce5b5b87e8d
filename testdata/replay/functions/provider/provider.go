// Package provider charges cards.
package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Client calls the provider.
type Client struct {
	base string
	http *http.Client
}

// New returns a client for the provider's API at base.
func New(base string, c *http.Client) *Client { return &Client{base: base, http: c} }

// Charge charges a card.
func (c *Client) Charge(ctx context.Context, customer string, amount int64) (string, error) {
	body := fmt.Sprintf(`{"customer":%q,"amount":%d}`, customer, amount)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/charges", strings.NewReader(body))
	if err != nil {
		return "", err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("provider: status %d", res.StatusCode)
	}
	var out struct {
		ID string `json:"id"`
	}
	return out.ID, json.NewDecoder(res.Body).Decode(&out)
}
