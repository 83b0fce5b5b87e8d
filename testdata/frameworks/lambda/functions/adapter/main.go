// Command adapter puts a router behind an API.
package main

import (
	"database/sql"
	"net/http"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"

	"example.com/lambda/orders"
)

func counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

func main() {
	db, _ := sql.Open("postgres", "")
	mux := http.NewServeMux()
	mux.HandleFunc("POST /adapted", func(w http.ResponseWriter, r *http.Request) { orders.Add(db, r.FormValue("item")) })
	lambda.Start(httpadapter.NewV2(counted(mux)).ProxyWithContext)
}
