package rule_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/internal/config"
	"github.com/idemlint/idemlint/analyzer/internal/rule"
)

// TestSinceIsARelease: a rule whose release cannot be read would be on in every
// rule set, or in none.
func TestSinceIsARelease(t *testing.T) {
	for _, r := range rule.All() {
		if r.Since != "" {
			var release config.Release
			require.NoError(t, release.UnmarshalText([]byte(r.Since)), r.Name)
		}
	}
}
