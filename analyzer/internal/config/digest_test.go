package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDigestOfEqualMeaning(t *testing.T) {
	const entry = "endpoints: [{match: {route: '/a/{id}', method: POST}, set: waived, reason: r}]\n"
	for name, pair := range map[string][2]string{
		"layout":           {"strict: true\nrules: {late-claim: off, no-expiry: on}\n", "# why\nrules:\n  no-expiry: on\n  late-claim: off\nstrict: true\n"},
		"defaults":         {"", "strict: false\nopen-router: report\nguard: {ttl: 1440m, key-header: Idempotency-Key}\nrules: {}\n"},
		"empty lists":      {"", "first-party: []\nmodels: []\nkeys: []\nendpoints: []\n"},
		"order of paths":   {"first-party: [a, b]\n", "first-party: [b, a, b]\n"},
		"parameter":        {entry, strings.Replace(entry, "/a/{id}", "/a/:other", 1)},
		"method":           {entry, strings.Replace(entry, "POST", "post", 1)},
		"header":           {"keys: [{header: X-Ref}]\n", "keys: [{header: x-ref}]\n"},
		"pattern":          {"keys: [{field: f, on: 'POST  /a/{id}'}]\n", "keys: [{field: f, on: post /a/<x>}]\n"},
		"path":             {"baseline: x/b.txt\nmodels: [x/r.yml]\n", "baseline: ./x/../x/b.txt\nmodels: [./x//r.yml]\n"},
		"date still ahead": {entry, strings.Replace(entry, "reason: r", "reason: r, until: 2027-01-01", 1)},
		"date passed":      {"require-keys-from: 2026-01-01\n", ""},
		"index off":        {"index: off\n", "index: false\n"},
		"spaces":           {entry, strings.Replace(entry, "reason: r", "reason: ' r '", 1)},
	} {
		require.Equal(t, mustParse(t, pair[0]).Digest(), mustParse(t, pair[1]).Digest(), name)
	}
}

// TestDigestOfEveryKey changes one key at a time: each counts.
func TestDigestOfEveryKey(t *testing.T) {
	seen := map[string]string{mustParse(t, everyKey).Digest(): "unchanged"}
	for _, change := range [][2]string{
		{`rule-set: "1.10"`, `rule-set: "1.11"`},
		{"strict: true", "strict: false"},
		{"missing-key: warning", "missing-key: error"},
		{"late-claim: on", "late-claim: off"},
		{"build/idemlint.index", "off"},
		{"baseline: .idemlint.baseline", "baseline: other"},
		{"example.com/kit/db", "example.com/kit"},
		{"open-router: defer", "open-router: report"},
		{"**/bench/**", "**/benches/**"},
		{"rows/bus.yml", "rows/b.yml"},
		{"example.com/platform/idemlint", "example.com/platform/idem"},
		{"field: order_ref", "field: order"},
		{"on: POST /orders", "on: PUT /orders"},
		{"on: /shop.Orders/*", "on: /shop.Orders/Place"},
		{"header: X-Order-Ref", "header: X-Order"},
		{"metadata: x-order-ref", "metadata: x-order"},
		{"route: /internal/**", "route: /internal/*"},
		{"protocol: grpc", "protocol: connect"},
		{"set: waived", "set: guarded-by mesh"},
		{"gateway-dedupe", "gateway"},
		{"callers never retry", "callers retry"},
		{"endpoint: POST /payments/**", "endpoint: POST /payments"},
		{"endpoint: POST /payments/**", "endpoint: PUT /payments/**"},
		{"method: post", "method: put"},
		{"(*Handler).*", "(*Handler).Pay"},
		{"package: example.com/shop/**", "package: example.com/shop/api"},
		{"@shop/payments", "@shop/pay"},
		{"route: /payments/{id}", "route: /payments/*"},
		{"require: full", "set: waived\n    reason: x"},
		{"package: example.com/shop/internal/idempotency\n", "package: example.com/shop/idempotency\n"},
		{"wrap: Wrap", "wrap: Guard"},
		{"UnaryInterceptor", "Unary"},
		{"key-header: X-Key", "key-header: X-K"},
		{"ttl: 90m", "ttl: 91m"},
		{"idempotency.TTL", "idempotency.Expiry"},
		{"require-keys-from: 2027-01-01", "require-keys-from: 2026-01-01"},
	} {
		require.Contains(t, everyKey, change[0])
		digest := mustParse(t, strings.Replace(everyKey, change[0], change[1], 1)).Digest()
		require.Regexp(t, "^[0-9a-f]{64}$", digest)
		require.Empty(t, seen[digest], "change %q", change)
		seen[digest] = change[1]
	}
}

func TestDigestOfOrder(t *testing.T) {
	a, b := "{match: {route: /a}, require: full}", "{match: {route: /b}, require: full}"
	require.NotEqual(t,
		mustParse(t, "endpoints: ["+a+","+b+"]").Digest(),
		mustParse(t, "endpoints: ["+b+","+a+"]").Digest(), "the last match wins, so order counts")
}

// TestDigestOverTime shows that only what has passed changes the digest.
func TestDigestOverTime(t *testing.T) {
	on := func(day string) string {
		o := options
		var err error
		o.Now, err = time.Parse(time.DateOnly, day)
		require.NoError(t, err)
		c, err := Parse("c.yml", []byte(everyKey), o)
		require.NoError(t, err)
		return c.Digest()
	}
	require.Equal(t, on("2026-01-01"), on("2026-12-31"))
	require.NotEqual(t, on("2026-12-31"), on("2027-01-01"), "require-keys-from")
	require.Equal(t, on("2027-01-01"), on("2027-06-30"), "until is the last day")
	require.NotEqual(t, on("2027-06-30"), on("2027-07-01"), "until has passed")
}

func TestDigestOfTwoCheckouts(t *testing.T) {
	digest := func() string {
		dir := tree(t, map[string]string{"m/c.yml": everyKey + "extends: [../s.yml]\n", "s.yml": "models: [r.yml]\n"})
		c, err := Load(filepath.Join(dir, "m", "c.yml"), options)
		require.NoError(t, err)
		return c.Digest()
	}
	here, there := digest(), digest()
	require.Equal(t, here, there)
}

func TestNowIsTheDefault(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.yml")
	require.NoError(t, os.WriteFile(path, []byte("require-keys-from: 2020-01-01\n"), 0o600))
	c, err := Load(path, Options{})
	require.NoError(t, err)
	require.True(t, c.KeysRequired())
}
