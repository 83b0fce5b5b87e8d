// Package shop holds what the shop does.
package shop

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// Bank calls the card terminal's bank.
type Bank struct {
	base string
	http *http.Client
}

// NewBank returns a client for the API at base.
func NewBank(base string, c *http.Client) *Bank { return &Bank{base: base, http: c} }

// Charge takes money from a card, each time that it is called.
func (b *Bank) Charge(ctx context.Context, card string, amount int64) (string, error) {
	payload, err := json.Marshal(map[string]any{"card": card, "amount": amount})
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.base+"/card/charges", bytes.NewReader(payload))
	if err != nil {
		return "", err
	}
	res, err := b.http.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		return "", fmt.Errorf("bank answered %s", res.Status)
	}
	var out struct{ ID string }
	return out.ID, json.NewDecoder(res.Body).Decode(&out)
}
