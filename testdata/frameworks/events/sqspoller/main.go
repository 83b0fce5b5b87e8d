// Command sqspoller takes orders from SQS in a loop.
package main

import (
	"context"
	"database/sql"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/events/orders"
)

func main() {
	db, _ := sql.Open("postgres", "")
	client := sqs.New(sqs.Options{})
	for {
		out, err := client.ReceiveMessage(context.Background(), &sqs.ReceiveMessageInput{QueueUrl: aws.String("orders")})
		if err != nil {
			return
		}
		for _, m := range out.Messages {
			orders.Add(db, aws.ToString(m.Body))
		}
	}
}
