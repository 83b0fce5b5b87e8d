// Command notify is the Lambda function of package notify.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/functions/awscfg"
	"example.com/functions/notify"
)

func main() {
	lambda.Start(notify.New(awscfg.FromEnv()).Handle)
}
