// Command methods serves each method of a route in its own way.
package main

import (
	"context"
	"database/sql"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/lambda/orders"
)

var db, _ = sql.Open("postgres", "")

func handle(ctx context.Context, req events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	switch req.RequestContext.HTTP.Method {
	case "POST":
		return events.APIGatewayV2HTTPResponse{StatusCode: 201}, orders.Add(db, req.Body)
	case "GET":
		item, err := orders.Read(db, req.PathParameters["id"])
		return events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: item}, err
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: 405}, nil
}

func main() { lambda.Start(handle) }
