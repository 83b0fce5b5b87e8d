// Command refund is the Lambda function of package refund.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/functions/awscfg"
	"example.com/functions/refund"
)

func main() {
	lambda.Start(refund.New(awscfg.FromEnv()).Handle)
}
