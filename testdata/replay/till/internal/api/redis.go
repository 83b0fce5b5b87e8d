package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"

	"example.com/till/internal/ledger"
	"example.com/till/internal/once"
	"example.com/till/internal/shop"
)

const (
	pending = "pending"
	lease   = time.Minute
	day     = 24 * time.Hour
)

// Sale serves POST /sales: it charges a card once per key and answers repeats
// with the first reference.
func (a *API) Sale(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var in sale
	if !decode(w, r, &in) {
		return
	}
	ctx := r.Context()
	won, err := a.rdb.SetNX(ctx, "sale:"+key, pending, lease).Result()
	if err != nil {
		fail(w)
		return
	}
	if !won {
		ref, err := a.rdb.Get(ctx, "sale:"+key).Result()
		if err != nil || ref == pending {
			http.Error(w, "still running", http.StatusConflict)
			return
		}
		reply(w, map[string]string{"ref": ref})
		return
	}
	sold := false
	defer func() {
		if !sold {
			a.rdb.Del(context.WithoutCancel(ctx), "sale:"+key)
		}
	}()
	ref, err := a.bank.Charge(ctx, in.Card, in.Amount)
	if err != nil {
		fail(w)
		return
	}
	sold = true
	if err := a.rdb.Set(context.WithoutCancel(ctx), "sale:"+key, ref, day).Err(); err != nil {
		fail(w)
		return
	}
	reply(w, map[string]string{"ref": ref})
}

// Return serves POST /returns: the answer follows from the request.
func (a *API) Return(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var in sale
	if !decode(w, r, &in) {
		return
	}
	ctx, name := r.Context(), "return:"+key
	fresh, err := a.rdb.SetNX(ctx, name, "1", day).Result()
	if err != nil {
		fail(w)
		return
	}
	if !fresh {
		reply(w, in)
		return
	}
	booked := false
	defer func() {
		if !booked {
			a.rdb.Del(context.WithoutCancel(ctx), name)
		}
	}()
	if err := ledger.Book(ctx, a.db, in.Card, "return", -in.Amount); err != nil {
		fail(w)
		return
	}
	booked = true
	reply(w, in)
}

// Refill serves POST /refills.
func (a *API) Refill(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var in sale
	if !decode(w, r, &in) {
		return
	}
	ctx, name := context.WithoutCancel(r.Context()), "refill:"+key
	switch first, err := a.rdb.SetNX(ctx, name, "1", day).Result(); {
	case err != nil:
		fail(w)
		return
	case !first:
		reply(w, in)
		return
	}
	ok := false
	defer func() {
		if !ok {
			a.rdb.Del(ctx, name)
		}
	}()
	if err := ledger.Put(ctx, a.db, "front", in.Amount); err != nil {
		fail(w)
		return
	}
	ok = true
	reply(w, in)
}

var takeScript = redis.NewScript(`return redis.call("SET", KEYS[1], ARGV[1], "NX", "EX", ARGV[2]) and 1 or 0`)

// Stamp serves POST /stamps; a script claims.
func (a *API) Stamp(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var in sale
	if !decode(w, r, &in) {
		return
	}
	ctx := r.Context()
	taken, err := takeScript.Run(ctx, a.rdb, []string{"stamp:" + key}, "1", 86400).Int()
	if err != nil {
		fail(w)
		return
	}
	if taken == 0 {
		reply(w, in)
		return
	}
	stamped := false
	defer func() {
		if !stamped {
			a.rdb.Del(context.WithoutCancel(ctx), "stamp:"+key)
		}
	}()
	if err := ledger.Book(ctx, a.db, in.Card, "stamp", 1); err != nil {
		fail(w)
		return
	}
	stamped = true
	reply(w, in)
}

// Bottle serves POST /bottles; SET … NX claims.
func (a *API) Bottle(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var in sale
	if !decode(w, r, &in) {
		return
	}
	ctx := r.Context()
	err := a.rdb.SetArgs(ctx, "bottle:"+key, "1", redis.SetArgs{Mode: "NX", TTL: day}).Err()
	if errors.Is(err, redis.Nil) {
		reply(w, in)
		return
	}
	if err != nil {
		fail(w)
		return
	}
	paid := false
	defer func() {
		if !paid {
			a.rdb.Del(context.WithoutCancel(ctx), "bottle:"+key)
		}
	}()
	if err := ledger.Put(ctx, a.db, "front", -in.Amount); err != nil {
		fail(w)
		return
	}
	paid = true
	reply(w, in)
}

// Receipt serves POST /receipts: it mails a receipt once per key.
func (a *API) Receipt(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(keyHeader)
	if key == "" {
		http.Error(w, keyHeader+" is required", http.StatusBadRequest)
		return
	}
	var in sale
	if !decode(w, r, &in) {
		return
	}
	ctx, name := r.Context(), "receipt:"+key
	first, err := a.rdb.SetNX(ctx, name, "1", day).Result()
	if err != nil {
		fail(w)
		return
	}
	if !first {
		reply(w, in)
		return
	}
	sent := false
	defer func() {
		if !sent {
			a.rdb.Del(context.WithoutCancel(ctx), name)
		}
	}()
	if err := a.mail(in.Card+"@example.com", "Thank you."); err != nil {
		fail(w)
		return
	}
	sent = true
	reply(w, in)
}

// Gift serves POST /gifts: the runner calls back once per key.
func Gift(run *once.Runner, books *ledger.Books) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get(keyHeader)
		if key == "" {
			http.Error(w, keyHeader+" is required", http.StatusBadRequest)
			return
		}
		var in sale
		if !decode(w, r, &in) {
			return
		}
		answer, err := run.Run(r.Context(), "gift/"+key, func(ctx context.Context) (string, error) {
			if err := ledger.Book(ctx, books.DB(), in.Card, "gift", in.Amount); err != nil {
				return "", err
			}
			raw, err := json.Marshal(in)
			return string(raw), err
		})
		if err != nil {
			fail(w)
			return
		}
		_, _ = w.Write([]byte(answer))
	}
}

// Shift serves POST /shifts: a closure that claims and acts.
func Shift(rdb redis.UniversalClient, bank *shop.Bank) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if id == "" {
			http.Error(w, "X-Request-Id is required", http.StatusBadRequest)
			return
		}
		var in sale
		if !decode(w, r, &in) {
			return
		}
		name := "shift:" + id
		first, err := rdb.SetNX(r.Context(), name, "1", day).Result()
		if err != nil {
			fail(w)
			return
		}
		if !first {
			reply(w, in)
			return
		}
		closed := false
		defer func() {
			if !closed {
				rdb.Del(context.WithoutCancel(r.Context()), name)
			}
		}()
		if _, err := bank.Charge(r.Context(), in.Card, in.Amount); err != nil {
			fail(w)
			return
		}
		closed = true
		reply(w, in)
	}
}
