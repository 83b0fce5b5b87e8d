// Command order is the Lambda function of package order.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/functions/awscfg"
	"example.com/functions/order"
)

func main() {
	lambda.Start(order.New(awscfg.FromEnv()).Handle)
}
