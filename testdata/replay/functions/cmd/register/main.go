// Command register is the Lambda function of package register.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/functions/awscfg"
	"example.com/functions/register"
)

func main() {
	lambda.Start(register.New(awscfg.FromEnv()).Handle)
}
