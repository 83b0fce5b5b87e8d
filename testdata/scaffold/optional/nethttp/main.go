package main

import (
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
)

type api struct{ rdb *redis.Client }

// charge serves requests without a key as they come.
func (a *api) charge(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	if key != "" {
		ok, err := a.rdb.SetNX(r.Context(), "charge:"+key, 1, 24*time.Hour).Result()
		if err != nil || !ok {
			w.WriteHeader(http.StatusConflict)
			return
		}
	}
	a.rdb.Incr(r.Context(), "charges")
}

func main() {
	a := &api{redis.NewClient(&redis.Options{})}
	http.HandleFunc("POST /charges", a.charge)
	_ = http.ListenAndServe(":8080", nil)
}
