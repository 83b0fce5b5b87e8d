// Package webhook declares what the cases use of stripe-go/webhook.
package webhook

import "github.com/stripe/stripe-go/v82"

func ConstructEvent(payload []byte, header, secret string) (stripe.Event, error) {
	return stripe.Event{}, nil
}
