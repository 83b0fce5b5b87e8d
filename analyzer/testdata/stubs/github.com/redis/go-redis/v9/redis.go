// Package redis declares what the cases use of go-redis.
package redis

import (
	"context"
	"time"
)

type Cmdable interface {
	Get(ctx context.Context, key string) *StringCmd
	Set(ctx context.Context, key string, value any, expiration time.Duration) *StatusCmd
	SetNX(ctx context.Context, key string, value any, expiration time.Duration) *BoolCmd
	Del(ctx context.Context, keys ...string) *IntCmd
	IncrBy(ctx context.Context, key string, value int64) *IntCmd
	LPush(ctx context.Context, key string, values ...any) *IntCmd
}

type Options struct{}

type Client struct{ Cmdable }

func NewClient(*Options) *Client { return &Client{} }

type StringCmd struct{}

func (*StringCmd) Result() (string, error) { return "", nil }

type StatusCmd struct{}

func (*StatusCmd) Err() error { return nil }

type BoolCmd struct{}

func (*BoolCmd) Result() (bool, error) { return false, nil }

func (*BoolCmd) Err() error { return nil }

func (*BoolCmd) Val() bool { return false }

type IntCmd struct{}

func (*IntCmd) Err() error { return nil }

func (*IntCmd) Val() int64 { return 0 }
