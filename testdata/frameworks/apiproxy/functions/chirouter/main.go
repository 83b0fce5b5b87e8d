// Command chirouter hands the adapter's method over.
package main

import (
	"database/sql"

	"github.com/aws/aws-lambda-go/lambda"
	chiadapter "github.com/awslabs/aws-lambda-go-api-proxy/chi"
	"github.com/go-chi/chi/v5"

	"example.com/apiproxy/orders"
)

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	r := chi.NewRouter()
	r.Post("/chi/orders", h.Create)
	r.With(orders.Claimed(db)).Post("/chi/guarded", h.Create)
	lambda.Start(chiadapter.New(r).ProxyWithContext)
}
