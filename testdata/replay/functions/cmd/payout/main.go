// Command payout is the Lambda function of package payout.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/functions/awscfg"
	"example.com/functions/payout"
)

func main() {
	lambda.Start(payout.New(awscfg.FromEnv()).Handle)
}
