// Package redis declares what the cases use of go-redis.
package redis

import (
	"context"
	"errors"
	"time"
)

type Cmdable interface {
	Get(ctx context.Context, key string) *StringCmd
	Set(ctx context.Context, key string, value any, expiration time.Duration) *StatusCmd
	SetArgs(ctx context.Context, key string, value any, a SetArgs) *StatusCmd
	Exists(ctx context.Context, keys ...string) *IntCmd
	TxPipelined(ctx context.Context, fn func(Pipeliner) error) ([]Cmder, error)
	SetNX(ctx context.Context, key string, value any, expiration time.Duration) *BoolCmd
	Del(ctx context.Context, keys ...string) *IntCmd
	Expire(ctx context.Context, key string, expiration time.Duration) *BoolCmd
	Incr(ctx context.Context, key string) *IntCmd
	IncrBy(ctx context.Context, key string, value int64) *IntCmd
	LPush(ctx context.Context, key string, values ...any) *IntCmd
}

// Nil is the error of a key that does not exist, TxFailedErr that of a
// transaction whose keys were changed meanwhile.
var (
	Nil         = errors.New("redis: nil")
	TxFailedErr = errors.New("redis: transaction failed")
)

type Options struct{}

type Client struct{ Cmdable }

func (*Client) Watch(ctx context.Context, fn func(*Tx) error, keys ...string) error { return nil }

// Pipeliner queues commands.
type Pipeliner interface{ Cmdable }

// Tx is a connection on which keys are watched.
type Tx struct{ Cmdable }

// SetArgs are the options of SET.
type SetArgs struct {
	Mode string
	TTL  time.Duration
}

func NewClient(*Options) *Client { return &Client{} }

type StringCmd struct{}

func (*StringCmd) Result() (string, error) { return "", nil }

type StatusCmd struct{}

func (*StatusCmd) Err() error { return nil }

type BoolCmd struct{}

func (*BoolCmd) Result() (bool, error) { return false, nil }

func (*BoolCmd) Err() error { return nil }

func (*BoolCmd) Val() bool { return false }

// Cmder is a command that was carried out.
type Cmder interface{ Err() error }

type IntCmd struct{}

func (*IntCmd) Result() (int64, error) { return 0, nil }

func (*IntCmd) Err() error { return nil }

func (*IntCmd) Val() int64 { return 0 }
