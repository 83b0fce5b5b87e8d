package report_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

func TestStates(t *testing.T) {
	finding := func(s report.Severity, st report.Status) *report.Finding {
		return &report.Finding{ID: "f", Severity: s, Status: st, Endpoints: []string{"e"}}
	}
	tests := []struct {
		effect     report.Effect
		protection report.Protection
		finding    *report.Finding
		want       report.State
	}{
		{report.EffectNone, report.ProtectionNone, nil, report.StateSafe},
		{report.EffectIdempotent, report.ProtectionNone, nil, report.StateIdempotent},
		{report.EffectUnknown, report.ProtectionNone, nil, report.StateUnknown},
		{report.EffectNonIdempotent, report.ProtectionFull, nil, report.StateProtected},
		{report.EffectNonIdempotent, report.ProtectionPartial, nil, report.StatePartial},
		{report.EffectNonIdempotent, report.ProtectionNone, nil, report.StateAtRisk},
		{report.EffectNonIdempotent, report.ProtectionPartial, finding(report.Error, report.Active), report.StateAtRisk},
		{report.EffectNonIdempotent, report.ProtectionPartial, finding(report.Error, report.Baselined), report.StateAtRisk},
		{report.EffectNonIdempotent, report.ProtectionFull, finding(report.Warning, report.Active), report.StateProtected},
		{report.EffectIdempotent, report.ProtectionNone, finding(report.Error, report.Active), report.StateAtRisk},
		{report.EffectNonIdempotent, report.ProtectionNone, finding(report.Error, report.Waived), report.StateWaived},
		{report.EffectUnknown, report.ProtectionNone, finding(report.Error, report.Waived), report.StateWaived},
	}
	for _, tt := range tests {
		doc := report.Document{Endpoints: []report.Endpoint{{ID: "e", Effect: tt.effect, Protection: tt.protection}}}
		if tt.finding != nil {
			doc.Findings = []report.Finding{*tt.finding}
			doc.Endpoints[0].Findings = []string{"f"}
		}
		require.Equal(t, tt.want, doc.States()["e"], "%v", tt)
	}
}

func TestAWaiverDoesNotRaiseTheCoverage(t *testing.T) {
	var c report.Coverage
	for _, s := range []report.State{report.StateProtected, report.StateWaived, report.StateSafe, report.StateUnknown, report.StateAtRisk} {
		c.Add(s)
	}
	require.Equal(t, 4, c.Needing())
	require.InDelta(t, 0.25, c.Ratio(), 1e-9)
}
