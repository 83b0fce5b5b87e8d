package main

import (
	"context"
	"log"
	"net/http"

	"github.com/redis/go-redis/v9"
)

type api struct{ rdb *redis.Client }

func (a *api) charge(r *http.Request) error {
	return a.rdb.Incr(r.Context(), "charges").Err()
}

// dropped takes a failure of the store for a repeat.
func (a *api) dropped(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		http.Error(w, "no key", http.StatusBadRequest)
		return
	}
	ok, _ := a.rdb.SetNX(r.Context(), "dropped:"+key, 1, ttl).Result() // claim
	if !ok {
		w.WriteHeader(http.StatusConflict)
		return
	}
	_ = a.charge(r)
}

// droppedInside does so in the head of an if.
func (a *api) droppedInside(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		http.Error(w, "no key", http.StatusBadRequest)
		return
	}
	if ok, _ := a.rdb.SetNX(r.Context(), "inside:"+key, 1, ttl).Result(); !ok {
		w.WriteHeader(http.StatusConflict)
		return
	}
	_ = a.charge(r)
}

// open goes on when the store is down.
func (a *api) open(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		http.Error(w, "no key", http.StatusBadRequest)
		return
	}
	ok, err := a.rdb.SetNX(r.Context(), "open:"+key, 1, ttl).Result()
	if err != nil {
		log.Print(err)
	} else if !ok {
		w.WriteHeader(http.StatusConflict)
		return
	}
	_ = a.charge(r)
}

// unread does not look at whether it was the first.
func (a *api) unread(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		http.Error(w, "no key", http.StatusBadRequest)
		return
	}
	_, err := a.rdb.SetNX(r.Context(), "unread:"+key, 1, ttl).Result()
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	_ = a.charge(r)
}

// empty lets all requests without a key share a record.
func (a *api) empty(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	ok, err := a.rdb.SetNX(r.Context(), "empty:"+key, 1, ttl).Result()
	if err != nil || !ok {
		w.WriteHeader(http.StatusConflict)
		return
	}
	_ = a.charge(r)
}

// forever never forgets a key.
func (a *api) forever(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		http.Error(w, "no key", http.StatusBadRequest)
		return
	}
	ok, err := a.rdb.SetNX(r.Context(), "forever:"+key, 1, 0).Result()
	if err != nil || !ok {
		w.WriteHeader(http.StatusConflict)
		return
	}
	done := false
	defer func() {
		if !done {
			a.rdb.Del(context.WithoutCancel(r.Context()), "forever:"+key)
		}
	}()
	if err := a.charge(r); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	done = true
}

func main() {
	a := &api{redis.NewClient(&redis.Options{})}
	http.HandleFunc("POST /dropped", a.dropped)
	http.HandleFunc("POST /inside", a.droppedInside)
	http.HandleFunc("POST /open", a.open)
	http.HandleFunc("POST /unread", a.unread)
	http.HandleFunc("POST /empty", a.empty)
	http.HandleFunc("POST /forever", a.forever)
	_ = http.ListenAndServe(":8080", nil)
}
