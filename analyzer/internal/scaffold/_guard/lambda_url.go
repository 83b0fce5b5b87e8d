package idempotency

import (
	"context"

	"github.com/aws/aws-lambda-go/events"
)

// LambdaURL serves each key once behind a function URL, as LambdaREST does.
func LambdaURL(next func(context.Context, events.LambdaFunctionURLRequest) (events.LambdaFunctionURLResponse, error)) func(context.Context, events.LambdaFunctionURLRequest) (events.LambdaFunctionURLResponse, error) {
	return func(ctx context.Context, req events.LambdaFunctionURLRequest) (events.LambdaFunctionURLResponse, error) {
		var res events.LambdaFunctionURLResponse
		refused, first, err := lambdaOnce(ctx, lambdaRequest{req.Headers, req.QueryStringParameters, req.RequestContext.HTTP.Method + " " + req.RawPath, req.Body}, &res, func(ctx context.Context) (int, error) {
			var err error
			res, err = next(ctx, req)
			return res.StatusCode, err
		})
		if refused != nil {
			return events.LambdaFunctionURLResponse{StatusCode: status(refused), Body: reason(refused)}, nil
		}
		if first != nil {
			res.Headers = replayed(res.Headers)
		}
		return res, err
	}
}
