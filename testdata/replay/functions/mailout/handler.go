// Package mailout hands the messages of one queue on to another.
package mailout

import (
	"context"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/functions/awscfg"
)

// Handler serves the function.
type Handler struct {
	sqs   *sqs.Client
	queue string
}

// New returns the function on its clients.
func New(c awscfg.Clients) *Handler { return &Handler{sqs: c.SQS, queue: c.QueueURL} }

// Handle works through a batch.
func (h *Handler) Handle(ctx context.Context, batch events.SQSEvent) error {
	for _, msg := range batch.Records {
		_, err := h.sqs.SendMessage(ctx, &sqs.SendMessageInput{
			QueueUrl: aws.String(h.queue), MessageBody: aws.String("mail: " + msg.Body),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
