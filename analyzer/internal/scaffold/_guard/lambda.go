package idempotency

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// LambdaREST serves each key once behind a REST API of API Gateway (payload
// format 1.0). A status of 400 and above, an error and a panic give the key
// back.
func LambdaREST(next func(context.Context, events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error)) func(context.Context, events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	return func(ctx context.Context, req events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
		var res events.APIGatewayProxyResponse
		refused, first, err := lambdaOnce(ctx, lambdaRequest{req.Headers, req.QueryStringParameters, req.HTTPMethod + " " + req.Path, req.Body}, &res, func(ctx context.Context) (int, error) {
			var err error
			res, err = next(ctx, req)
			return res.StatusCode, err
		})
		if refused != nil {
			return events.APIGatewayProxyResponse{StatusCode: status(refused), Body: reason(refused)}, nil
		}
		if first != nil {
			res.Headers = replayed(res.Headers)
		}
		return res, err
	}
}

// LambdaHTTP serves each key once behind an HTTP API of API Gateway (payload
// format 2.0), as LambdaREST does.
func LambdaHTTP(next func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)) func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return func(ctx context.Context, req events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		var res events.APIGatewayV2HTTPResponse
		refused, first, err := lambdaOnce(ctx, lambdaRequest{req.Headers, req.QueryStringParameters, req.RequestContext.HTTP.Method + " " + req.RawPath, req.Body}, &res, func(ctx context.Context) (int, error) {
			var err error
			res, err = next(ctx, req)
			return res.StatusCode, err
		})
		if refused != nil {
			return events.APIGatewayV2HTTPResponse{StatusCode: status(refused), Body: reason(refused)}, nil
		}
		if first != nil {
			res.Headers = replayed(res.Headers)
		}
		return res, err
	}
}

// lambdaRequest is what a request of any kind is known by.
type lambdaRequest struct {
	headers, query  map[string]string
	operation, body string
}

// lambdaOnce serves a request once: serve runs the handler, which sets res and
// gives the response's status, and a repeat finds the stored response in res.
// refused says why neither happened.
func lambdaOnce(ctx context.Context, req lambdaRequest, res any, serve func(context.Context) (int, error)) (refused error, first *Record, err error) {
	key, err := ParseKey(lambdaHeader(req.headers, KeyHeader))
	if err != nil || key == "" && required() {
		return ErrKey, nil, nil
	}
	if key == "" {
		_, err := serve(ctx)
		return nil, nil, err
	}
	claim, first, err := begin(ctx, scope(req.operation, lambdaHeader(req.headers, "Authorization")), key, lambdaPrint(req.query, req.body))
	if err != nil {
		return err, nil, nil
	}
	if first != nil {
		return nil, first, json.Unmarshal(first.Response, res)
	}
	defer claim.release()
	code, err := serve(claim.context(ctx, req.operation))
	if err == nil && code < http.StatusBadRequest {
		claim.complete(lambdaStored(res))
	}
	return nil, nil, err
}

// LambdaSQS handles each message of a queue once: the handler gets a batch of
// one message at a time. When one fails the whole batch comes again, and the
// messages that were handled are left out then.
func LambdaSQS(next func(context.Context, events.SQSEvent) error) func(context.Context, events.SQSEvent) error {
	return func(ctx context.Context, batch events.SQSEvent) error {
		var failed error
		for _, msg := range batch.Records {
			err := Consume(ctx, "sqs "+msg.EventSourceARN, msg.MessageId, func(ctx context.Context) error {
				return next(ctx, events.SQSEvent{Records: []events.SQSMessage{msg}})
			})
			failed = errors.Join(failed, err)
		}
		return failed
	}
}

// LambdaSNS handles each notification once.
func LambdaSNS(next func(context.Context, events.SNSEvent) error) func(context.Context, events.SNSEvent) error {
	return func(ctx context.Context, batch events.SNSEvent) error {
		var failed error
		for _, rec := range batch.Records {
			err := Consume(ctx, "sns "+rec.SNS.TopicArn, rec.SNS.MessageID, func(ctx context.Context) error {
				return next(ctx, events.SNSEvent{Records: []events.SNSEventRecord{rec}})
			})
			failed = errors.Join(failed, err)
		}
		return failed
	}
}

// LambdaEventBridge handles each event once.
func LambdaEventBridge(next func(context.Context, events.CloudWatchEvent) error) func(context.Context, events.CloudWatchEvent) error {
	return func(ctx context.Context, event events.CloudWatchEvent) error {
		return Consume(ctx, "eventbridge "+event.Source, event.ID, func(ctx context.Context) error { return next(ctx, event) })
	}
}

// lambdaHeader reads a header, whose name comes in lower case or as it was
// sent.
func lambdaHeader(headers map[string]string, name string) string {
	if v, ok := headers[name]; ok {
		return v
	}
	if v, ok := headers[strings.ToLower(name)]; ok {
		return v
	}
	for n, v := range headers {
		if strings.EqualFold(n, name) {
			return v
		}
	}
	return ""
}

// lambdaPrint is the fingerprint of a request.
func lambdaPrint(query map[string]string, body string) string {
	q, _ := json.Marshal(query) // sorts the names; a map of strings cannot fail
	return fingerprint(q, []byte(body))
}

// lambdaStored is the stored form of a response.
func lambdaStored(res any) []byte {
	data, _ := json.Marshal(res) // strings, numbers and lists of them cannot fail
	return data
}

func replayed(headers map[string]string) map[string]string {
	if headers == nil {
		headers = map[string]string{}
	}
	headers[Replayed] = "true"
	return headers
}
