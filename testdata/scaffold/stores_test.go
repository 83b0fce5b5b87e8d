package scaffold_test

import (
	"context"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/testdata/replay/oracle/world"

	idempotency "github.com/idemlint/idemlint/testdata/scaffold/guard"
)

// servers are real database servers when REPLAY_STORES is all; else SQLite,
// a Redis in this process and a stand-in for DynamoDB are used.
var (
	stores  = world.Embedded
	servers *world.Servers
)

func TestMain(m *testing.M) {
	if os.Getenv("REPLAY_STORES") == string(world.All) {
		stores = world.All
		var err error
		if servers, err = world.StartServers(context.Background(), stores); err != nil {
			panic(err)
		}
	}
	code := m.Run()
	if servers != nil {
		servers.Stop()
	}
	os.Exit(code)
}

// newWorld opens stores for one test.
func newWorld(t testing.TB) *world.World {
	t.Helper()
	w, err := world.Open(stores, servers)
	require.NoError(t, err)
	t.Cleanup(w.Close)
	return w
}

// clock is a clock that tests move.
type clock struct{ offset atomic.Int64 }

func (c *clock) now() time.Time        { return time.Now().Add(time.Duration(c.offset.Load())) }
func (c *clock) move(by time.Duration) { c.offset.Add(int64(by)) }

// makers make each kind of store; move lets time pass for it.
var makers = map[string]func(t testing.TB) (store idempotency.Store, move func(time.Duration)){
	"memory": func(testing.TB) (idempotency.Store, func(time.Duration)) {
		c, s := &clock{}, idempotency.NewMemory()
		s.Now = c.now
		return s, c.move
	},
	"sql": func(t testing.TB) (idempotency.Store, func(time.Duration)) {
		c, w := &clock{}, newWorld(t)
		schema := idempotency.SchemaSQLite
		if w.Dialect() == "postgres" {
			schema = idempotency.SchemaPostgres
		}
		_, err := w.DB.ExecContext(context.Background(), schema)
		require.NoError(t, err)
		s := idempotency.NewSQL(w.DB)
		s.Now = c.now
		return s, c.move
	},
	"redis": func(t testing.TB) (idempotency.Store, func(time.Duration)) {
		w := newWorld(t)
		return idempotency.NewRedis(w.Redis), func(d time.Duration) {
			// The server has a clock of its own: what would expire by then goes.
			keys, err := w.Redis.Keys(context.Background(), "*").Result()
			require.NoError(t, err)
			for _, k := range keys {
				left, err := w.Redis.PTTL(context.Background(), k).Result()
				require.NoError(t, err)
				if left <= d {
					require.NoError(t, w.Redis.Del(context.Background(), k).Err())
				}
			}
		}
	},
	"dynamodb": func(t testing.TB) (idempotency.Store, func(time.Duration)) {
		c, w := &clock{}, newWorld(t)
		db := dynamodb.New(dynamodb.Options{BaseEndpoint: aws.String(world.AWSURL), Region: "eu-west-1", HTTPClient: w.HTTP,
			Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""), Retryer: aws.NopRetryer{}})
		_, err := db.CreateTable(context.Background(), &dynamodb.CreateTableInput{
			TableName: aws.String(idempotency.Table), BillingMode: types.BillingModePayPerRequest,
			AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: types.ScalarAttributeTypeS}},
			KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}},
		})
		require.NoError(t, err)
		s := idempotency.NewDynamoDB(db)
		s.Now = c.now
		return s, c.move
	},
}

// each runs a test with every kind of store.
func each(t *testing.T, test func(t *testing.T, s idempotency.Store, move func(time.Duration))) {
	t.Helper()
	for name, make := range makers {
		t.Run(name, func(t *testing.T) {
			s, move := make(t)
			test(t, s, move)
		})
	}
}

func claimOf(token string) idempotency.Claim {
	return idempotency.Claim{Scope: "POST /orders", Key: "k-1", Fingerprint: "f-1", Token: token, Lease: time.Minute, TTL: time.Hour}
}

func TestStoreKeepsTheFirstResponse(t *testing.T) {
	each(t, func(t *testing.T, s idempotency.Store, move func(time.Duration)) {
		ctx := context.Background()
		mine, other := claimOf("token-1"), claimOf("token-2")
		first, err := s.Claim(ctx, mine)
		require.NoError(t, err)
		require.Nil(t, first)
		first, err = s.Claim(ctx, other)
		require.NoError(t, err)
		require.NotNil(t, first)
		require.False(t, first.Done)
		require.Equal(t, "f-1", first.Fingerprint)

		require.NoError(t, s.Complete(ctx, mine, []byte("answer\nof two lines")))
		first, err = s.Claim(ctx, other)
		require.NoError(t, err)
		require.True(t, first.Done)
		require.Equal(t, "answer\nof two lines", string(first.Response))

		require.NoError(t, s.Release(ctx, mine), "a completed key stays")
		move(2 * time.Minute)
		first, err = s.Claim(ctx, other)
		require.NoError(t, err)
		require.True(t, first != nil && first.Done, "a response outlives the lease")
		move(time.Hour)
		first, err = s.Claim(ctx, other)
		require.NoError(t, err)
		require.Nil(t, first, "but not its TTL")
	})
}

func TestLateRenewalDoesNotShortenTheResponse(t *testing.T) {
	each(t, func(t *testing.T, s idempotency.Store, move func(time.Duration)) {
		ctx := context.Background()
		_, err := s.Claim(ctx, claimOf("token-1"))
		require.NoError(t, err)
		require.NoError(t, s.Complete(ctx, claimOf("token-1"), []byte("answer")))
		require.ErrorIs(t, s.Renew(ctx, claimOf("token-1")), idempotency.ErrLost)
		move(2 * time.Minute)
		first, err := s.Claim(ctx, claimOf("token-2"))
		require.NoError(t, err)
		require.True(t, first != nil && first.Done)
	})
}

func TestReleasedKeyIsFree(t *testing.T) {
	each(t, func(t *testing.T, s idempotency.Store, _ func(time.Duration)) {
		ctx := context.Background()
		_, err := s.Claim(ctx, claimOf("token-1"))
		require.NoError(t, err)
		require.NoError(t, s.Release(ctx, claimOf("token-2")), "nobody else's")
		first, err := s.Claim(ctx, claimOf("token-2"))
		require.NoError(t, err)
		require.NotNil(t, first)
		require.NoError(t, s.Release(ctx, claimOf("token-1")))
		first, err = s.Claim(ctx, claimOf("token-2"))
		require.NoError(t, err)
		require.Nil(t, first)
	})
}

func TestExpiredLeaseIsTakenOver(t *testing.T) {
	each(t, func(t *testing.T, s idempotency.Store, move func(time.Duration)) {
		ctx := context.Background()
		_, err := s.Claim(ctx, claimOf("token-1"))
		require.NoError(t, err)
		move(30 * time.Second)
		require.NoError(t, s.Renew(ctx, claimOf("token-1")))
		first, err := s.Claim(ctx, claimOf("token-2"))
		require.NoError(t, err)
		require.NotNil(t, first, "the lease was renewed")
		move(2 * time.Minute)
		first, err = s.Claim(ctx, claimOf("token-2"))
		require.NoError(t, err)
		require.Nil(t, first)
		require.ErrorIs(t, s.Renew(ctx, claimOf("token-1")), idempotency.ErrLost)
		require.ErrorIs(t, s.Complete(ctx, claimOf("token-1"), []byte("late")), idempotency.ErrLost)
		require.NoError(t, s.Release(ctx, claimOf("token-1")), "the late one takes nothing away")
		require.NoError(t, s.Complete(ctx, claimOf("token-2"), []byte("in time")))
	})
}

func TestScopesSeparateKeys(t *testing.T) {
	each(t, func(t *testing.T, s idempotency.Store, _ func(time.Duration)) {
		a, b := claimOf("token-1"), claimOf("token-2")
		b.Scope = "POST /refunds"
		for _, c := range []idempotency.Claim{a, b} {
			first, err := s.Claim(context.Background(), c)
			require.NoError(t, err)
			require.Nil(t, first)
		}
	})
}

func TestOneOf64ClaimsWins(t *testing.T) {
	each(t, func(t *testing.T, s idempotency.Store, _ func(time.Duration)) {
		var won atomic.Int32
		var wg sync.WaitGroup
		for i := range 64 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				c := claimOf(time.Duration(i).String())
				for {
					first, err := s.Claim(context.Background(), c)
					if err != nil { // SQLite may be busy: a caller would be told to come again
						time.Sleep(time.Millisecond)
						continue
					}
					if first == nil {
						won.Add(1)
					}
					return
				}
			}()
		}
		wg.Wait()
		require.Equal(t, int32(1), won.Load())
	})
}

// broken is a store that fails, or takes its time.
type broken struct {
	idempotency.Store
	claim, complete error
	slow            time.Duration
}

var errDown = errors.New("the store is down")

func (b *broken) Claim(ctx context.Context, c idempotency.Claim) (*idempotency.Record, error) {
	time.Sleep(b.slow)
	if b.claim != nil {
		return nil, b.claim
	}
	return b.Store.Claim(ctx, c)
}

func (b *broken) Complete(ctx context.Context, c idempotency.Claim, response []byte) error {
	if b.complete != nil {
		return b.complete
	}
	return b.Store.Complete(ctx, c, response)
}
