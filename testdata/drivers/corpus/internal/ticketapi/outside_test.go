package ticketapi_test

import (
	"testing"

	"github.com/go-chi/chi/v5"

	"example.com/desk/internal/desk"
	"example.com/desk/internal/ticketapi"
)

func TestPaidRoutes(t *testing.T) {
	r := chi.NewRouter()
	ticketapi.PaidRoutes(r, ticketapi.New(desk.NewService(nil)))
	if len(r.Routes()) != 2 {
		t.Fatal(r.Routes())
	}
}
