package api

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// Timeout ends a request. Leases of idempotency keys have to be longer.
const Timeout = 30 * time.Second

// Routes returns the API's handler. Routes that must not run twice for one
// Idempotency-Key go through once.
func (a *API) Routes(once func(http.Handler) http.Handler) http.Handler {
	r := chi.NewRouter()
	r.Use(middleware.RequestID, logRequests, middleware.Recoverer, middleware.Timeout(Timeout))

	r.Post("/customers", a.registerCustomer)

	r.Route("/orders", func(r chi.Router) {
		r.Get("/", a.listOrders)
		r.Post("/", a.placeOrder)
		r.Route("/{id}", func(r chi.Router) {
			r.Get("/", a.getOrder)
			r.Put("/address", a.changeAddress)
			r.Post("/cancel", a.cancelOrder)
			r.Post("/refund", a.refundOrder)
			r.With(once).Post("/receipt", a.sendReceipt)
		})
	})

	r.Route("/stock/{sku}", func(r chi.Router) {
		r.Get("/", a.getStock)
		r.Put("/", a.countStock)
		r.Delete("/", a.removeStock)
		r.Post("/adjust", a.adjustStock)
	})

	r.Get("/payments/{id}", a.getPayment)
	r.Group(func(r chi.Router) {
		r.Use(once)
		r.Post("/payments", a.pay)
	})
	r.Post("/payouts", a.payOut)
	return r
}

func logRequests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		next.ServeHTTP(ww, r)
		slog.InfoContext(r.Context(), "http", "method", r.Method, "path", r.URL.Path,
			"status", ww.Status(), "took", time.Since(start), "request", middleware.GetReqID(r.Context()))
	})
}
