// Command mailout is the Lambda function of package mailout.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/functions/awscfg"
	"example.com/functions/mailout"
)

func main() {
	lambda.Start(mailout.New(awscfg.FromEnv()).Handle)
}
