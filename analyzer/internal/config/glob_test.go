package config

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGlob(t *testing.T) {
	for _, tc := range []struct {
		glob, name string
		want       bool
	}{
		{"a/b", "a/b", true},
		{"a/b", "a/b/c", false},
		{"a/b", "a", false},
		{"a/*", "a/b", true},
		{"a/*", "a/", true},
		{"a/*", "a", false},
		{"a/*", "a/b/c", false},
		{"a/*c", "a/bc", true},
		{"a/b*d*", "a/bcdcd", true},
		{"a/b*d", "a/bcdc", false},
		{"*", "a", true},
		{"*", "a/b", false},
		{"**", "", true},
		{"**", "a/b/c", true},
		{"a/**", "a", true},
		{"a/**", "a/b/c", true},
		{"a/**", "ab", false},
		{"**/c", "c", true},
		{"**/c", "a/b/c", true},
		{"**/c", "a/b/c/d", false},
		{"a/**/d", "a/d", true},
		{"a/**/d", "a/b/c/d", true},
		{"a/**/d", "a/d/e", false},
		{"a/**/b/**/c", "a/x/b/y/b/z/c", true},
		{"**/a/*/c", "a/b/a/b/c", true},
		{"A", "a", false},
		{"a?[b]", "a?[b]", true},
		{"a?", "ab", false},
		{"example.com/shop/**/api.(*Handler).Create", "example.com/shop/internal/api.(*Handler).Create", true},
		{"**/*.(*Handler).*", "example.com/shop/api.(*Handler).Create", true},
		{"**/*.(*Handler).*", "example.com/shop/api.Handler.Create", false},
		{"@shop/*", "@shop/payments", true},
	} {
		g, err := ParseGlob(tc.glob)
		require.NoError(t, err)
		require.Equal(t, tc.want, g.Match(tc.name), "%s on %q", tc.glob, tc.name)
		require.Equal(t, tc.glob, g.String())
	}
	require.False(t, Glob{}.Match(""), "no glob matches nothing")
	_, err := ParseGlob("")
	require.EqualError(t, err, "the pattern is empty; leave the key out to match everything")
}

func TestRouteGlob(t *testing.T) {
	for _, tc := range []struct {
		glob, route string
		want        bool
	}{
		{"/orders", "/orders", true},
		{"/orders", "/orders/", false},
		{"/orders/", "/orders/{$}", true},
		{"/orders/{id}", "/orders/:orderID", true},
		{"/orders/{id}", "/orders/<id>", true},
		{"/orders/{id}", "/orders/{orderID:[0-9]+}", true},
		{"/orders/{id}", "/orders/{name:[a-z/]{1,3}}", true},
		{"/orders/{id}", "/orders/latest", false},
		{"/orders/:id", "/orders/{id}", true},
		{"/orders/<int:id>", "/orders/{id}", true},
		{"/orders/:id<int>", "/orders/{id}", true},
		{"/orders/:id([0-9]+)", "/orders/{id}", true},
		{"/orders/:id?", "/orders/{id}", true},
		{"/orders/:id/items", "/orders/{id}/items", true},
		{"/orders/{id}/items", "/orders/{id}", false},
		{"/orders/*", "/orders/{id}", true},
		{"/orders/*", "/orders/latest", true},
		{"/orders/*", "/orders/{id}/items", false},
		{"/orders/**", "/orders", true},
		{"/orders/**", "/orders/{id}/items", true},
		{"/orders/**", "/ordersets", false},
		{"/orders/{id}:cancel", "/orders/{orderID}:cancel", true},
		{"/orders/{id}:cancel", "/orders/{orderID}:refund", false},
		{"/orders/{id}:cancel", "/orders/{orderID}", false},
		{"/orders/*:cancel", "/orders/{orderID}:cancel", true},
		{"/v1/{name=orders/*}:pay", "/v1/{name=orders/*}:pay", true},
		{"/range/:from-:to", "/range/{a}-{b}", true},
		{"/v{version}/x", "/v{v}/x", true},
		{"/files/{path...}", "/files/*path", true},
		{"/files/{path...}", "/files/*", true},
		{"/files/{path...}", "/files/{path}", false},
		{"/files/*path", "/files/{rest...}", true},
		{"/files/*path", "/files/filepath", true},
		{"/files/*", "/files/{rest...}", true},
		{"/files/**", "/files/*rest", true},
		{"/files/{path...}", "/files/a/b", false},
		{"/a{b", "/a{b", true},
		{"/a{b/c", "/a{b/c", true},
		{"/a}b", "/a}b", true},
		{"/a<b", "/a<b", true},
		{"/:", "/:", true},
		{"/:/x", "/{id}/x", false},
		{"/shop.Orders/*", "/shop.Orders/Place", true},
		{"**", "orders.created", true},
		{"orders.*", "orders.created", true},
		{"*/pay", "pay.example.com/pay", true},
		{"*/pay", "/pay", true},
	} {
		g, err := ParseRouteGlob(tc.glob)
		require.NoError(t, err)
		require.Equal(t, tc.want, g.Match(tc.route), "%s on %q", tc.glob, tc.route)
		require.Equal(t, tc.glob, g.String())
	}
	require.False(t, RouteGlob{}.Match(""), "no glob matches nothing")
}

func TestPattern(t *testing.T) {
	for _, tc := range []struct {
		pattern, method, route string
		want                   bool
	}{
		{"POST /pay/**", "POST", "/pay/{id}", true},
		{"post  /pay/**", "POST", "/pay", true},
		{"POST /pay/**", "post", "/pay", true},
		{"POST /pay/**", "PUT", "/pay", false},
		{"POST /pay/**", "ANY", "/pay", false},
		{"POST /pay/**", "POST", "/orders", false},
		{"/pay/**", "PUT", "/pay/x", true},
		{"* /pay/**", "PUT", "/pay/x", true},
		{"**", "CONSUMER", "orders.created", true},
		{"CONSUMER orders.*", "CONSUMER", "orders.created", true},
		{"RPC /shop.Orders/*", "RPC", "/shop.Orders/Place", true},
	} {
		p, err := ParsePattern(tc.pattern)
		require.NoError(t, err)
		require.Equal(t, tc.want, p.Match(EndpointKey{Method: tc.method, Route: tc.route}), "%s on %s %s", tc.pattern, tc.method, tc.route)
	}
	p, err := ParsePattern("  POST   /pay ")
	require.NoError(t, err)
	require.Equal(t, "POST /pay", p.String())
	require.False(t, Pattern{}.Match(EndpointKey{}))
	for _, bad := range []string{"", "POST", "POST /a /b", "P,Q /a", "/a/..."} {
		_, err := ParsePattern(bad)
		require.Error(t, err, bad)
	}
}

// TestMatchTime shows that no pattern makes matching take exponential time,
// which would not end before the test's own time limit.
func TestMatchTime(t *testing.T) {
	g, err := ParseGlob(strings.Repeat("*a", 400) + "b")
	require.NoError(t, err)
	require.False(t, g.Match(strings.Repeat("a", 10_000)))
	g, err = ParseGlob(strings.Repeat("**/a/", 190) + "b")
	require.NoError(t, err)
	require.False(t, g.Match(strings.Repeat("a/", 10_000)))
}
