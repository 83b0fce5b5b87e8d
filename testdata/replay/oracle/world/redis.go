package world

import (
	"context"
	"fmt"
	"net"
	"sort"
	"strings"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
)

// redisStore is the Redis of one world, seen by the service through the gate
// and by the harness from behind it.
type redisStore struct {
	gated *redis.Client
	raw   *redis.Client
	stop  func()
}

func openRedis(stores Stores, servers *Servers, g *gate.Gate) (*redisStore, error) {
	opts := redis.Options{MaxRetries: -1, DisableIdentity: true, Protocol: 2}
	s := &redisStore{stop: func() {}}
	if stores == All {
		socket, stop, err := servers.startRedis()
		if err != nil {
			return nil, err
		}
		opts.Network, opts.Addr, s.stop = "unix", socket, stop
	} else {
		mini, err := miniredis.Run()
		if err != nil {
			return nil, err
		}
		opts.Addr, s.stop = mini.Addr(), mini.Close
	}
	rawOpts := opts
	s.raw = redis.NewClient(&rawOpts)
	s.gated = redis.NewClient(&opts)
	s.gated.AddHook(redisHook{gate: g})
	return s, s.raw.Ping(context.Background()).Err()
}

func (s *redisStore) close() {
	_ = s.gated.Close()
	_ = s.raw.Close()
	s.stop()
}

// reset also forgets the scripts, so that each trial sends the same commands.
func (s *redisStore) reset(ctx context.Context) error {
	if err := s.raw.FlushDB(ctx).Err(); err != nil {
		return err
	}
	return s.raw.ScriptFlush(ctx).Err()
}

func (s *redisStore) keys(ctx context.Context) ([]string, error) {
	keys, err := s.raw.Keys(ctx, "*").Result()
	sort.Strings(keys)
	return keys, err
}

// expire removes every key that has an expiry.
func (s *redisStore) expire() error {
	ctx := context.Background()
	keys, err := s.keys(ctx)
	if err != nil {
		return err
	}
	for _, key := range keys {
		ttl, err := s.raw.TTL(ctx, key).Result()
		if err != nil {
			return err
		}
		if ttl > 0 {
			if err := s.raw.Del(ctx, key).Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

// wipe removes the keys that match the pattern.
func (s *redisStore) wipe(ctx context.Context, match func(key string) bool) error {
	keys, err := s.keys(ctx)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if match(key) {
			if err := s.raw.Del(ctx, key).Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *redisStore) records(ctx context.Context) ([]Record, error) {
	keys, err := s.keys(ctx)
	if err != nil {
		return nil, err
	}
	var out []Record
	for _, key := range keys {
		value, err := s.value(ctx, key)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", key, err)
		}
		ttl, err := s.raw.TTL(ctx, key).Result()
		if err != nil {
			return nil, err
		}
		r := Text("redis", key, value)
		r.Expires = ttl > 0
		out = append(out, r)
	}
	return out, nil
}

// value is the content of a key of any type, as text. The entries of a stream
// are listed without their ids, which are times.
func (s *redisStore) value(ctx context.Context, key string) (string, error) {
	kind, err := s.raw.Type(ctx, key).Result()
	if err != nil {
		return "", err
	}
	switch kind {
	case "string":
		return s.raw.Get(ctx, key).Result()
	case "list":
		v, err := s.raw.LRange(ctx, key, 0, -1).Result()
		return strings.Join(v, " | "), err
	case "set":
		v, err := s.raw.SMembers(ctx, key).Result()
		sort.Strings(v)
		return strings.Join(v, " | "), err
	case "zset":
		v, err := s.raw.ZRangeWithScores(ctx, key, 0, -1).Result()
		return fmt.Sprint(v), err
	case "hash":
		v, err := s.raw.HGetAll(ctx, key).Result()
		return fmt.Sprint(v), err // maps print sorted by key
	case "stream":
		v, err := s.raw.XRange(ctx, key, "-", "+").Result()
		parts := make([]string, len(v))
		for i, m := range v {
			parts[i] = fmt.Sprint(m.Values)
		}
		return strings.Join(parts, " | "), err
	default:
		return "", fmt.Errorf("unknown type %s", kind)
	}
}

// redisHook passes every command through the gate.
type redisHook struct{ gate *gate.Gate }

func (h redisHook) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (h redisHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if plumbing[cmd.Name()] {
			return next(ctx, cmd)
		}
		err := h.gate.Do(ctx, redisOp(cmd), func() error { return next(ctx, cmd) })
		if err != nil && cmd.Err() == nil {
			cmd.SetErr(err)
		}
		return err
	}
}

func (h redisHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		op := gate.Op{Store: "redis", Verb: "PIPELINE"}
		for _, cmd := range cmds {
			if plumbing[cmd.Name()] {
				return next(ctx, cmds)
			}
			one := redisOp(cmd)
			op.Write = op.Write || one.Write
			switch {
			case one.Place == "":
			case op.Place == "":
				op.Place = one.Place
			default:
				op.Also = append(op.Also, one.Place)
			}
		}
		err := h.gate.Do(ctx, op, func() error { return next(ctx, cmds) })
		if err != nil {
			for _, cmd := range cmds {
				if cmd.Err() == nil {
					cmd.SetErr(err)
				}
			}
		}
		return err
	}
}

// plumbing are the commands by which the client sets up its connections.
var plumbing = map[string]bool{"hello": true, "client": true, "select": true, "auth": true, "ping": true, "command": true}

var redisReads = map[string]bool{
	"get": true, "mget": true, "exists": true, "ttl": true, "hget": true, "hgetall": true, "hexists": true,
	"lrange": true, "llen": true, "smembers": true, "sismember": true, "zrange": true, "zscore": true,
	"xrange": true, "strlen": true, "type": true, "keys": true, "scan": true, "watch": true, "unwatch": true,
	"multi": true, "exec": true,
}

func redisOp(cmd redis.Cmder) gate.Op {
	args := cmd.Args()
	op := gate.Op{Store: "redis", Verb: strings.ToUpper(cmd.Name()), Write: !redisReads[cmd.Name()]}
	keyAt := 1
	if cmd.Name() == "eval" || cmd.Name() == "evalsha" {
		keyAt = 3
	}
	if len(args) > keyAt {
		op.Place = fmt.Sprint(args[keyAt])
	}
	return op
}
