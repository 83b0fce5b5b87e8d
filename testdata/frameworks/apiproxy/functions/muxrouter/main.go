// Command muxrouter serves a gorilla router behind a load balancer.
package main

import (
	"database/sql"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/awslabs/aws-lambda-go-api-proxy/gorillamux"
	"github.com/gorilla/mux"

	"example.com/apiproxy/orders"
)

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	r := mux.NewRouter()
	r.HandleFunc("/mux/orders", h.Create).Methods("POST")
	r.Use(orders.Claimed(db))
	lambda.Start(gorillamux.NewALB(r).ProxyWithContext)
}
