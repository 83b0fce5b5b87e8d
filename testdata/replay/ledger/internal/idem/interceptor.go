// Package idem knows calls again by the idempotency-key in their metadata.
package idem

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
)

// Key reads the idempotency key of a call.
func Key(ctx context.Context) string {
	md, ok := metadata.FromIncomingContext(ctx)
	if !ok {
		return ""
	}
	if v := md.Get("idempotency-key"); len(v) > 0 {
		return v[0]
	}
	return ""
}

// Unary runs each key once per method and answers repeats with the stored
// response.
func Unary(rdb redis.UniversalClient) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		key := Key(ctx)
		if key == "" {
			return nil, status.Error(codes.InvalidArgument, "idempotency-key is required")
		}
		name := "rpc:" + info.FullMethod + ":" + key
		fresh, err := rdb.SetNX(ctx, name, "", time.Minute).Result()
		if err != nil {
			return nil, status.Error(codes.Unavailable, "try again")
		}
		if !fresh {
			return replay(ctx, rdb, name)
		}
		done := false
		defer func() {
			if !done {
				rdb.Del(context.WithoutCancel(ctx), name)
			}
		}()
		res, err := handler(ctx, req)
		if err != nil {
			return nil, err
		}
		done = true
		if raw, err := pack(res); err == nil {
			rdb.Set(context.WithoutCancel(ctx), name, raw, 24*time.Hour)
		}
		return res, nil
	}
}

func pack(res any) ([]byte, error) {
	box, err := anypb.New(res.(proto.Message))
	if err != nil {
		return nil, err
	}
	return proto.Marshal(box)
}

func replay(ctx context.Context, rdb redis.UniversalClient, name string) (any, error) {
	raw, err := rdb.Get(ctx, name).Bytes()
	if err != nil {
		return nil, status.Error(codes.Unavailable, "try again")
	}
	if len(raw) == 0 {
		return nil, status.Error(codes.Aborted, "the first call is still running")
	}
	var box anypb.Any
	if err := proto.Unmarshal(raw, &box); err != nil {
		return nil, err
	}
	return box.UnmarshalNew()
}

// Recover turns panics into errors.
func Recover(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (res any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = status.Errorf(codes.Internal, "panic: %v", p)
		}
	}()
	return handler(ctx, req)
}

// RecoverStream is Recover for streams.
func RecoverStream(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = status.Errorf(codes.Internal, "panic: %v", p)
		}
	}()
	return handler(srv, ss)
}
