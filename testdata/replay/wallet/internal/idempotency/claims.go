package idempotency

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// claimScript sets the key if it is absent and says whether it did.
var claimScript = redis.NewScript(`
if redis.call("EXISTS", KEYS[1]) == 1 then
	return 0
end
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
return 1
`)

// ClaimByScript claims a name with a script.
func ClaimByScript(ctx context.Context, rdb redis.UniversalClient, name string) (bool, error) {
	n, err := claimScript.Run(ctx, rdb, []string{name}, "claimed", ttl.Milliseconds()).Int()
	return n == 1, err
}

// ClaimByArgs claims a name with SET … NX.
func ClaimByArgs(ctx context.Context, rdb redis.UniversalClient, name string) (bool, error) {
	err := rdb.SetArgs(ctx, name, "claimed", redis.SetArgs{Mode: "NX", TTL: ttl}).Err()
	if errors.Is(err, redis.Nil) {
		return false, nil
	}
	return err == nil, err
}

// ClaimByWatch claims a name in an optimistic transaction.
func ClaimByWatch(ctx context.Context, rdb *redis.Client, name string) (bool, error) {
	claimed := false
	err := rdb.Watch(ctx, func(tx *redis.Tx) error {
		n, err := tx.Exists(ctx, name).Result()
		if err != nil || n > 0 {
			return err
		}
		_, err = tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
			p.Set(ctx, name, "claimed", ttl)
			return nil
		})
		claimed = err == nil
		return err
	}, name)
	if errors.Is(err, redis.TxFailedErr) {
		return false, nil
	}
	return claimed, err
}

// Release gives a name back.
func Release(ctx context.Context, rdb redis.UniversalClient, name string) {
	rdb.Del(context.WithoutCancel(ctx), name)
}

// Lock holds a name while work runs.
func Lock(ctx context.Context, rdb redis.UniversalClient, name string, work func() error) error {
	ok, err := rdb.SetNX(ctx, name, "locked", time.Minute).Result()
	if err != nil {
		return err
	}
	if !ok {
		return errors.New("locked")
	}
	defer Release(ctx, rdb, name)
	return work()
}
