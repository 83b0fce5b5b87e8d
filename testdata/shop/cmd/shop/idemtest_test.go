package main

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/idemlint/idemlint/analyzer/idemtest"
)

// The routes behind the idempotency middleware carry a repeated request out
// once, one after the other and at once, and answer it the same way.

func TestReceiptIsReplayed(t *testing.T) {
	f := open(t)
	path, _ := f.place()
	idemtest.Replay(t, f.shop.http, httptest.NewRequest("POST", path+"/receipt", nil), func() int { return len(f.mail.to) })
}

func TestPaymentIsReplayed(t *testing.T) {
	f := open(t)
	_, id := f.place()
	request := httptest.NewRequest("POST", "/payments", strings.NewReader(paymentOf(id)))
	idemtest.Replay(t, f.shop.http, request,
		func() int { return f.bank.count("/charges") },
		func() int { return f.number(`SELECT count(*) FROM payments`) })
}

// Call repeats anything that takes a key, here the middleware by way of a
// plain function.
func TestReceiptIsCalledOnce(t *testing.T) {
	f := open(t)
	path, _ := f.place()
	idemtest.Config{Rounds: -1}.Call(t, func(_ context.Context, key string) (any, error) {
		return f.send("POST", path+"/receipt", key, "").Code, nil
	}, func() int { return len(f.mail.to) })
}
