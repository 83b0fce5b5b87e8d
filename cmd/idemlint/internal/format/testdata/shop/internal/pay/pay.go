package pay

import "context"

// Charge charges a card.
func (c *Client) Charge(ctx context.Context, p Payment) error {
	return c.gateway.Post(ctx, "/charges", p)
}
