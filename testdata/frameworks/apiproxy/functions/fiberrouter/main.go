// Command fiberrouter asks its adapter in a method.
package main

import (
	"context"
	"database/sql"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	fiberadapter "github.com/awslabs/aws-lambda-go-api-proxy/fiber"
	"github.com/gofiber/fiber/v2"

	"example.com/apiproxy/orders"
)

type function struct{ proxy *fiberadapter.FiberLambda }

func (f *function) serve(ctx context.Context, req events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	return f.proxy.ProxyWithContext(ctx, req)
}

func main() {
	db, _ := sql.Open("postgres", "")
	app := fiber.New()
	app.Post("/fiber/orders", func(c *fiber.Ctx) error { return orders.Add(db, c.FormValue("item")) })
	f := &function{proxy: fiberadapter.New(app)}
	lambda.Start(f.serve)
}
