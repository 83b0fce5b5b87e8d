package scaffold_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/aws/aws-lambda-go/events"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"example.com/billing/billingpb"
	"example.com/billing/billingpb/billingpbconnect"

	idempotency "github.com/idemlint/idemlint/testdata/scaffold/guard"
)

// served is an answer in the terms of HTTP.
type served struct {
	status   int
	body     string
	replayed bool
}

// adapters serve a request with a key through each framework's adapter; act is
// what the handler does, which answers 201 with its text, or fails.
var adapters = map[string]func(t *testing.T, act func() (string, error)) func(key, body string) served{
	"gin": func(_ *testing.T, act func() (string, error)) func(string, string) served {
		gin.SetMode(gin.ReleaseMode)
		r := gin.New()
		r.POST("/orders", idempotency.Gin, func(c *gin.Context) {
			if text, err := act(); err != nil {
				_ = c.AbortWithError(http.StatusInternalServerError, err)
			} else {
				c.String(http.StatusCreated, text)
			}
		})
		return overHTTP(r)
	},
	"echo": func(_ *testing.T, act func() (string, error)) func(string, string) served {
		e := echo.New()
		e.POST("/orders", func(c echo.Context) error {
			text, err := act()
			if err != nil {
				return err
			}
			return c.String(http.StatusCreated, text)
		}, idempotency.Echo)
		return overHTTP(e)
	},
	"fiber": func(t *testing.T, act func() (string, error)) func(string, string) served {
		app := fiber.New()
		app.Post("/orders", idempotency.Fiber, func(c *fiber.Ctx) error {
			text, err := act()
			if err != nil {
				return err
			}
			return c.Status(http.StatusCreated).SendString(text)
		})
		return func(key, body string) served {
			r := httptest.NewRequest("POST", "/orders", strings.NewReader(body))
			r.Header.Set(idempotency.KeyHeader, key)
			res, err := app.Test(r, -1)
			require.NoError(t, err)
			text, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			return served{res.StatusCode, string(text), res.Header.Get(idempotency.Replayed) != ""}
		}
	},
	"lambda REST": func(_ *testing.T, act func() (string, error)) func(string, string) served {
		h := idempotency.LambdaREST(func(context.Context, events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
			text, err := act()
			return events.APIGatewayProxyResponse{StatusCode: 201, Body: text}, err
		})
		return func(key, body string) served {
			res, err := h(context.Background(), events.APIGatewayProxyRequest{HTTPMethod: "POST", Path: "/orders", Body: body, Headers: map[string]string{"Idempotency-Key": key}})
			return lambdaServed(res.StatusCode, res.Body, res.Headers, err)
		}
	},
	"lambda HTTP": func(_ *testing.T, act func() (string, error)) func(string, string) served {
		h := idempotency.LambdaHTTP(func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
			text, err := act()
			return events.APIGatewayV2HTTPResponse{StatusCode: 201, Body: text}, err
		})
		return func(key, body string) served {
			res, err := h(context.Background(), events.APIGatewayV2HTTPRequest{RawPath: "/orders", Body: body, Headers: map[string]string{"idempotency-key": key}})
			return lambdaServed(res.StatusCode, res.Body, res.Headers, err)
		}
	},
	"lambda URL": func(_ *testing.T, act func() (string, error)) func(string, string) served {
		h := idempotency.LambdaURL(func(context.Context, events.LambdaFunctionURLRequest) (events.LambdaFunctionURLResponse, error) {
			text, err := act()
			return events.LambdaFunctionURLResponse{StatusCode: 201, Body: text}, err
		})
		return func(key, body string) served {
			res, err := h(context.Background(), events.LambdaFunctionURLRequest{RawPath: "/orders", Body: body, Headers: map[string]string{"idempotency-key": key}})
			return lambdaServed(res.StatusCode, res.Body, res.Headers, err)
		}
	},
	"grpc": func(_ *testing.T, act func() (string, error)) func(string, string) served {
		info := &grpc.UnaryServerInfo{FullMethod: "/orders.v1.Orders/Place"}
		return func(key, body string) served {
			ctx := metadata.NewIncomingContext(context.Background(), metadata.Pairs(idempotency.KeyHeader, key))
			res, err := idempotency.Unary(ctx, &grpc_health_v1.HealthCheckRequest{Service: body}, info, func(context.Context, any) (any, error) {
				text, err := act()
				return &grpc_health_v1.HealthCheckRequest{Service: text}, err
			})
			if err != nil {
				return served{status: grpcStatus[status.Code(err)]}
			}
			return served{201, res.(*grpc_health_v1.HealthCheckRequest).GetService(), false}
		}
	},
	"connect": func(t *testing.T, act func() (string, error)) func(string, string) served {
		mux := http.NewServeMux()
		mux.Handle(billingpbconnect.NewSubscriptionsHandler(subscribing{act: act}, connect.WithInterceptors(idempotency.Connect)))
		server := httptest.NewServer(mux)
		t.Cleanup(server.Close)
		client := billingpbconnect.NewSubscriptionsClient(server.Client(), server.URL)
		return func(key, body string) served {
			req := connect.NewRequest(&billingpb.SubscribeRequest{Customer: body})
			req.Header().Set(idempotency.KeyHeader, key)
			res, err := client.Subscribe(context.Background(), req)
			if err != nil {
				return served{status: connectStatus[connect.CodeOf(err)]}
			}
			return served{201, res.Msg.GetId(), res.Header().Get(idempotency.Replayed) != ""}
		}
	},
}

type subscribing struct {
	billingpbconnect.UnimplementedSubscriptionsHandler
	act func() (string, error)
}

func (s subscribing) Subscribe(context.Context, *connect.Request[billingpb.SubscribeRequest]) (*connect.Response[billingpb.Subscription], error) {
	text, err := s.act()
	if err != nil {
		return nil, err
	}
	return connect.NewResponse(&billingpb.Subscription{Id: text}), nil
}

var (
	grpcStatus = map[codes.Code]int{codes.InvalidArgument: 400, codes.Aborted: 409, codes.FailedPrecondition: 422, codes.Unavailable: 503, codes.Unknown: 500}
	// connectStatus is the same for Connect's codes.
	connectStatus = map[connect.Code]int{connect.CodeInvalidArgument: 400, connect.CodeAborted: 409, connect.CodeFailedPrecondition: 422, connect.CodeUnavailable: 503, connect.CodeUnknown: 500}
)

func lambdaServed(status int, body string, headers map[string]string, err error) served {
	if err != nil {
		return served{status: 500}
	}
	return served{status, body, headers[idempotency.Replayed] != ""}
}

func overHTTP(h http.Handler) func(string, string) served {
	return func(key, body string) served {
		w := call(h, key, body)
		return served{w.Code, w.Body.String(), w.Header().Get(idempotency.Replayed) != ""}
	}
}

// TestAdapters holds every adapter to what the one for net/http does.
func TestAdapters(t *testing.T) {
	for name, adapter := range adapters {
		t.Run(name, func(t *testing.T) {
			runs, fail, during := 0, false, func() {}
			send := adapter(t, func() (string, error) {
				runs++
				during()
				if fail {
					return "", errors.New("out of order")
				}
				return "order " + string(rune('0'+runs)), nil
			})
			idempotency.Use(idempotency.NewMemory())
			first, again := send("k-1", "a mug"), send("k-1", "a mug")
			require.Equal(t, served{201, "order 1", false}, first)
			require.Equal(t, first.body, again.body)
			require.Equal(t, first.status, again.status)
			require.Equal(t, name != "grpc", again.replayed, "gRPC marks it in the metadata of a real call")
			require.Equal(t, 422, send("k-1", "two mugs").status)
			require.Equal(t, 400, send("ü", "a mug").status)
			require.Equal(t, "order 2", send("k-2", "a mug").body)

			fail = true
			require.Equal(t, 500, send("k-3", "a mug").status)
			fail = false
			require.Equal(t, "order 4", send("k-3", "a mug").body, "a failure gives the key back")

			during = func() {
				during = func() {}
				require.Equal(t, 409, send("k-4", "a mug").status, "the first one still runs")
			}
			require.Equal(t, "order 5", send("k-4", "a mug").body)

			idempotency.Use(&broken{Store: idempotency.NewMemory(), claim: errDown})
			require.Equal(t, 503, send("k-5", "a mug").status)
			require.Equal(t, 5, runs)
		})
	}
}

// consumers deliver an event with an id.
var consumers = map[string]func(handle func() error) func(id string) error{
	"consume": func(handle func() error) func(string) error {
		return func(id string) error {
			return idempotency.Consume(context.Background(), "orders", id, func(context.Context) error { return handle() })
		}
	},
	"sqs": func(handle func() error) func(string) error {
		h := idempotency.LambdaSQS(func(context.Context, events.SQSEvent) error { return handle() })
		return func(id string) error {
			return h(context.Background(), events.SQSEvent{Records: []events.SQSMessage{{MessageId: id}}})
		}
	},
	"sns": func(handle func() error) func(string) error {
		h := idempotency.LambdaSNS(func(context.Context, events.SNSEvent) error { return handle() })
		return func(id string) error {
			return h(context.Background(), events.SNSEvent{Records: []events.SNSEventRecord{{SNS: events.SNSEntity{MessageID: id}}}})
		}
	},
	"eventbridge": func(handle func() error) func(string) error {
		h := idempotency.LambdaEventBridge(func(context.Context, events.CloudWatchEvent) error { return handle() })
		return func(id string) error { return h(context.Background(), events.CloudWatchEvent{ID: id}) }
	},
	"watermill": func(handle func() error) func(string) error {
		h := idempotency.WatermillConsumer(func(*message.Message) error { return handle() })
		return func(id string) error { return h(message.NewMessage(id, nil)) }
	},
}

func TestConsumersHandleOnce(t *testing.T) {
	for name, consumer := range consumers {
		t.Run(name, func(t *testing.T) {
			runs, failing := 0, errors.New("out of order")
			fail := true
			deliver := consumer(func() error {
				runs++
				if fail {
					return failing
				}
				return nil
			})
			idempotency.Use(idempotency.NewMemory())
			require.ErrorIs(t, deliver("e-1"), failing)
			fail = false
			require.NoError(t, deliver("e-1"), "a failed event comes again")
			require.NoError(t, deliver("e-1"))
			require.NoError(t, deliver("e-2"))
			require.Equal(t, 3, runs)
			require.Error(t, deliver(""), "an event without an id cannot be known again")
			idempotency.Use(&broken{Store: idempotency.NewMemory(), claim: errDown})
			require.ErrorIs(t, deliver("e-3"), idempotency.ErrStore)
			require.Equal(t, 3, runs)
		})
	}
}

// What a watermill handler published is published again for a redelivery.
func TestWatermillPublishesAgain(t *testing.T) {
	idempotency.Use(idempotency.NewMemory())
	runs := 0
	h := idempotency.Watermill(func(*message.Message) ([]*message.Message, error) {
		runs++
		return message.Messages{message.NewMessage("out-1", []byte("paid"))}, nil
	})
	for range 2 {
		out, err := h(message.NewMessage("e-1", nil))
		require.NoError(t, err)
		require.Len(t, out, 1)
		require.Equal(t, "out-1", out[0].UUID)
		require.Equal(t, "paid", string(out[0].Payload))
	}
	require.Equal(t, 1, runs)
}
