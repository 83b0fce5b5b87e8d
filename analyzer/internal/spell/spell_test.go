package spell

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNearest(t *testing.T) {
	known := []string{"baseline", "index", "missing-key", "no-replay", "no-expiry", "key-unused"}
	for word, want := range map[string]string{
		"basline":               "baseline",
		"Baseline":              "baseline",
		"idnex":                 "index",
		"mising-key":            "missing-key",
		"missing_key":           "missing-key",
		"missing":               "missing-key",
		"mi":                    "",
		"no-":                   "",
		"no-repaly":             "no-replay",
		"colour":                "",
		"x":                     "",
		"":                      "",
		strings.Repeat("a", 65): "",
	} {
		require.Equal(t, want, Nearest(word, known), "word %q", word)
	}
}

func TestNearestPrefersTheFirstOfEquals(t *testing.T) {
	require.Equal(t, "bat", Nearest("cat", []string{"bat", "hat"}))
	require.Equal(t, "hat", Nearest("cat", []string{"hat", "bat"}))
}

func TestNearestIgnoresLongKnownWords(t *testing.T) {
	require.Empty(t, Nearest("abc", []string{strings.Repeat("x", 100)}))
}

func TestHint(t *testing.T) {
	require.Equal(t, `; did you mean "index"?`, Hint("indx", []string{"index"}))
	require.Empty(t, Hint("colour", []string{"index"}))
}
