package idempotency

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
)

// RedisStore keeps keys in Redis, below the name "idem:". Redis has to keep
// what it was told (no eviction of these keys, append-only file on).
type RedisStore struct {
	rdb redis.Cmdable
}

// NewRedis returns the store in Redis.
func NewRedis(rdb redis.Cmdable) *RedisStore { return &RedisStore{rdb: rdb} }

// name is the name of a claim's record. Its value has three lines: token,
// fingerprint, and the response, which is missing while the request runs.
func name(c Claim) string { return "idem:" + c.Scope + ":" + c.Key }

var _ Store = (*RedisStore)(nil)

// Claim implements Store.
func (s *RedisStore) Claim(ctx context.Context, c Claim) (*Record, error) {
	free, err := s.rdb.SetNX(ctx, name(c), c.Token+"\n"+c.Fingerprint, c.Lease).Result()
	if err != nil {
		return nil, fmt.Errorf("claim idempotency key: %w", err)
	}
	if !free {
		return s.first(ctx, c)
	}
	return nil, nil
}

// first reads the record of the one who came first.
func (s *RedisStore) first(ctx context.Context, c Claim) (*Record, error) {
	value, err := s.rdb.Get(ctx, name(c)).Result()
	if errors.Is(err, redis.Nil) { // given back a moment ago
		return &Record{Fingerprint: c.Fingerprint}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read idempotency key: %w", err)
	}
	_, rest, _ := strings.Cut(value, "\n")
	print, response, done := strings.Cut(rest, "\n")
	return &Record{Fingerprint: print, Done: done, Response: []byte(response)}, nil
}

// Scripts that change a record only while the claim's token is in it, and no
// response.
const (
	mine = `local v = redis.call('GET', KEYS[1])
if not v or string.sub(v, 1, string.len(ARGV[1])) ~= ARGV[1] then return 0 end
if string.find(v, '\n', string.len(ARGV[1]) + 1, true) then return 0 end
`
	renewScript    = mine + `return redis.call('PEXPIRE', KEYS[1], ARGV[2])`
	completeScript = mine + `redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`
	releaseScript = mine + `return redis.call('DEL', KEYS[1])`
)

// Renew implements Store.
func (s *RedisStore) Renew(ctx context.Context, c Claim) error {
	return s.change(ctx, renewScript, c, c.Lease.Milliseconds())
}

// Complete implements Store.
func (s *RedisStore) Complete(ctx context.Context, c Claim, response []byte) error {
	value := c.Token + "\n" + c.Fingerprint + "\n" + string(response)
	return s.change(ctx, completeScript, c, value, c.TTL.Milliseconds())
}

// Release implements Store.
func (s *RedisStore) Release(ctx context.Context, c Claim) error {
	if err := s.change(ctx, releaseScript, c); !errors.Is(err, ErrLost) {
		return err
	}
	return nil
}

// change runs a script on the record of a claim that is still held.
func (s *RedisStore) change(ctx context.Context, script string, c Claim, args ...any) error {
	n, err := s.rdb.Eval(ctx, script, []string{name(c)}, append([]any{c.Token + "\n"}, args...)...).Int()
	if err == nil && n == 0 {
		err = ErrLost
	}
	return err
}
