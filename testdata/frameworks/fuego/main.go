// Command fuego serves orders with fuego: a route has the middleware that its
// server had when it was registered, a group that of its making.
package main

import (
	"database/sql"
	"net/http"

	"github.com/go-fuego/fuego"

	"example.com/fuego/orders"
)

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	claimed := orders.Claimed(db)
	s := fuego.NewServer()
	fuego.Get(s, "/orders/{id}", h.Get)
	fuego.Post(s, "/plain", h.Create)
	fuego.Post(s, "/in-handler", h.CreateOnce)
	fuego.Post(s, "/inline", h.Create, fuego.OptionMiddleware(claimed))
	fuego.Post(s, "/closure", func(c fuego.ContextWithBody[orders.Input]) (string, error) {
		return "", orders.Add(db, c.QueryParam("item"))
	})
	fuego.PostStd(s, "/std", func(w http.ResponseWriter, r *http.Request) { orders.Add(db, r.FormValue("item")) })
	api := fuego.Group(s, "/api")
	fuego.Post(api, "/early", h.Create)
	fuego.Use(api, claimed)
	fuego.Post(api, "/guarded", h.Create)
	fuego.Put(fuego.Group(api, "/v1"), "/nested", h.Create)
	s.Run()
}
