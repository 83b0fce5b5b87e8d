package api

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"example.com/shop/internal/customer"
	"example.com/shop/internal/order"
)

func (a *API) registerCustomer(w http.ResponseWriter, r *http.Request) {
	var c customer.Customer
	if err := decode(r, &c); err != nil {
		respond(w, r, 0, nil, err)
		return
	}
	respond(w, r, http.StatusAccepted, nil, a.customers.Register(r.Context(), c))
}

func (a *API) listOrders(w http.ResponseWriter, r *http.Request) {
	orders, err := a.orders.List(r.Context(), r.URL.Query().Get("email"))
	respond(w, r, http.StatusOK, orders, err)
}

func (a *API) getOrder(w http.ResponseWriter, r *http.Request) {
	o, err := a.orders.Find(r.Context(), chi.URLParam(r, "id"))
	respond(w, r, http.StatusOK, o, err)
}

func (a *API) placeOrder(w http.ResponseWriter, r *http.Request) {
	var draft order.Draft
	if err := decode(r, &draft); err != nil {
		respond(w, r, 0, nil, err)
		return
	}
	o, err := a.orders.Place(r.Context(), draft)
	respond(w, r, http.StatusCreated, o, err)
}

func (a *API) changeAddress(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Address string `json:"address"`
	}
	if err := decode(r, &body); err != nil {
		respond(w, r, 0, nil, err)
		return
	}
	err := a.orders.Readdress(r.Context(), chi.URLParam(r, "id"), body.Address)
	respond(w, r, http.StatusNoContent, nil, err)
}

func (a *API) cancelOrder(w http.ResponseWriter, r *http.Request) {
	o, err := a.orders.Cancel(r.Context(), chi.URLParam(r, "id"))
	respond(w, r, http.StatusOK, o, err)
}

func (a *API) sendReceipt(w http.ResponseWriter, r *http.Request) {
	err := a.orders.SendReceipt(r.Context(), chi.URLParam(r, "id"))
	respond(w, r, http.StatusAccepted, nil, err)
}
