package orders

import (
	"context"
	"database/sql"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"

	"example.com/oapi/chiapi"
	"example.com/oapi/echoapi"
	"example.com/oapi/ginapi"
	"example.com/oapi/stdapi"
)

// Chi serves orders with chi.
type Chi struct{ DB *sql.DB }

// CreateOrder adds an order.
func (h *Chi) CreateOrder(w http.ResponseWriter, r *http.Request, params chiapi.CreateOrderParams) {
	if err := Add(h.DB, r.FormValue("item")); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// GetOrder reads one.
func (h *Chi) GetOrder(w http.ResponseWriter, r *http.Request, id string) { Read(h.DB, id) }

// ChiOnce adds an order once for a key.
type ChiOnce struct{ *Chi }

// CreateOrder adds an order.
func (h *ChiOnce) CreateOrder(w http.ResponseWriter, r *http.Request, params chiapi.CreateOrderParams) {
	if params.IdempotencyKey == nil || *params.IdempotencyKey == "" {
		http.Error(w, "Idempotency-Key is missing", http.StatusBadRequest)
		return
	}
	if first, err := Claim(h.DB, *params.IdempotencyKey); err != nil || !first {
		http.Error(w, "seen before", http.StatusConflict)
		return
	}
	h.Chi.CreateOrder(w, r, params)
}

// Echo serves orders with echo.
type Echo struct{ DB *sql.DB }

// CreateOrder adds an order.
func (h *Echo) CreateOrder(c echo.Context, params echoapi.CreateOrderParams) error {
	return Add(h.DB, c.FormValue("item"))
}

// GetOrder reads one.
func (h *Echo) GetOrder(c echo.Context, id string) error {
	_, err := Read(h.DB, id)
	return err
}

// Gin serves orders with gin.
type Gin struct{ DB *sql.DB }

// CreateOrder adds an order.
func (h *Gin) CreateOrder(c *gin.Context, params ginapi.CreateOrderParams) {
	if err := Add(h.DB, c.PostForm("item")); err != nil {
		c.AbortWithStatus(http.StatusInternalServerError)
	}
}

// GetOrder reads one.
func (h *Gin) GetOrder(c *gin.Context, id string) { Read(h.DB, id) }

// Strict serves orders without knowing of HTTP.
type Strict struct{ DB *sql.DB }

// CreateOrder adds an order.
func (h *Strict) CreateOrder(ctx context.Context, request stdapi.CreateOrderRequestObject) (stdapi.CreateOrderResponseObject, error) {
	return stdapi.CreateOrder201Response{}, Add(h.DB, request.Body.Item)
}

// GetOrder reads one.
func (h *Strict) GetOrder(ctx context.Context, request stdapi.GetOrderRequestObject) (stdapi.GetOrderResponseObject, error) {
	_, err := Read(h.DB, request.Id)
	return stdapi.GetOrder200Response{}, err
}

// StrictOnce adds an order once for a key.
type StrictOnce struct{ *Strict }

// CreateOrder adds an order.
func (h *StrictOnce) CreateOrder(ctx context.Context, request stdapi.CreateOrderRequestObject) (stdapi.CreateOrderResponseObject, error) {
	key := request.Params.IdempotencyKey
	if key == nil || *key == "" {
		return nil, errors.New("Idempotency-Key is missing")
	}
	first, err := Claim(h.DB, *key)
	if err != nil {
		return nil, err
	}
	if !first {
		return nil, errors.New("seen before")
	}
	return h.Strict.CreateOrder(ctx, request)
}
