package world_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

func TestMaskTimes(t *testing.T) {
	now := time.Now()
	for in, want := range map[string]string{
		now.Format(time.RFC3339Nano):              "<time>",
		now.String():                              "<time>",
		now.UTC().String():                        "<time>",
		"at " + now.Format("2006-01-02 15:04:05"): "at <time>",
		fmt.Sprint(now.Unix()):                    "<time>",
		fmt.Sprint(now.UnixMilli()):               "<time>",
		fmt.Sprint(now.UnixNano()):                "<time>",
		"1000000000":                              "1000000000", // 2001: an amount, not a time of this run
		"balance 99990":                           "balance 99990",
	} {
		require.Equal(t, want, world.MaskTimes(in), in)
	}
}

func TestDiffKeepsWhatCounts(t *testing.T) {
	row := func(id, balance, at string) world.Record {
		return world.FromMap("sql", "accounts", map[string]string{"id": id, "balance": balance, "updated_at": at})
	}
	early, late := time.Now().Add(-time.Minute).Format(time.RFC3339), time.Now().Format(time.RFC3339)

	touched := world.Diff(world.Snapshot{row("1", "10", early)}, world.Snapshot{row("1", "10", late)}, world.Times)
	require.True(t, touched.Empty(), "an audit column is no change")

	changed := world.Diff(world.Snapshot{row("1", "10", early)}, world.Snapshot{row("1", "9", late)}, world.Times)
	require.Equal(t, []string{
		"- sql accounts {balance: 10, id: 1, updated_at: <time>}",
		"+ sql accounts {balance: 9, id: 1, updated_at: <time>}",
	}, changed.Lines())

	doubled := world.Diff(nil, world.Snapshot{row("1", "10", early), row("1", "10", late)}, world.Times)
	require.Len(t, doubled.Came, 2, "equal records are counted")
}

func TestIdentitiesMakeActsComparable(t *testing.T) {
	act := func(id, key string, amount int) world.Delta {
		return world.Delta{Came: []world.Record{world.FromMap("sql", "payments", map[string]string{
			"id": id, "amount": fmt.Sprint(amount), "note": "for " + key, "account_id": "acc-1",
		})}}
	}
	norm := world.Identities("key-one", "key-two")
	one := act("6f1d2c3b-9a48-4d57-8e0f-1a2b3c4d5e6f", "key-one", 5)
	require.True(t, one.Equal(act("b7c8d9e0-1f2a-4b3c-9d4e-5f6a7b8c9d0e", "key-two", 5), norm))
	require.True(t, act("1", "key-one", 5).Equal(act("2", "key-two", 5), norm))
	require.False(t, one.Equal(act("6f1d2c3b-9a48-4d57-8e0f-1a2b3c4d5e6f", "key-one", 6), norm))
}

func TestPlaces(t *testing.T) {
	p := world.Places{"sql idempotency_keys", "redis idem:*"}
	require.True(t, p.Has("sql", "idempotency_keys"))
	require.False(t, p.Has("sql", "payments"))
	require.True(t, p.Has("redis", "idem:POST:/orders/1:abc"), "keys may hold slashes")
	require.False(t, p.Has("redis", "stock:idem:1"))
}
