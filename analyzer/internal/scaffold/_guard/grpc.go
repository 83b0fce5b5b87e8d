package idempotency

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	grpcstatus "google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
)

// GRPCCaller tells whose call it is, as Caller does for net/http.
var GRPCCaller = func(ctx context.Context) string { return incoming(ctx, "authorization") }

// Unary serves each key once: a repeat of a call gets the stored response.
// Calls that fail, and panics, give the key back.
func Unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	key, err := ParseKey(incoming(ctx, KeyHeader))
	if err != nil {
		return nil, grpcRefuse(ErrKey)
	}
	if key == "" {
		if required() && !reads(info.FullMethod) {
			return nil, grpcRefuse(ErrKey)
		}
		return handler(ctx, req)
	}
	print, err := messagePrint(req)
	if err != nil {
		return nil, grpcstatus.Error(codes.Internal, err.Error())
	}
	claim, first, err := begin(ctx, scope(info.FullMethod, GRPCCaller(ctx)), key, print)
	if err != nil {
		return nil, grpcRefuse(err)
	}
	if first != nil {
		_ = grpc.SetHeader(ctx, metadata.Pairs(Replayed, "true")) // the response counts, not its mark
		return decodeMessage(first.Response)
	}
	defer claim.release()
	resp, err := handler(claim.context(ctx, info.FullMethod), req)
	if err != nil {
		return nil, err
	}
	data, err := encodeMessage(resp)
	if err != nil {
		return nil, grpcstatus.Error(codes.Internal, err.Error())
	}
	claim.complete(data)
	return resp, nil
}

// Stream serves each key once: a repeat of a stream that ended well gets the
// stored messages, without being read.
func Stream(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	ctx := ss.Context()
	key, err := ParseKey(incoming(ctx, KeyHeader))
	if err != nil {
		return grpcRefuse(ErrKey)
	}
	if key == "" {
		if required() && !reads(info.FullMethod) {
			return grpcRefuse(ErrKey)
		}
		return handler(srv, ss)
	}
	claim, first, err := begin(ctx, scope(info.FullMethod, GRPCCaller(ctx)), key, "")
	if err != nil {
		return grpcRefuse(err)
	}
	if first != nil {
		_ = ss.SetHeader(metadata.Pairs(Replayed, "true")) // the response counts, not its mark
		return replayStream(ss, first.Response)
	}
	defer claim.release()
	kept := &keptStream{ServerStream: ss, ctx: claim.context(ctx, info.FullMethod)}
	if err := handler(srv, kept); err != nil {
		return err
	}
	data, err := kept.encode()
	if err != nil {
		return grpcstatus.Error(codes.Internal, err.Error())
	}
	claim.complete(data)
	return nil
}

func grpcRefuse(err error) error {
	code := codes.Unavailable
	switch {
	case errors.Is(err, ErrKey):
		code = codes.InvalidArgument
	case errors.Is(err, ErrRunning):
		code = codes.Aborted
	case errors.Is(err, ErrMismatch):
		code = codes.FailedPrecondition
	}
	return grpcstatus.Error(code, reason(err))
}

// incoming is the first value of an entry of the call's metadata.
func incoming(ctx context.Context, name string) string {
	md, _ := metadata.FromIncomingContext(ctx)
	if values := md.Get(name); len(values) > 0 {
		return values[0]
	}
	return ""
}

// keptStream keeps the messages that a handler sends.
type keptStream struct {
	grpc.ServerStream
	ctx  context.Context
	sent []any
}

// Context implements grpc.ServerStream.
func (s *keptStream) Context() context.Context { return s.ctx }

// SendMsg implements grpc.ServerStream.
func (s *keptStream) SendMsg(m any) error {
	if err := s.ServerStream.SendMsg(m); err != nil {
		return err
	}
	if msg, ok := m.(proto.Message); ok {
		m = proto.Clone(msg) // handlers may use it again
	}
	s.sent = append(s.sent, m)
	return nil
}

// encode makes the stored form of the messages: a list in one message.
func (s *keptStream) encode() ([]byte, error) {
	list := &anypb.Any{TypeUrl: "stream"}
	for _, m := range s.sent {
		one, err := encodeMessage(m)
		if err != nil {
			return nil, err
		}
		list.Value = append(list.Value, fmt.Sprintf("%d:", len(one))...)
		list.Value = append(list.Value, one...)
	}
	return proto.Marshal(list)
}

func replayStream(ss grpc.ServerStream, data []byte) error {
	list := &anypb.Any{}
	if err := proto.Unmarshal(data, list); err != nil {
		return grpcstatus.Error(codes.Internal, "the stored response cannot be read")
	}
	for rest := string(list.Value); rest != ""; {
		size, tail, _ := strings.Cut(rest, ":")
		var n int
		if _, err := fmt.Sscan(size, &n); err != nil || n > len(tail) {
			return grpcstatus.Error(codes.Internal, "the stored response cannot be read")
		}
		m, err := decodeMessage([]byte(tail[:n]))
		if err != nil {
			return err
		}
		if err := ss.SendMsg(m); err != nil {
			return err
		}
		rest = tail[n:]
	}
	return nil
}
