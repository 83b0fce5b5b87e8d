// Package notify hands a message to a FIFO queue, which knows repeats by the
// caller's key.
package notify

import (
	"context"
	"net/http"

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
func New(c awscfg.Clients) *Handler { return &Handler{sqs: c.SQS, queue: c.QueueURL + ".fifo"} }

// Handle queues the request's body.
func (h *Handler) Handle(ctx context.Context, req events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	key := req.Headers["idempotency-key"]
	if key == "" {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusBadRequest}, nil
	}
	_, err := h.sqs.SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl:               aws.String(h.queue),
		MessageBody:            aws.String(req.Body),
		MessageGroupId:         aws.String("notify"),
		MessageDeduplicationId: aws.String(key),
	})
	if err != nil {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusInternalServerError}, nil
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusAccepted}, nil
}
