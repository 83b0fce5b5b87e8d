// Command gorestful serves orders with go-restful: routes are built in chains,
// and filters hold for a route, a service or the whole container in any order.
package main

import (
	"database/sql"
	"net/http"

	"github.com/emicklei/go-restful/v3"

	"example.com/gorestful/orders"
)

func claimed(db *sql.DB) restful.FilterFunction {
	return func(req *restful.Request, resp *restful.Response, chain *restful.FilterChain) {
		key := req.HeaderParameter("Idempotency-Key")
		if key == "" {
			resp.WriteErrorString(http.StatusBadRequest, "Idempotency-Key is missing")
			return
		}
		if first, err := orders.Claim(db, key); err != nil || !first {
			resp.WriteHeader(http.StatusConflict)
			return
		}
		chain.ProcessFilter(req, resp)
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	ws := new(restful.WebService)
	ws.Path("/api").Consumes(restful.MIME_JSON).Produces(restful.MIME_JSON)
	ws.Route(ws.GET("/orders/{id}").To(h.Get))
	ws.Route(ws.POST("/plain").To(h.Create).Doc("add an order"))
	ws.Route(ws.POST("/inline").Filter(claimed(db)).To(h.Create))
	ws.Route(ws.PUT("/closure").To(func(req *restful.Request, resp *restful.Response) { orders.Add(db, "pen") }))
	ws.Route(ws.Method("PATCH").Path("/by-method").To(h.Create))
	restful.Add(ws)

	guarded := new(restful.WebService).Path("/guarded")
	guarded.Route(guarded.POST("/orders").To(h.Create))
	guarded.Filter(claimed(db))
	restful.Add(guarded)

	c := restful.NewContainer()
	inner := new(restful.WebService).Path("/container")
	inner.Route(inner.DELETE("/orders").To(h.Create))
	c.Add(inner)
	c.Filter(claimed(db))
	go http.ListenAndServe(":8081", c)
	http.ListenAndServe(":8080", nil)
}
