// Package dedupe runs each Idempotency-Key once per procedure.
package dedupe

import (
	"context"
	"errors"
	"time"

	"connectrpc.com/connect"
	"github.com/redis/go-redis/v9"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// Store claims keys and keeps responses.
type Store interface {
	Claim(ctx context.Context, key string) (bool, error)
	Response(ctx context.Context, key string) ([]byte, error)
	Complete(ctx context.Context, key string, response []byte) error
	Release(ctx context.Context, key string) error
}

// Redis is a Store.
type Redis struct{ rdb redis.UniversalClient }

// NewRedis returns a store on rdb.
func NewRedis(rdb redis.UniversalClient) *Redis { return &Redis{rdb: rdb} }

// Claim takes a key for a minute.
func (r *Redis) Claim(ctx context.Context, key string) (bool, error) {
	return r.rdb.SetNX(ctx, key, "", time.Minute).Result()
}

// Response reads what Complete stored; empty while the key is claimed only.
func (r *Redis) Response(ctx context.Context, key string) ([]byte, error) {
	return r.rdb.Get(ctx, key).Bytes()
}

// Complete keeps a response for a day.
func (r *Redis) Complete(ctx context.Context, key string, response []byte) error {
	return r.rdb.Set(ctx, key, response, 24*time.Hour).Err()
}

// Release gives a key back.
func (r *Redis) Release(ctx context.Context, key string) error { return r.rdb.Del(ctx, key).Err() }

// Interceptor answers repeats of a call with the stored response. The
// response types of the procedures are needed to rebuild it.
func Interceptor(store Store, responses map[string]func() (proto.Message, func(proto.Message) connect.AnyResponse)) connect.UnaryInterceptorFunc {
	return func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
			key := req.Header().Get("Idempotency-Key")
			if key == "" {
				return nil, connect.NewError(connect.CodeInvalidArgument, errors.New("Idempotency-Key is required"))
			}
			procedure := req.Spec().Procedure
			name := "dedupe:" + procedure + ":" + key
			fresh, err := store.Claim(ctx, name)
			if err != nil {
				return nil, connect.NewError(connect.CodeUnavailable, err)
			}
			if !fresh {
				raw, err := store.Response(ctx, name)
				if err != nil {
					return nil, connect.NewError(connect.CodeUnavailable, err)
				}
				if len(raw) == 0 {
					return nil, connect.NewError(connect.CodeAborted, errors.New("the first call is still running"))
				}
				msg, wrap := responses[procedure]()
				if err := protojson.Unmarshal(raw, msg); err != nil {
					return nil, err
				}
				return wrap(msg), nil
			}
			done := false
			defer func() {
				if !done {
					_ = store.Release(context.WithoutCancel(ctx), name)
				}
			}()
			res, err := next(ctx, req)
			if err != nil {
				return nil, err
			}
			done = true
			if raw, err := protojson.Marshal(res.Any().(proto.Message)); err == nil {
				_ = store.Complete(context.WithoutCancel(ctx), name, raw)
			}
			return res, nil
		}
	}
}
