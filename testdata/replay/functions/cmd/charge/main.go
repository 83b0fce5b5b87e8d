// Command charge is the Lambda function of package charge.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/functions/awscfg"
	"example.com/functions/charge"
)

func main() {
	lambda.Start(charge.New(awscfg.FromEnv()).Handle)
}
