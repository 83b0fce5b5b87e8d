// Command single puts one handler behind an API.
package main

import (
	"database/sql"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/awslabs/aws-lambda-go-api-proxy/handlerfunc"

	"example.com/apiproxy/orders"
)

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	lambda.Start(handlerfunc.New(h.Create).ProxyWithContext)
}
