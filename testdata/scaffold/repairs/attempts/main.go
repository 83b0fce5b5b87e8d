package main

import (
	"errors"
	"net/http"
	"strings"

	"github.com/google/uuid"
)

// charge makes the key in a statement of its own.
func charge(w http.ResponseWriter, _ *http.Request) {
	var err error
	for range 3 {
		key := uuid.NewString()
		req, _ := http.NewRequest("POST", "https://bank.example/charges", strings.NewReader("{}"))
		req.Header.Set("Idempotency-Key", key)
		if _, err = http.DefaultClient.Do(req); err == nil {
			return
		}
	}
	http.Error(w, err.Error(), http.StatusBadGateway)
}

// refund makes it where it is set.
func refund(w http.ResponseWriter, _ *http.Request) {
	err := errors.New("not tried")
	for try := 0; err != nil && try < 3; try++ {
		req, _ := http.NewRequest("POST", "https://bank.example/refunds", strings.NewReader("{}"))
		req.Header.Set("Idempotency-Key", uuid.New().String())
		_, err = http.DefaultClient.Do(req)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

func main() {
	http.HandleFunc("POST /charges", charge)
	http.HandleFunc("POST /refunds", refund)
	_ = http.ListenAndServe(":8080", nil)
}
