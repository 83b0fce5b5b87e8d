package services

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"runtime"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/functions/awscfg"
	"example.com/functions/balance"
	"example.com/functions/charge"
	"example.com/functions/hits"
	"example.com/functions/invoicing"
	"example.com/functions/mailout"
	"example.com/functions/notify"
	"example.com/functions/order"
	"example.com/functions/payout"
	"example.com/functions/profile"
	"example.com/functions/provider"
	"example.com/functions/refund"
	"example.com/functions/register"
	"example.com/functions/settle"
	"example.com/functions/shipping"
	"example.com/functions/store"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

// clientsOf makes the functions' clients on a world.
func clientsOf(w *world.World) awscfg.Clients {
	creds := credentials.NewStaticCredentialsProvider("id", "secret", "")
	return awscfg.Clients{
		Dynamo: dynamodb.New(dynamodb.Options{BaseEndpoint: aws.String(world.AWSURL), Region: "eu-west-1",
			Credentials: creds, HTTPClient: w.HTTP, Retryer: aws.NopRetryer{}}),
		SQS: sqs.New(sqs.Options{BaseEndpoint: aws.String(world.AWSURL), Region: "eu-west-1",
			Credentials: creds, HTTPClient: w.HTTP, Retryer: aws.NopRetryer{}}),
		Provider: provider.New(world.VendorURL, w.HTTP),
		QueueURL: world.AWSURL + "/1/messages",
	}
}

// functionName is how the linter's report names a function: as SSA does.
func functionName(f any) string {
	name := strings.TrimSuffix(runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name(), "-fm")
	return closureName.ReplaceAllString(name, `$$$1`)
}

var closureName = regexp.MustCompile(`\.func(\d+)`)

// functionGuards are what the main packages of repaired functions put around
// them, by handler; filled by the file that fixproof writes.
var functionGuards = map[string]any{}

// guarded is a function as its main starts it.
func guarded[F any](handle F) F {
	if wrap, ok := functionGuards[functionName(handle)].(func(F) F); ok {
		return wrap(handle)
	}
	return handle
}

// gatewayFunc is the handler of a function behind an HTTP API.
type gatewayFunc = func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// gateway describes a function behind an HTTP API of payload format 2.0,
// whose header names arrive in lower case.
func gateway(build func(awscfg.Clients) gatewayFunc, key string, path map[string]string, body func(trial.Variant) string) trial.Endpoint {
	return trial.Endpoint{
		Protocol: "lambda", Framework: "aws-lambda-go", Method: "ANY", Handler: functionName(build(awscfg.Clients{})), Key: key,
		Send: func(ctx context.Context, app any, v trial.Variant) trial.Reply {
			req := events.APIGatewayV2HTTPRequest{PathParameters: path, Headers: map[string]string{}}
			if body != nil {
				req.Body = body(v)
			}
			if name, ok := strings.CutPrefix(key, "header "); ok && v.Key != "" {
				req.Headers[strings.ToLower(name)] = v.Key
			}
			if sent := sentKey(ctx); sent != "" {
				req.Headers["idempotency-key"] = sent
			}
			res, err := guarded(build(app.(awscfg.Clients)))(ctx, req)
			return gatewayReply(res.StatusCode, res.Body, err)
		},
	}
}

func gatewayReply(status int, body string, err error) trial.Reply {
	if err != nil {
		return trial.Reply{Code: "error", Body: err.Error()}
	}
	return trial.Reply{OK: status < 300, Code: fmt.Sprint(status), Body: body}
}

// event describes a function that events call; an error means that the event
// comes again.
func event(handler any, key string, send func(ctx context.Context, c awscfg.Clients, v trial.Variant) (any, error)) trial.Endpoint {
	return trial.Endpoint{
		Protocol: "lambda", Framework: "aws-lambda-go", Method: "CONSUMER", Handler: functionName(handler), Key: key,
		Send: func(ctx context.Context, app any, v trial.Variant) trial.Reply {
			out, err := send(ctx, app.(awscfg.Clients), v)
			if err != nil {
				return trial.Reply{Code: "error", Body: err.Error()}
			}
			raw, _ := json.Marshal(out)
			return trial.Reply{OK: true, Code: "ok", Body: string(raw)}
		},
	}
}

// batch is one message as a queue delivers it.
func batch(v trial.Variant, body func(trial.Variant) string) events.SQSEvent {
	return events.SQSEvent{Records: []events.SQSMessage{{MessageId: v.Key, Body: body(v)}}}
}

func functions() trial.Service {
	money := always(`{"customer":"ann","amount":120}`, `{"customer":"ben","amount":80}`)
	sku := always(`{"sku":"mug"}`, `{"sku":"cup"}`)
	shippingSend := event((&shipping.Handler{}).Handle, "event MessageId", func(ctx context.Context, c awscfg.Clients, v trial.Variant) (any, error) {
		res, err := guarded(shipping.New(c).Handle)(ctx, batch(v, money))
		if err == nil && len(res.BatchItemFailures) > 0 {
			err = fmt.Errorf("%d messages failed", len(res.BatchItemFailures))
		}
		return res, err
	})
	settleOrder := gateway(func(c awscfg.Clients) gatewayFunc { return settle.New(c).Handle }, "", map[string]string{"id": "o-1"}, nil)
	return trial.Service{
		Module:      "functions",
		Bookkeeping: world.Places{"dynamo requests"},
		Prepare: func(ctx context.Context, w *world.World) error {
			return store.CreateTables(ctx, clientsOf(w).Dynamo)
		},
		Seed: func(ctx context.Context, w *world.World) error {
			_, err := clientsOf(w).Dynamo.PutItem(ctx, &dynamodb.PutItemInput{
				TableName: aws.String(store.Orders),
				Item:      map[string]types.AttributeValue{"id": store.S("o-1"), "status": store.S("open"), "revision": store.N(1)},
			})
			return err
		},
		Start: func(w *world.World) (*trial.App, error) { return &trial.App{Value: clientsOf(w)}, nil },
		Endpoints: []trial.Endpoint{
			gateway(func(c awscfg.Clients) gatewayFunc { return charge.New(c).Handle }, idempotencyKey, nil, money),
			gateway(func(c awscfg.Clients) gatewayFunc { return order.New(c).Handle }, idempotencyKey, nil, sku),
			gateway(func(c awscfg.Clients) gatewayFunc { return profile.New(c).Handle }, "", map[string]string{"id": "p-1"}, always(`{"name":"Ann"}`, `{"name":"Ben"}`)),
			gateway(func(c awscfg.Clients) gatewayFunc { return hits.New(c).Handle }, "", map[string]string{"page": "home"}, nil),
			gateway(func(c awscfg.Clients) gatewayFunc { return refund.New(c).Handle }, idempotencyKey, nil, money),
			gateway(func(c awscfg.Clients) gatewayFunc { return balance.New(c).Handle }, "", map[string]string{"page": "home"}, nil),
			settleOrder,
			gateway(func(c awscfg.Clients) gatewayFunc { return notify.New(c).Handle }, idempotencyKey, nil, money),
			restFunction(sku),
			shippingSend,
			event((&mailout.Handler{}).Handle, "event MessageId", func(ctx context.Context, c awscfg.Clients, v trial.Variant) (any, error) {
				return nil, guarded(mailout.New(c).Handle)(ctx, batch(v, sku))
			}),
			event((&invoicing.Handler{}).Handle, "event ID", func(ctx context.Context, c awscfg.Clients, v trial.Variant) (any, error) {
				return nil, guarded(invoicing.New(c).Handle)(ctx, events.CloudWatchEvent{ID: v.Key, Detail: json.RawMessage(money(v))})
			}),
			directFunction(),
		},
	}
}

// restFunction describes register, which is behind a REST API.
func restFunction(body func(trial.Variant) string) trial.Endpoint {
	return trial.Endpoint{
		Protocol: "lambda", Framework: "aws-lambda-go", Method: "POST", Handler: functionName((&register.Handler{}).Handle),
		Send: func(ctx context.Context, app any, v trial.Variant) trial.Reply {
			res, err := guarded(register.New(app.(awscfg.Clients)).Handle)(ctx, events.APIGatewayProxyRequest{HTTPMethod: "POST", Body: body(v), Headers: map[string]string{"Idempotency-Key": sentKey(ctx)}})
			return gatewayReply(res.StatusCode, res.Body, err)
		},
	}
}

// directFunction describes payout, which other functions invoke.
func directFunction() trial.Endpoint {
	e := event((&payout.Handler{}).Handle, "field client_token", func(ctx context.Context, c awscfg.Clients, v trial.Variant) (any, error) {
		return guarded(payout.New(c).Handle)(ctx, payout.Request{ClientToken: v.Key, Customer: "ann", Amount: []int64{120, 80}[v.Payload]})
	})
	e.Method = "ANY"
	return e
}
