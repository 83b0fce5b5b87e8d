// Command invoicing is the Lambda function of package invoicing.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/functions/awscfg"
	"example.com/functions/invoicing"
)

func main() {
	lambda.Start(invoicing.New(awscfg.FromEnv()).Handle)
}
