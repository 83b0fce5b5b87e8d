package main

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

// TestScore: an endpoint is found by its handler, of several routes of one
// handler the fitting one counts, and what is not listed or unknown is wrong.
func TestScore(t *testing.T) {
	rows := []label{
		{method: "POST", route: "/orders", handler: "api.(*Handler).Create", file: "api/order.go", line: 10, moduleDir: ".", effect: "non-idempotent", protection: "no"},
		{method: "PUT", route: "/orders/:id", handler: "api.(*Handler).Create", file: "api/order.go", line: 10, moduleDir: ".", effect: "idempotent", protection: "no"},
		{method: "POST", route: "/pay", handler: "api.Pay", file: "api/pay.go", line: 5, moduleDir: ".", effect: "non-idempotent", protection: "partial", defect: "check-then-act"},
		{method: "POST", route: "/gone", handler: "api.Gone", file: "api/gone.go", line: 5, moduleDir: ".", effect: "none", protection: "no"},
		{method: "POST", route: "/user", handler: "api.User", file: "api/user.go", line: 5, moduleDir: ".", effect: "idempotent", protection: "no", evidence: "e-mail is UNIQUE"},
	}
	doc := &report.Document{Endpoints: []report.Endpoint{
		{Method: "PUT", Route: "/orders/{id}", Handler: "shop/api.(*Handler).Create", HandlerPos: "api/order.go:11:1", Effect: "idempotent", Findings: []string{"f"}},
		{Method: "POST", Route: "/v1/orders", Handler: "shop/api.(*Handler).Create", HandlerPos: "api/order.go:11:1", Effect: "non-idempotent", Findings: []string{"f"}},
		{Method: "POST", Route: "/pay", Handler: "shop/api.Pay", HandlerPos: "api/pay.go:90:1", Effect: "unknown"},
		{Method: "POST", Route: "/user", Handler: "shop/api.User", HandlerPos: "api/user.go:5:1", Effect: "idempotent", Findings: []string{"f"}},
	}}
	n, wrong := score(rows, doc)
	require.Equal(t, counts{labels: 5, found: 4, effect: 3, right: 1, wrong: 1, missed: 1, silent: 1, other: 1, listed: 4, unknown: 1}, n)
	require.Len(t, wrong, 3)
	require.Contains(t, wrong[0], "false alarm: PUT /orders/:id")
	require.Contains(t, wrong[1], "missed: POST /pay")
	require.Contains(t, wrong[2], "not listed")
}

// TestLabels: every label can be read and belongs to a service of the list.
func TestLabels(t *testing.T) {
	ls, err := readLabels("labels.csv")
	require.NoError(t, err)
	require.Len(t, ls, 369)
	for _, l := range ls {
		require.Contains(t, []string{"none", "idempotent", "non-idempotent"}, l.effect, l.handler)
		require.Contains(t, []string{"no", "partial", "yes"}, l.protection, l.handler)
		require.True(t, strings.HasSuffix(l.file, ".go"), l.handler)
	}
}

func TestNoCheckouts(t *testing.T) {
	_, err := run(t.Context(), io.Discard, "", ".", "", false)
	require.ErrorContains(t, err, "make corpus CHECKOUTS=DIR")
	_, err = run(t.Context(), io.Discard, t.TempDir(), ".", "nobody/nothing", false)
	require.ErrorContains(t, err, "no checkout")
}
