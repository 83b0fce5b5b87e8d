// Package server wires the shop's order API.
package server

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"
	chimiddleware "github.com/go-chi/chi/v5/middleware"
	"github.com/redis/go-redis/v9"

	"example.com/orders/internal/handler"
	"example.com/orders/internal/middleware"
	"example.com/orders/internal/repository"
	"example.com/orders/internal/service"
)

// Deps is what the API runs on.
type Deps struct {
	DB         *sql.DB
	Redis      redis.UniversalClient
	HTTP       *http.Client
	CarrierURL string
}

// Migrate creates the tables.
func Migrate(ctx context.Context, db *sql.DB, dialect string) error {
	return repository.Migrate(ctx, db, dialect)
}

// New returns the API's handler.
func New(d Deps) http.Handler {
	repos := repository.New(d.DB)
	uow := repository.NewUnitOfWork(d.DB)
	h := &handler.Handler{
		Orders:    service.NewOrders(repos, uow),
		Checkouts: service.OnceCheckout(service.NewCheckout(uow), repos),
		Goods:     service.NewGoods(repos, uow, repos, &carrier{base: d.CarrierURL, http: d.HTTP}),
		Customers: service.NewCustomers(repos, uow),
	}
	r := chi.NewRouter()
	r.Use(chimiddleware.RequestID)
	r.Route("/v1", func(r chi.Router) {
		r.Get("/products", h.ListProducts)
		r.Post("/search", h.Search)
		r.Route("/orders", func(r chi.Router) {
			r.Post("/", h.PlaceOrder)
			r.Get("/{id}", h.GetOrder)
			r.Post("/{id}/cancel", h.CancelOrder)
			r.Put("/{id}/address", h.PutAddress)
			r.Patch("/{id}/notes", h.AddNote)
		})
		r.Post("/backorders", h.BackOrder)
		r.Post("/price-alerts", h.PriceAlert)
		r.Route("/carts/{id}", func(r chi.Router) {
			r.Delete("/", h.DropCart)
			r.Post("/items", h.AddItem)
			r.Put("/items/{sku}", h.PutItem)
			r.Post("/checkout", h.Checkout)
		})
		r.With(middleware.Key).Post("/returns", h.Return)
		r.Group(func(r chi.Router) {
			r.Use(middleware.ReplayCache(d.Redis))
			r.Post("/shipments/{order}", h.Ship)
		})
		r.Mount("/labels", labels(h))
		customers(r, h)
		stock(r, h)
	})
	return r
}

func customers(r chi.Router, h *handler.Handler) {
	r.Post("/reviews", h.AddReview)
	r.Post("/coupons/redeem", h.Redeem)
	r.Post("/newsletter", h.Subscribe)
	r.Post("/loyalty/points", h.EarnPoints)
	r.Post("/wishlists", h.Wish)
	r.Post("/bundles", h.Bundle)
	r.Post("/gift-wraps", h.Wrap)
}

func stock(r chi.Router, h *handler.Handler) {
	r.Post("/stock/reserve", h.Reserve)
	r.Post("/stock/release", h.Release)
}

func labels(h *handler.Handler) http.Handler {
	r := chi.NewRouter()
	r.Post("/{order}", h.Ship)
	return r
}

type carrier struct {
	base string
	http *http.Client
}

// Book orders a parcel.
func (c *carrier) Book(ctx context.Context, order string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/parcels/"+order, http.NoBody)
	if err != nil {
		return "", err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("carrier: status %d", res.StatusCode)
	}
	var out struct {
		ID string `json:"id"`
	}
	return out.ID, json.NewDecoder(res.Body).Decode(&out)
}
