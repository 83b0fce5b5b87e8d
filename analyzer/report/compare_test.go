package report_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

func TestCompare(t *testing.T) {
	endpoint := func(id string, e report.Effect, p report.Protection) report.Endpoint {
		return report.Endpoint{ID: id, Effect: e, Protection: p, Method: "POST", Route: "/" + id}
	}
	key := "Idempotency-Key"
	keyed := endpoint("keyed", report.EffectNonIdempotent, report.ProtectionFull)
	keyed.Key = &key
	older := &report.Document{Endpoints: []report.Endpoint{
		endpoint("gone", report.EffectNone, report.ProtectionNone),
		endpoint("worse", report.EffectNonIdempotent, report.ProtectionFull),
		endpoint("fixed", report.EffectNonIdempotent, report.ProtectionNone),
		endpoint("same", report.EffectNonIdempotent, report.ProtectionFull),
		endpoint("keyed", report.EffectNonIdempotent, report.ProtectionFull),
	}}
	moved := endpoint("same", report.EffectNonIdempotent, report.ProtectionFull)
	moved.RoutePos = "b.go:9:9"
	newer := &report.Document{Endpoints: []report.Endpoint{
		endpoint("worse", report.EffectNonIdempotent, report.ProtectionPartial),
		endpoint("fixed", report.EffectNonIdempotent, report.ProtectionFull),
		moved, keyed,
		endpoint("new", report.EffectNonIdempotent, report.ProtectionNone),
	}}
	c := report.Compare(older, newer)
	var got []string
	for _, ch := range c.Changes {
		got = append(got, string(ch.Kind)+" "+ch.Endpoint().Route+" "+string(ch.From)+">"+string(ch.To))
	}
	require.Equal(t, []string{
		"worse /worse protected>partial", "new /new >at-risk", "gone /gone safe>",
		"other /keyed protected>protected", "fixed /fixed at-risk>protected",
	}, got)
	require.True(t, c.Fell())
	require.True(t, c.Has(report.ChangeGone))
	require.False(t, report.Compare(newer, newer).Fell())
	require.Empty(t, report.Compare(newer, newer).Changes)
}
