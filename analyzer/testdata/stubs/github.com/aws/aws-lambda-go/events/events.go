// Package events declares what the cases use of aws-lambda-go/events.
package events

type SQSEvent struct{ Records []SQSMessage }

type SQSMessage struct {
	MessageId string
	Body      string
}

type APIGatewayProxyRequest struct {
	Resource       string
	Path           string
	HTTPMethod     string
	Headers        map[string]string
	PathParameters map[string]string
	Body           string
}

type APIGatewayProxyResponse struct{ StatusCode int }

type APIGatewayV2HTTPRequest struct {
	RouteKey       string
	RawPath        string
	Headers        map[string]string
	PathParameters map[string]string
	RequestContext APIGatewayV2HTTPRequestContext
	Body           string
}

type APIGatewayV2HTTPRequestContext struct {
	RouteKey string
	HTTP     APIGatewayV2HTTPRequestContextHTTPDescription
}

type APIGatewayV2HTTPRequestContextHTTPDescription struct {
	Method string
	Path   string
}

type APIGatewayV2HTTPResponse struct{ StatusCode int }
