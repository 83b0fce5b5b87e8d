// Package keyname knows the names that idempotency keys go by, in headers,
// metadata, fields and parameters: those of the IETF draft on the header
// Idempotency-Key, of payment providers' APIs, and of Google's AIP-155.
package keyname

import "strings"

// Strength says how far a name alone makes a value a key.
type Strength int

// A strong name counts when it is read; a weak one only when the value
// reaches a claim; an event id names a delivery, not a request.
const (
	None Strength = iota
	Weak
	Event
	Strong
)

var table = func() map[string]Strength {
	t := map[string]Strength{}
	for s, names := range map[Strength]string{
		Strong: `Idempotency-Key X-Idempotency-Key Idempotence-Key PayPal-Request-Id Repeatability-Request-ID X-Client-Token
			Cko-Idempotency-Key X-Qonto-Idempotency-Key chargebee-idempotency-key X-Payout-Idempotency
			X-Payout-Idempotency-Key Request-Idempotency-Key opc-retry-token X-Unique-Transaction-ID request-key
			X-Idempotency-Token idempotency_token idempotent_key client_token client_request_token client_request_id
			pending_post_id deduplication_id dedup_key dedupe_key dedup_id message_deduplication_id idempotency_id idempotency`,
		Weak: `X-Request-Id Request-Id X-Correlation-Id correlation_id traceparent x-ms-client-request-id nonce jti
			reference reference_id external_id external_ref external_reference client_reference client_reference_id
			transaction_reference gid client_order_id X-Form-Token form_token submit_token one_time_token merchant_reference out_trade_no partner_reference request_no`,
		Event: `X-GitHub-Delivery X-Gitlab-Event-UUID X-Shopify-Event-Id X-Shopify-Webhook-Id webhook-id svix-id
			I-Twilio-Idempotency-Token X-Contentful-Idempotency-Key X-PandaDoc-Webhook-Event-Id X-Event-ID ce-id
			event_id webhook_event_id Nats-Msg-Id message_id delivery_id`,
	} {
		for _, n := range strings.Fields(names) {
			t[fold(n)] = s
		}
	}
	return t
}()

// fold makes names comparable: case, dashes and underscores do not count.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '-' || r == '_' || r == '.' || r == ' ':
			return -1
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, name)
}

// Of classifies the name of a header, field or parameter.
func Of(name string) Strength {
	if name == "" {
		return None
	}
	f := fold(name)
	if s, ok := table[f]; ok {
		return s
	}
	if setting(f) {
		return None
	}
	if strings.Contains(f, "idempotencykey") || strings.Contains(f, "idempotencytoken") || strings.Contains(f, "idempotentkey") {
		return Strong
	}
	return None
}

// setting reports whether a folded name is that of something about keys, such as
// how long they are kept, and not of a key.
func setting(f string) bool {
	_, after, found := strings.Cut(f, "idempotencykey")
	if !found {
		return false
	}
	for _, w := range []string{"expression", "ttl", "header", "method", "enabled", "required", "prefix", "expir", "length"} {
		if strings.HasPrefix(after, w) {
			return true
		}
	}
	return false
}

// signatures are the headers by which senders of webhooks sign them.
var signatures = map[string]string{
	"stripesignature": "stripe", "xhubsignature256": "github", "xhubsignature": "github",
	"xshopifyhmacsha256": "shopify", "svixsignature": "svix", "webhooksignature": "standard-webhooks",
	"xslacksignature": "slack", "xtwiliosignature": "twilio", "xgitlabtoken": "gitlab",
	"paypaltransmissionsig": "paypal", "xsquarehmacsha256signature": "square", "xsquaresignature": "square",
	"xrazorpaysignature": "razorpay", "adyensignature": "adyen", "xlinesignature": "line",
	"xccwebhooksignature": "coinbase", "typeformsignature": "typeform",
	"xzoomsignature": "zoom", "xzmsignature": "zoom", "xhookdecksignature": "hookdeck", "paddlesignature": "paddle",
	"xpaystacksignature": "paystack", "verifhash": "flutterwave", "xsignatureed25519": "discord", "linearsignature": "linear",
}

// Signature names the sender of webhooks that signs them in a header of this
// name, "" when it is no such header.
func Signature(name string) string { return signatures[fold(name)] }

// Secret reports whether a header of this name holds a secret as it is, which a
// service may take for its users' credentials, too, and no signature of a content.
func Secret(name string) bool {
	switch fold(name) {
	case "xgitlabtoken", "verifhash":
		return true
	}
	return false
}

// Same reports whether two names are one but for case, dashes and underscores.
func Same(a, b string) bool { return fold(a) == fold(b) }
