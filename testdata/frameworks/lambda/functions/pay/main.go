// Command pay is called by two routes of an API.
package main

import (
	"context"
	"database/sql"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/lambda/orders"
)

var db, _ = sql.Open("postgres", "")

func handle(ctx context.Context, req events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	key := req.Headers["Idempotency-Key"]
	if key == "" {
		return events.APIGatewayProxyResponse{StatusCode: http.StatusBadRequest}, nil
	}
	first, err := orders.Claim(db, key)
	if err != nil {
		return events.APIGatewayProxyResponse{}, err
	}
	if !first {
		return events.APIGatewayProxyResponse{StatusCode: http.StatusConflict}, nil
	}
	return events.APIGatewayProxyResponse{StatusCode: http.StatusCreated}, orders.Add(db, req.Body)
}

func main() { lambda.Start(handle) }
