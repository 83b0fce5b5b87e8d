package api

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"example.com/shop/internal/stock"
)

func (a *API) getStock(w http.ResponseWriter, r *http.Request) {
	item, err := a.stock.Find(r.Context(), chi.URLParam(r, "sku"))
	respond(w, r, http.StatusOK, item, err)
}

func (a *API) countStock(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Qty int `json:"qty"`
	}
	if err := decode(r, &body); err != nil {
		respond(w, r, 0, nil, err)
		return
	}
	err := a.stock.Count(r.Context(), stock.Item{SKU: chi.URLParam(r, "sku"), Qty: body.Qty})
	respond(w, r, http.StatusNoContent, nil, err)
}

func (a *API) removeStock(w http.ResponseWriter, r *http.Request) {
	err := a.stock.Remove(r.Context(), chi.URLParam(r, "sku"))
	respond(w, r, http.StatusNoContent, nil, err)
}

func (a *API) adjustStock(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Delta int `json:"delta"`
	}
	if err := decode(r, &body); err != nil {
		respond(w, r, 0, nil, err)
		return
	}
	item, err := a.stock.Adjust(r.Context(), chi.URLParam(r, "sku"), body.Delta)
	respond(w, r, http.StatusOK, item, err)
}
