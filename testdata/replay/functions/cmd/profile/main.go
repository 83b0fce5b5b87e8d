// Command profile is the Lambda function of package profile.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/functions/awscfg"
	"example.com/functions/profile"
)

func main() {
	lambda.Start(profile.New(awscfg.FromEnv()).Handle)
}
