package services

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
)

// grpcApp is a set of started gRPC servers, one connection for each service
// name.
type grpcApp struct {
	conns map[string]*grpc.ClientConn
	stops []func()
}

// serve starts s in memory and reaches the named service through it.
func (a *grpcApp) serve(service string, s *grpc.Server) error {
	ln := bufconn.Listen(1 << 16)
	go func() { _ = s.Serve(ln) }()
	conn, err := grpc.NewClient("passthrough:///memory",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return ln.DialContext(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	if a.conns == nil {
		a.conns = map[string]*grpc.ClientConn{}
	}
	a.conns[service] = conn
	a.stops = append(a.stops, func() { _ = conn.Close(); s.Stop() })
	return nil
}

func (a *grpcApp) close() {
	for _, stop := range a.stops {
		stop()
	}
}

// rpc describes a unary method; key is "metadata NAME", "field NAME" (then
// the message holds it) or empty.
func rpc(method, key string, message func(trial.Variant) proto.Message, response func() proto.Message) trial.Endpoint {
	service := strings.Split(method, "/")[1]
	return trial.Endpoint{
		Protocol: "grpc", Framework: "grpc-go", Method: "RPC", Route: method, Key: key,
		Send: func(ctx context.Context, app any, v trial.Variant) trial.Reply {
			out := response()
			err := app.(*grpcApp).conns[service].Invoke(withMetadata(ctx, key, v), method, message(v), out)
			return rpcReply(out, err)
		},
	}
}

// stream describes a streaming method: the messages are sent, then everything
// that comes back is read.
func stream(method string, messages func(trial.Variant) []proto.Message, response func() proto.Message) trial.Endpoint {
	service := strings.Split(method, "/")[1]
	return trial.Endpoint{
		Protocol: "grpc", Framework: "grpc-go", Method: "RPC", Route: method,
		Send: func(ctx context.Context, app any, v trial.Variant) trial.Reply {
			desc := &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}
			cs, err := app.(*grpcApp).conns[service].NewStream(ctx, desc, method)
			if err != nil {
				return rpcReply(nil, err)
			}
			for _, m := range messages(v) {
				if err := cs.SendMsg(m); err != nil {
					return rpcReply(nil, err)
				}
			}
			if err := cs.CloseSend(); err != nil {
				return rpcReply(nil, err)
			}
			var all []string
			for {
				out := response()
				err := cs.RecvMsg(out)
				if errors.Is(err, io.EOF) {
					return trial.Reply{OK: true, Code: "OK", Body: strings.Join(all, "\n")}
				}
				if err != nil {
					return rpcReply(nil, err)
				}
				all = append(all, messageText(out))
			}
		},
	}
}

func withMetadata(ctx context.Context, key string, v trial.Variant) context.Context {
	if sent := sentKey(ctx); sent != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "idempotency-key", sent)
	}
	if name, ok := strings.CutPrefix(key, "metadata "); ok && v.Key != "" {
		return metadata.AppendToOutgoingContext(ctx, name, v.Key)
	}
	return ctx
}

func rpcReply(out proto.Message, err error) trial.Reply {
	if err != nil {
		s := status.Convert(err)
		return trial.Reply{Code: s.Code().String(), Body: s.Message()}
	}
	return trial.Reply{OK: true, Code: "OK", Body: messageText(out)}
}

// messageText is a message as compact JSON; protojson by itself varies the
// white space on purpose.
func messageText(m proto.Message) string {
	raw, err := protojson.Marshal(m)
	if err != nil {
		return err.Error()
	}
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		return err.Error()
	}
	return b.String()
}
