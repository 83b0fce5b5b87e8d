// Command balance is the Lambda function of package balance.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/functions/awscfg"
	"example.com/functions/balance"
)

func main() {
	lambda.Start(balance.New(awscfg.FromEnv()).Handle)
}
