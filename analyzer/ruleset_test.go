package analyzer

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/internal/config"
	"github.com/idemlint/idemlint/analyzer/internal/rule"
)

// TestAMinorReleaseAddsNoFinding: a rule that a later release brings speaks
// where the rule set, or the rule itself, is asked for, and nowhere else.
func TestAMinorReleaseAddsNoFinding(t *testing.T) {
	t.Parallel()
	added := &rule.Rule{Name: "added", Severity: "error", On: true, Since: "0.10"}
	for _, c := range []struct {
		set   config.Release
		rules map[string]config.Level
		want  bool
	}{
		{"", nil, false},
		{"0.1", nil, false},
		{"0.9", nil, false},
		{"0.10", nil, true},
		{"0.11", nil, true},
		{"1.0", nil, true},
		{"0.1", map[string]config.Level{"added": "on"}, true},
		{"0.10", map[string]config.Level{"added": "off"}, false},
	} {
		a := &analysis{cfg: &config.Config{RuleSet: c.set, Rules: c.rules}}
		require.Equal(t, c.want, a.enabled(added), "rule-set %q, rules %v", c.set, c.rules)
	}
	for _, r := range rule.All() {
		a := &analysis{cfg: &config.Config{}}
		require.Equal(t, r.On && config.FirstRelease.Includes(r.Since), a.enabled(r), r.Name)
	}
}
