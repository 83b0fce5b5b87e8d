// Command loadbalancer stands behind a load balancer; no template says so.
package main

import (
	"database/sql"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/lambda/orders"
)

var db, _ = sql.Open("postgres", "")

func main() {
	lambda.Start(func(req events.ALBTargetGroupRequest) (events.ALBTargetGroupResponse, error) {
		return events.ALBTargetGroupResponse{StatusCode: 201}, orders.Add(db, req.Body)
	})
}
