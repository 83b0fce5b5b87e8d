// Package events declares what the cases use of aws-lambda-go/events.
package events

type SQSEvent struct{ Records []SQSMessage }

type SQSMessage struct {
	MessageId string
	Body      string
}

type APIGatewayProxyRequest struct {
	Headers map[string]string
	Body    string
}

type APIGatewayProxyResponse struct{ StatusCode int }
