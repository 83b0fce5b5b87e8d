package idempotency_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/shop/internal/idempotency"
	"example.com/shop/internal/store"
)

func TestClaimIsHeldUntilItsLeaseEnds(t *testing.T) {
	ctx := context.Background()
	db, err := store.Open(ctx, store.Memory)
	require.NoError(t, err)
	defer db.Close()
	patient := idempotency.NewStore(db, time.Hour, time.Hour)
	hasty := idempotency.NewStore(db, 0, time.Hour)

	lost, _, err := hasty.Begin(ctx, "op", "k", "a")
	require.NoError(t, err)
	held, first, err := patient.Begin(ctx, "op", "k", "a")
	require.NoError(t, err, "the lease of lost ended at once")
	require.Nil(t, first)
	require.ErrorIs(t, patient.Complete(ctx, lost, idempotency.Response{}), idempotency.ErrLost)
	require.NoError(t, patient.Release(ctx, lost), "releases nothing")

	_, _, err = patient.Begin(ctx, "op", "k", "a")
	require.ErrorIs(t, err, idempotency.ErrInFlight)
	_, _, err = patient.Begin(ctx, "op", "k", "b")
	require.ErrorIs(t, err, idempotency.ErrMismatch)

	require.NoError(t, patient.Complete(ctx, held, idempotency.Response{Status: 201, Body: []byte("done")}))
	_, first, err = hasty.Begin(ctx, "op", "k", "a")
	require.NoError(t, err)
	require.Equal(t, &idempotency.Response{Status: 201, Body: []byte("done")}, first)
}

func TestResponseExpires(t *testing.T) {
	ctx := context.Background()
	db, err := store.Open(ctx, store.Memory)
	require.NoError(t, err)
	defer db.Close()
	keys := idempotency.NewStore(db, time.Hour, 0)

	claim, _, err := keys.Begin(ctx, "op", "k", "a")
	require.NoError(t, err)
	require.NoError(t, keys.Complete(ctx, claim, idempotency.Response{Status: 200}))
	_, first, err := keys.Begin(ctx, "op", "k", "a")
	require.NoError(t, err)
	require.Nil(t, first, "the response was kept for no time")
}
