// Command hits is the Lambda function of package hits.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/functions/awscfg"
	"example.com/functions/hits"
)

func main() {
	lambda.Start(hits.New(awscfg.FromEnv()).Handle)
}
