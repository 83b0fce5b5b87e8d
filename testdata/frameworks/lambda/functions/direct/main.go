// Command direct is invoked by other code.
package main

import (
	"context"
	"database/sql"

	"github.com/aws/aws-lambda-go/lambda"

	"example.com/lambda/orders"
)

type request struct{ Item string }

type starter struct{ db *sql.DB }

func (s starter) run(ctx context.Context, req request) (string, error) {
	return "done", orders.Add(s.db, req.Item)
}

func main() {
	db, _ := sql.Open("postgres", "")
	lambda.StartHandlerFunc(starter{db}.run)
}
