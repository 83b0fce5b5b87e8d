package main

import (
	"errors"
	"net/http"
	"strings"

	"github.com/google/uuid"
)

// charge makes the key in a statement of its own.
func charge() error {
	var err error
	for range 3 {
		key := uuid.NewString()
		req, _ := http.NewRequest("POST", "https://bank.example/charges", strings.NewReader("{}"))
		req.Header.Set("Idempotency-Key", key)
		if _, err = http.DefaultClient.Do(req); err == nil {
			return nil
		}
	}
	return err
}

// refund makes it where it is set.
func refund() error {
	var err error
	for try := 0; try < 3; try++ {
		req, _ := http.NewRequest("POST", "https://bank.example/refunds", strings.NewReader("{}"))
		req.Header.Set("Idempotency-Key", uuid.New().String())
		if _, err = http.DefaultClient.Do(req); err == nil {
			return nil
		}
	}
	return err
}

func main() {
	if err := errors.Join(charge(), refund()); err != nil {
		panic(err)
	}
}
