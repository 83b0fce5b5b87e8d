package config

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const policyText = `endpoints:
  - match: {route: /internal/**}
    set: waived
    reason: callers never retry
  - match: {protocol: grpc}
    set: guarded-by gateway
    reason: the edge deduplicates
    until: 2026-11-23
  - match: {method: post, route: /internal/pay}
    require: full
  - match: {route: /old/**}
    set: waived
    reason: goes away
    until: 2026-11-22
  - match: {owner: "@shop/*", package: example.com/shop/**}
    set: waived
    reason: theirs
  - match: {handler: "**/api.(*Handler).Create", endpoint: POST /never}
    require: full
`

func TestPolicyOfTheLastMatch(t *testing.T) {
	c := mustParse(t, policyText)
	for name, tc := range map[string]struct {
		key   EndpointKey
		index int
		want  Policy
	}{
		"first":   {EndpointKey{Method: "GET", Route: "/internal/x"}, 0, Policy{Waived: true, Reason: "callers never retry", Pos: Position{"c.yml", 2, 5}}},
		"last":    {EndpointKey{Method: "POST", Route: "/internal/pay"}, 2, Policy{RequireFull: true, Pos: Position{"c.yml", 9, 5}}},
		"not all": {EndpointKey{Method: "PUT", Route: "/internal/pay"}, 0, Policy{Waived: true, Reason: "callers never retry", Pos: Position{"c.yml", 2, 5}}},
		"last day": {EndpointKey{Protocol: "grpc", Method: "RPC", Route: "/shop.Orders/Place"}, 1,
			Policy{GuardedBy: "gateway", Reason: "the edge deduplicates", Until: "2026-11-23", Pos: Position{"c.yml", 5, 5}}},
		"owner and package": {EndpointKey{Owner: "@shop/pay", Package: "example.com/shop/api"}, 4, Policy{Waived: true, Reason: "theirs", Pos: Position{"c.yml", 15, 5}}},
	} {
		t.Run(name, func(t *testing.T) {
			p, i, ok := c.Policy(tc.key)
			require.True(t, ok)
			require.Equal(t, tc.index, i)
			require.Equal(t, tc.want, p)
		})
	}
	for name, key := range map[string]EndpointKey{
		"expired":         {Method: "POST", Route: "/old/x"},
		"nothing":         {Method: "POST", Route: "/orders"},
		"owner elsewhere": {Owner: "@shop/pay", Package: "example.com/other"},
		"handler alone":   {Handler: "example.com/shop/api.(*Handler).Create", Method: "POST", Route: "/orders"},
	} {
		t.Run(name, func(t *testing.T) {
			_, i, ok := c.Policy(key)
			require.False(t, ok)
			require.Equal(t, -1, i)
		})
	}
}

func TestUnmatchedAndExpired(t *testing.T) {
	c := mustParse(t, policyText)
	require.Equal(t, Problems{
		{Position{"c.yml", 11, 5}, "the endpoints entry (route /old/**) expired on 2026-11-22 and no longer applies; remove it or set a later until"},
	}, Problems(c.Expired()))

	c.Policy(EndpointKey{Method: "POST", Route: "/internal/pay"}) // both entries match, although one applies
	c.Policy(EndpointKey{Protocol: "grpc"})
	require.Equal(t, Problems{
		{Position{"c.yml", 15, 5}, "the endpoints entry (package example.com/shop/**, owner @shop/*) matches no endpoint; correct its match or remove it"},
		{Position{"c.yml", 18, 5}, "the endpoints entry (endpoint POST /never, handler **/api.(*Handler).Create) matches no endpoint; correct its match or remove it"},
	}, Problems(c.Unmatched()))
}

func TestPolicyFromSeveralGoroutines(t *testing.T) {
	c := mustParse(t, policyText)
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c.Policy(EndpointKey{Method: "POST", Route: "/internal/pay"})
		}()
	}
	wg.Wait()
	require.Len(t, c.Unmatched(), 3)
}

func TestKeysOf(t *testing.T) {
	c := mustParse(t, "keys:\n  - {field: a, on: POST /orders}\n  - {header: X-Ref}\n  - {metadata: ref, on: RPC /shop.*/**}\n")
	names := func(e EndpointKey) (names []string) {
		for _, k := range c.KeysOf(e) {
			names = append(names, k.Field+string(k.Header)+string(k.Metadata))
		}
		return names
	}
	require.Equal(t, []string{"a", "X-Ref"}, names(EndpointKey{Method: "POST", Route: "/orders"}))
	require.Equal(t, []string{"X-Ref"}, names(EndpointKey{Method: "PUT", Route: "/orders"}))
}
