package gate_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
)

var read, write = gate.Op{Store: "sql", Verb: "SELECT"}, gate.Op{Store: "sql", Verb: "UPDATE", Write: true}

func do(g *gate.Gate, op gate.Op, f func()) error {
	return g.Do(context.Background(), op, func() error { f(); return nil })
}

func TestHoldLetsAnotherRequestRunInBetween(t *testing.T) {
	g := gate.New()
	plan := gate.NewHold(2, time.Minute)
	g.Set(plan)
	var mu sync.Mutex
	var order []string
	note := func(s string) func() {
		return func() { mu.Lock(); defer mu.Unlock(); order = append(order, s) }
	}
	first := make(chan struct{})
	go func() {
		defer close(first)
		_ = do(g, read, note("A reads"))
		_ = do(g, write, note("A writes"))
	}()
	<-plan.Reached()
	require.NoError(t, do(g, read, note("B reads")))
	require.NoError(t, do(g, write, note("B writes")))
	plan.Release()
	<-first
	require.Equal(t, []string{"A reads", "B reads", "B writes", "A writes"}, order)
}

func TestLockstepAlternatesAndDoesNotWaitForTheDone(t *testing.T) {
	g := gate.New()
	plan := gate.NewLockstep(2, time.Minute)
	g.Set(plan)
	var mu sync.Mutex
	var order []string
	var wg sync.WaitGroup
	request := func(ops ...string) {
		defer wg.Done()
		defer plan.Done()
		for _, op := range ops {
			_ = do(g, read, func() { mu.Lock(); defer mu.Unlock(); order = append(order, op) })
		}
	}
	wg.Add(2)
	go request("1", "2")
	go request("1", "2", "3", "4")
	wg.Wait()
	require.Equal(t, []string{"1", "1", "2", "2", "3", "4"}, order)
}

func TestVerdicts(t *testing.T) {
	for _, tt := range []struct {
		then      gate.Verdict
		performed bool
		err       error
	}{
		{gate.Go, true, nil},
		{gate.Fail, false, gate.ErrInjected},
		{gate.Crash, false, gate.ErrCrashed},
		{gate.LoseReply, true, gate.ErrReplyLost},
	} {
		g := gate.New()
		g.Set(gate.At{N: 1, Then: tt.then})
		performed := false
		require.ErrorIs(t, do(g, write, func() { performed = true }), tt.err)
		require.Equal(t, tt.performed, performed)
	}
	g := gate.New()
	g.Set(gate.At{N: 1, Then: gate.Blow})
	require.PanicsWithValue(t, gate.Panic(write.String()), func() { _ = do(g, write, func() {}) })
}

func TestNothingWorksAfterACrash(t *testing.T) {
	g := gate.New()
	g.Set(gate.At{N: 2, Then: gate.Crash})
	require.NoError(t, do(g, read, func() {}))
	require.ErrorIs(t, do(g, write, func() {}), gate.ErrCrashed)
	require.ErrorIs(t, do(g, write, func() {}), gate.ErrCrashed)
}

func TestTheHarnessPassesUncounted(t *testing.T) {
	g := gate.New()
	g.Set(gate.At{N: 1, Then: gate.Fail})
	require.NoError(t, g.Do(gate.Bypass(context.Background()), write, func() error { return nil }))
	require.Empty(t, g.Log())
}
