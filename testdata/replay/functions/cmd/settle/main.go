// Command settle is the Lambda function of package settle.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/functions/awscfg"
	"example.com/functions/settle"
)

func main() {
	lambda.Start(settle.New(awscfg.FromEnv()).Handle)
}
