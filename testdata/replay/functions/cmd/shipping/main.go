// Command shipping is the Lambda function of package shipping.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/functions/awscfg"
	"example.com/functions/shipping"
)

func main() {
	lambda.Start(shipping.New(awscfg.FromEnv()).Handle)
}
