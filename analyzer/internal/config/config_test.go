package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// options are the options of most tests: three rules, on a fixed day.
var options = Options{
	Rules: []string{"missing-key", "no-expiry", "late-claim"},
	Now:   time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
}

// parseText parses a config called c.yml.
func parseText(text string) (*Config, error) {
	return Parse("c.yml", []byte(text), options)
}

// mustParse parses a config that has to be right.
func mustParse(t *testing.T, text string) *Config {
	t.Helper()
	c, err := parseText(text)
	require.NoError(t, err)
	return c
}

const everyKey = `# every key once
rule-set: "1.10"
strict: true
rules:
  missing-key: warning
  no-expiry: off
  late-claim: on
index: build/idemlint.index
baseline: .idemlint.baseline
first-party: [example.com/shop, example.com/kit/db]
open-router: defer
exclude-mains: ["cmd/demo*", "**/bench/**"]
models: [rows/bus.yml, example.com/platform/idemlint]
keys:
  - {field: order_ref, on: POST /orders}
  - {header: X-Order-Ref}
  - metadata: x-order-ref
    on: /shop.Orders/*
endpoints:
  - match: {route: /internal/**}
    set: waived
    reason: mesh-internal,
      callers never retry
    until: 2027-06-30
  - match: {protocol: grpc}
    set: guarded-by gateway-dedupe
    reason: the edge deduplicates on x-request-key
  - match:
      endpoint: POST /payments/**
      method: post
      protocol: http
      handler: example.com/shop/**/api.(*Handler).*
      package: example.com/shop/**
      owner: "@shop/payments"
      route: /payments/{id}
    require: full
guard:
  package: example.com/shop/internal/idempotency
  wrap: Wrap
  interceptor: UnaryInterceptor
  key-header: X-Key
  ttl: 90m
no-expiry:
  constant: example.com/shop/internal/idempotency.TTL
require-keys-from: 2027-01-01
`

func TestParseReadsEveryKey(t *testing.T) {
	c := mustParse(t, everyKey)
	require.EqualValues(t, "1.10", c.RuleSet)
	require.True(t, c.Strict)
	require.Equal(t, map[string]Level{"missing-key": LevelWarning, "no-expiry": LevelOff, "late-claim": LevelOn}, c.Rules)
	require.Equal(t, "build/idemlint.index", c.Index)
	require.Equal(t, ".idemlint.baseline", c.Baseline)
	require.Equal(t, []ImportPath{"example.com/shop", "example.com/kit/db"}, c.FirstParty)
	require.Equal(t, OpenRouterDefer, c.OpenRouter)
	require.Len(t, c.ExcludeMains, 2)
	require.Len(t, c.Models, 2)
	require.True(t, c.Models[0].IsFile())
	require.Equal(t, filepath.Join(c.Dir, "rows", "bus.yml"), c.Models[0].Path())
	require.False(t, c.Models[1].IsFile())
	require.Equal(t, Position{"c.yml", 13, 24}, c.Models[1].Pos)

	require.Len(t, c.Keys, 3)
	require.Equal(t, "order_ref", c.Keys[0].Field)
	require.EqualValues(t, "X-Order-Ref", c.Keys[1].Header)
	require.Equal(t, Position{"c.yml", 17, 5}, c.Keys[2].Pos)

	require.Len(t, c.Endpoints, 3)
	require.Equal(t, Set{Waived: true}, c.Endpoints[0].Set)
	require.Equal(t, "mesh-internal, callers never retry", c.Endpoints[0].Reason)
	require.EqualValues(t, "2027-06-30", c.Endpoints[0].Until)
	require.Equal(t, Set{GuardedBy: "gateway-dedupe"}, c.Endpoints[1].Set)
	require.Equal(t, Position{"c.yml", 25, 5}, c.Endpoints[1].Pos)
	require.Equal(t, RequireFull, c.Endpoints[2].Require)
	require.EqualValues(t, "POST", c.Endpoints[2].Match.Method)
	require.Equal(t, "endpoint POST /payments/**, route /payments/{id}, method POST, protocol http, "+
		"handler example.com/shop/**/api.(*Handler).*, package example.com/shop/**, owner @shop/payments",
		c.Endpoints[2].Match.String())

	require.Equal(t, Guard{"example.com/shop/internal/idempotency", "Wrap", "UnaryInterceptor", "X-Key", Duration(90 * time.Minute)}, c.Guard)
	require.Equal(t, Symbol{"example.com/shop/internal/idempotency", "TTL"}, c.NoExpiry.Constant)
	require.False(t, c.KeysRequired())
	require.True(t, filepath.IsAbs(c.File))
	require.Equal(t, filepath.Join(c.Dir, "x", "y"), c.Abs("x/y"))
	require.Empty(t, c.Abs(""))
}

func TestParseDefaults(t *testing.T) {
	for name, text := range map[string]string{
		"empty":        "",
		"comment":      "# nothing yet\n",
		"null":         "~\n",
		"empty values": "rules:\nkeys:\nendpoints:\nguard:\n",
	} {
		t.Run(name, func(t *testing.T) {
			c := mustParse(t, text)
			require.False(t, c.Strict)
			require.Equal(t, OpenRouterReport, c.OpenRouter)
			require.Empty(t, c.Index)
			require.EqualValues(t, "Idempotency-Key", c.Guard.KeyHeader)
			require.Equal(t, "24h0m0s", c.Guard.TTL.String())
			require.True(t, c.KeysRequired())
			require.Equal(t, Default(c.Dir).canonical(), c.canonical())
		})
	}
}

// TestProblems asserts every message about bad content with its position.
func TestProblems(t *testing.T) {
	const entry = "endpoints:\n  - match: {route: /a}\n    "
	for name, tc := range map[string]struct{ text, want string }{
		"unknown key, near":           {"strict: true\nbasline: x\n", `c.yml:2:1: unknown key "basline"; did you mean "baseline"?`},
		"unknown key, far":            {"guard:\n  colour: red\n", `c.yml:2:3: guard: unknown key "colour"; the keys here are package, wrap, interceptor, key-header, ttl`},
		"unknown nested key":          {"endpoints:\n  - match: {rout: /x}\n    require: full\n", `c.yml:2:13: endpoints[0].match: unknown key "rout"; did you mean "route"?`},
		"merge key":                   {"a: &a {}\n", `c.yml:1:1: unknown key "a"; the keys here are rule-set, strict, rules, index, baseline, first-party, open-router, exclude-mains, models, extends, keys, endpoints, guard, no-expiry, require-keys-from`},
		"key twice":                   {"strict: true\nrules: {}\nstrict: false\n", `c.yml:3:1: key "strict" stands on line 1 already; keep one of them`},
		"key that is a list":          {"[a]: b\n", `c.yml:1:1: a list stands where a key is wanted`},
		"root is a list":              {"- strict\n", `c.yml:1:1: a list stands where keys with values are wanted`},
		"root is a word":              {"strict\n", `c.yml:1:1: "strict" stands where keys with values are wanted`},
		"two documents":               {"strict: true\n---\nstrict: false\n", `c.yml:2:1: a second document begins; keep one in the file`},
		"not YAML":                    {"strict: true\n\tx: [\n", `c.yml:2: this is not YAML: found a tab character that violates indentation`},
		"second document broken":      {"strict: true\n---\n\t[", `c.yml:3: this is not YAML: found character that cannot start any token`},
		"not UTF-8":                   {"strict: \xff\n", `c.yml: this is not YAML: invalid leading UTF-8 octet`},
		"bool":                        {"strict: maybe\n", `c.yml:1:9: strict: "maybe" is neither true nor false`},
		"bool as list":                {"strict: [true]\n", `c.yml:1:9: strict: a list is neither true nor false`},
		"bool as nothing":             {"strict:\n", `c.yml:1:8: strict: nothing is neither true nor false`},
		"text as mapping":             {"baseline: {a: b}\n", `c.yml:1:11: baseline: a mapping stands where one word or text is wanted`},
		"text as nothing":             {"baseline:\n", `c.yml:1:10: baseline: the value is missing; write it or remove the key`},
		"text empty":                  {"baseline: ''\n", `c.yml:1:11: baseline: the value is missing; write it or remove the key`},
		"list as word":                {"models: rows.yml\n", `c.yml:1:9: models: "rows.yml" stands where a list is wanted`},
		"rules as list":               {"rules: [missing-key]\n", `c.yml:1:8: rules: a list stands where keys with values are wanted`},
		"unknown rule, near":          {"rules:\n  mising-key: off\n", `c.yml:2:3: rules: unknown rule "mising-key"; did you mean "missing-key"?`},
		"unknown rule, far":           {"rules:\n  colour: off\n", "c.yml:2:3: rules: unknown rule \"colour\"; `idemlint explain` lists the rules"},
		"level, near":                 {"rules:\n  late-claim: warn\n", `c.yml:2:15: rules.late-claim: "warn" is unknown; did you mean "warning"?`},
		"level, far":                  {"rules:\n  late-claim: fatal\n", `c.yml:2:15: rules.late-claim: "fatal" is unknown; write off, on, warning or error`},
		"open-router":                 {"open-router: ignore\n", `c.yml:1:14: open-router: "ignore" is unknown; write report or defer`},
		"rule-set":                    {"rule-set: 1\n", `c.yml:1:11: rule-set: "1" is no release; write major.minor in quotes, such as "1.2"`},
		"first-party wildcard":        {"first-party: [example.com/a/...]\n", `c.yml:1:15: first-party[0]: "example.com/a/..." has a wildcard or slash at its end; write the path alone, it covers everything below`},
		"first-party slash":           {"first-party: [example.com/a/]\n", `c.yml:1:15: first-party[0]: "example.com/a/" has a wildcard or slash at its end; write the path alone, it covers everything below`},
		"first-party path":            {"first-party: [./internal]\n", `c.yml:1:15: first-party[0]: "./internal" is no import path; write one such as example.com/shop/internal`},
		"first-party parent":          {"first-party: [a/../b]\n", `c.yml:1:15: first-party[0]: "a/../b" is no import path; write one such as example.com/shop/internal`},
		"exclude-mains":               {"exclude-mains: [a**]\n", `c.yml:1:17: exclude-mains[0]: "a**" has ** inside a segment; write it alone between slashes, or * within the segment`},
		"exclude-mains dots":          {"exclude-mains: [a/...]\n", `c.yml:1:17: exclude-mains[0]: "a/..." uses ...; write ** for any number of segments`},
		"long pattern":                {"exclude-mains: [" + strings.Repeat("a", 1001) + "]\n", `c.yml:1:17: exclude-mains[0]: the pattern is longer than 1000 bytes`},
		"model":                       {"models: [rows.txt, a b]\n", `c.yml:1:20: models[1]: "a b" is neither a .yml file nor an import path`},
		"extends":                     {"extends: [../x]\n", `c.yml:1:11: extends[0]: "../x" is neither a .yml file nor an import path`},
		"extends unreadable":          {"extends: [none.yml]\n", `c.yml:1:11: extends: open DIR/none.yml: no such file or directory`},
		"extends package":             {"extends: [example.com/x]\n", `c.yml:1:11: extends: package example.com/x cannot be looked up here; extend a file`},
		"key without name":            {"keys:\n  - {on: POST /a}\n", `c.yml:2:5: keys[0]: exactly one of field, header and metadata names the key`},
		"key with two names":          {"keys:\n  - {field: a, header: b}\n", `c.yml:2:5: keys[0]: exactly one of field, header and metadata names the key`},
		"key's header":                {"keys:\n  - header: X Y\n", `c.yml:2:13: keys[0].header: "X Y" cannot be a header's name; write one such as Idempotency-Key`},
		"key's on":                    {"keys:\n  - {field: a, on: POST}\n", `c.yml:2:20: keys[0].on: "POST" does not select endpoints; write method and route, such as 'POST /orders/**'`},
		"key's method":                {"keys:\n  - {field: a, on: P0ST /a}\n", `c.yml:2:20: keys[0].on: "P0ST" is no method; write one, such as POST, ANY, RPC or CONSUMER`},
		"key's route":                 {"keys:\n  - {field: a, on: /a**}\n", `c.yml:2:20: keys[0].on: "/a**" has ** inside a segment; write it alone between slashes, or * within the segment`},
		"no match":                    {"endpoints:\n  - set: waived\n    reason: r\n", `c.yml:2:5: endpoints[0]: match is missing; say which endpoints are meant, such as match: {route: /internal/**}`},
		"empty match":                 {"endpoints:\n  - {match: {}, set: waived, reason: r}\n", `c.yml:2:5: endpoints[0]: match is missing; say which endpoints are meant, such as match: {route: /internal/**}`},
		"nothing set":                 {entry + "reason: r\n", `c.yml:2:5: endpoints[0]: the entry changes nothing; add set: waived, set: guarded-by NAME or require: full`},
		"set and require":             {entry + "set: waived\n    require: full\n    reason: r\n", `c.yml:2:5: endpoints[0]: set and require exclude each other; keep one`},
		"no reason":                   {entry + "set: waived\n", `c.yml:2:5: endpoints[0]: reason is missing; it is compulsory beside set`},
		"set":                         {entry + "set: ignored\n    reason: r\n", `c.yml:3:10: endpoints[0].set: "ignored" is neither waived nor guarded-by NAME`},
		"set without name":            {entry + "set: guarded-by\n    reason: r\n", `c.yml:3:10: endpoints[0].set: "guarded-by" does not name the guard in one word; write guarded-by NAME`},
		"set with long name":          {entry + "set: guarded-by the edge\n    reason: r\n", `c.yml:3:10: endpoints[0].set: "guarded-by the edge" does not name the guard in one word; write guarded-by NAME`},
		"require":                     {entry + "require: partial\n", `c.yml:3:14: endpoints[0].require: "partial" is unknown; write full`},
		"until":                       {entry + "require: full\n    until: 30.6.2027\n", `c.yml:4:12: endpoints[0].until: "30.6.2027" is no date; write year-month-day, such as 2027-06-30`},
		"until that is not":           {entry + "require: full\n    until: 2027-02-30\n", `c.yml:4:12: endpoints[0].until: "2027-02-30" is no date; write year-month-day, such as 2027-06-30`},
		"match protocol":              {"endpoints:\n  - {match: {protocol: https}, require: full}\n", `c.yml:2:24: endpoints[0].match.protocol: "https" is unknown; did you mean "http"?`},
		"match method":                {"endpoints:\n  - {match: {method: 'GET,PUT'}, require: full}\n", `c.yml:2:22: endpoints[0].match.method: "GET,PUT" is no method; write one, such as POST, ANY, RPC or CONSUMER`},
		"match package":               {"endpoints:\n  - {match: {package: a/...}, require: full}\n", `c.yml:2:23: endpoints[0].match.package: "a/..." uses ...; write ** for any number of segments`},
		"guard without package":       {"guard: {wrap: Wrap}\n", `c.yml:1:8: guard: package is missing; wrap and interceptor are functions of it`},
		"guard's function":            {"guard: {package: a, wrap: a.Wrap}\n", `c.yml:1:27: guard.wrap: "a.Wrap" is no exported Go identifier; write the function's name without its package`},
		"guard's unexported function": {"guard: {package: a, interceptor: wrap}\n", `c.yml:1:34: guard.interceptor: "wrap" is no exported Go identifier; write the function's name without its package`},
		"guard's ttl":                 {"guard: {ttl: 1 day}\n", `c.yml:1:14: guard.ttl: "1 day" is no length of time above zero; write it as 30m or 24h`},
		"guard's negative ttl":        {"guard: {ttl: -1h}\n", `c.yml:1:14: guard.ttl: "-1h" is no length of time above zero; write it as 30m or 24h`},
		"constant":                    {"no-expiry: {constant: TTL}\n", `c.yml:1:23: no-expiry.constant: "TTL" does not name an exported constant; write example.com/shop/idempotency.TTL`},
		"constant unexported":         {"no-expiry: {constant: a/b.ttl}\n", `c.yml:1:23: no-expiry.constant: "a/b.ttl" does not name an exported constant; write example.com/shop/idempotency.TTL`},
		"constant without name":       {"no-expiry: {constant: example.com/b}\n", `c.yml:1:23: no-expiry.constant: "example.com/b" does not name an exported constant; write example.com/shop/idempotency.TTL`},
		"require-keys-from":           {"require-keys-from: soon\n", `c.yml:1:20: require-keys-from: "soon" is no date; write year-month-day, such as 2027-06-30`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseText(tc.text)
			require.Error(t, err)
			dir, _ := os.Getwd()
			require.Equal(t, tc.want, strings.ReplaceAll(err.Error(), dir, "DIR"))
		})
	}
}

func TestProblemsAreAllToldInOrder(t *testing.T) {
	_, err := parseText("strict: 1\nendpoints:\n  - {match: {route: ''}, set: x}\nbasline: y\n")
	var problems Problems
	require.ErrorAs(t, err, &problems)
	require.Equal(t, []string{
		`c.yml:1:9: strict: "1" is neither true nor false`,
		`c.yml:3:21: endpoints[0].match.route: the value is missing; write it or remove the key`,
		`c.yml:3:31: endpoints[0].set: "x" is neither waived nor guarded-by NAME`,
		`c.yml:4:1: unknown key "basline"; did you mean "baseline"?`,
	}, strings.Split(err.Error(), "\n"))
}

func TestProblemsAreBounded(t *testing.T) {
	_, err := parseText(manyKeys(200))
	var problems Problems
	require.ErrorAs(t, err, &problems)
	require.Len(t, problems, maxProblems)
}

// manyKeys returns n lines with different unknown keys.
func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("k" + strings.Repeat("y", i) + ": 1\n")
	}
	return b.String()
}

func TestAliases(t *testing.T) {
	c := mustParse(t, `
endpoints:
  - match: {route: /a}
    set: waived
    reason: &why they never retry
  - match: {route: /b}
    set: waived
    reason: *why
`)
	require.Equal(t, "they never retry", c.Endpoints[1].Reason)
}

func TestAliasesThatMultiplyAreRefused(t *testing.T) {
	list := "keys: [&a {field: x}" + strings.Repeat(", *a", 60_000) + "]\n"
	_, err := parseText(list)
	require.ErrorContains(t, err, "the config holds more than 100000 values; make it smaller")
}

func TestAliasOfItself(t *testing.T) {
	_, err := parseText("models: &a [*a]\n")
	require.Error(t, err)
}

func TestRuleWithoutAnyKnownRule(t *testing.T) {
	_, err := Parse("c.yml", []byte("rules: {missing-key: off}\n"), Options{})
	require.EqualError(t, err, "c.yml:1:9: rules: unknown rule \"missing-key\"; `idemlint explain` lists the rules")
}

func TestOffInYAML11(t *testing.T) {
	c := mustParse(t, "index: off\nrules: {missing-key: false, no-expiry: true}\n")
	require.Equal(t, IndexOff, c.Index)
	require.Equal(t, map[string]Level{"missing-key": LevelOff, "no-expiry": LevelOn}, c.Rules)
	require.Equal(t, IndexOff, mustParse(t, "index: false\n").Index)
}

func TestFirstPartyOverride(t *testing.T) {
	ours, given := mustParse(t, "").FirstPartyOverride("example.com/shop")
	require.False(t, ours)
	require.False(t, given)

	c := mustParse(t, "first-party: [example.com/shop]\n")
	for path, want := range map[string]bool{
		"example.com/shop":     true,
		"example.com/shop/api": true,
		"example.com/shopping": false,
		"example.com":          false,
	} {
		ours, given := c.FirstPartyOverride(path)
		require.Equal(t, want, ours, path)
		require.True(t, given)
	}
}

func TestExcludesMain(t *testing.T) {
	c := mustParse(t, "")
	for path, want := range map[string]bool{
		"":                   false,
		"cmd/shop":           false,
		"examples":           true,
		"examples/basic":     true,
		"internal/tools/gen": true,
		"test/e2e":           true,
		"toolsmith":          false,
	} {
		require.Equal(t, want, c.ExcludesMain(path), "main %q", path)
	}
	require.False(t, mustParse(t, "exclude-mains: []\n").ExcludesMain("examples/basic"))
}

func TestKeysRequired(t *testing.T) {
	for date, want := range map[string]bool{"2026-11-22": true, "2026-11-23": true, "2026-11-24": false} {
		require.Equal(t, want, mustParse(t, "require-keys-from: "+date+"\n").KeysRequired(), date)
	}
}

func TestLoadBoundsAndKinds(t *testing.T) {
	dir := t.TempDir()
	big := filepath.Join(dir, "big.yml")
	require.NoError(t, os.WriteFile(big, make([]byte, MaxSize+1), 0o600))
	_, err := Load(big, options)
	require.EqualError(t, err, big+": the file is larger than 1048576 bytes; make it smaller")

	_, err = Load(dir, options)
	require.EqualError(t, err, dir+": not a regular file; give the path of a config")

	_, err = Load(filepath.Join(dir, "none.yml"), options)
	require.ErrorIs(t, err, os.ErrNotExist)
}
