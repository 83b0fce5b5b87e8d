package main

import (
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/paymentintent"
)

type api struct{ rdb *redis.Client }

// pay keeps the key to itself.
func (a *api) pay(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		http.Error(w, "no key", http.StatusBadRequest)
		return
	}
	first, err := a.rdb.SetNX(r.Context(), "pay:"+key, 1, 24*time.Hour).Result()
	if err != nil || !first {
		w.WriteHeader(http.StatusConflict)
		return
	}
	p := &stripe.PaymentIntentParams{Amount: stripe.Int64(100)}
	if _, err := paymentintent.New(p); err != nil {
		w.WriteHeader(http.StatusBadGateway)
	}
}

func main() {
	a := &api{redis.NewClient(&redis.Options{})}
	http.HandleFunc("POST /payments", a.pay)
	_ = http.ListenAndServe(":8080", nil)
}
