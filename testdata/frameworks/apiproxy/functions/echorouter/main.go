// Command echorouter makes its adapter in main.
package main

import (
	"context"
	"database/sql"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	echoadapter "github.com/awslabs/aws-lambda-go-api-proxy/echo"
	"github.com/labstack/echo/v4"

	"example.com/apiproxy/orders"
)

func main() {
	db, _ := sql.Open("postgres", "")
	e := echo.New()
	e.POST("/echo/closure", func(c echo.Context) error { return orders.Add(db, c.FormValue("item")) })
	proxy := echoadapter.NewV2(e)
	lambda.Start(func(ctx context.Context, req events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		return proxy.ProxyWithContext(ctx, req)
	})
}
