package idempotency

import (
	"context"
	"errors"
	"fmt"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/anypb"
)

// ConnectCaller tells whose call it is, as Caller does for net/http.
var ConnectCaller = func(req connect.AnyRequest) string { return req.Header().Get("Authorization") }

// Connect serves each key of a unary procedure once: a repeat gets the stored
// response. Calls that fail, and panics, give the key back.
var Connect connect.UnaryInterceptorFunc = func(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
		if req.Spec().IsClient {
			return next(ctx, req)
		}
		key, err := ParseKey(req.Header().Get(KeyHeader))
		if err != nil {
			return nil, connectRefuse(ErrKey)
		}
		if key == "" {
			if required() && !reads(req.Spec().Procedure) {
				return nil, connectRefuse(ErrKey)
			}
			return next(ctx, req)
		}
		print, err := messagePrint(req.Any())
		if err != nil {
			return nil, connect.NewError(connect.CodeInternal, err)
		}
		claim, first, err := begin(ctx, scope(req.Spec().Procedure, ConnectCaller(req)), key, print)
		if err != nil {
			return nil, connectRefuse(err)
		}
		if first != nil {
			return connectReplay(first.Response)
		}
		defer claim.release()
		res, err := next(claim.context(ctx, req.Spec().Procedure), req)
		if err != nil {
			return nil, err
		}
		data, err := encodeMessage(res.Any())
		if err != nil {
			return nil, connect.NewError(connect.CodeInternal, err)
		}
		claim.complete(data)
		return res, nil
	}
}

func connectRefuse(err error) error {
	code := connect.CodeUnavailable
	switch {
	case errors.Is(err, ErrKey):
		code = connect.CodeInvalidArgument
	case errors.Is(err, ErrRunning):
		code = connect.CodeAborted
	case errors.Is(err, ErrMismatch):
		code = connect.CodeFailedPrecondition
	}
	return connect.NewError(code, errors.New(reason(err)))
}

// connectReplay makes a response of the stored message. Its Go type is known
// by name only; the wire format is the same.
func connectReplay(data []byte) (connect.AnyResponse, error) {
	packed := &anypb.Any{}
	if err := proto.Unmarshal(data, packed); err != nil {
		return nil, connect.NewError(connect.CodeInternal, fmt.Errorf("idempotency: the stored response cannot be read: %w", err))
	}
	kind, err := protoregistry.GlobalTypes.FindMessageByURL(packed.TypeUrl)
	if err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	m := dynamicpb.NewMessage(kind.Descriptor())
	if err := proto.Unmarshal(packed.Value, m); err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	res := connect.NewResponse(m)
	res.Header().Set(Replayed, "true")
	return res, nil
}
