// Package lambda declares what the cases use of aws-lambda-go/lambda.
package lambda

func Start(handler any) {}
