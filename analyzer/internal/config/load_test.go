package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// tree writes files, given as name and content, below a new folder, which it
// returns.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	}
	return dir
}

const golangciText = `version: "2"
linters:
  enable: [idemlint]
  settings:
    custom:
      idemlint:
        type: module
        settings:
          strict: true
          basline: x
`

var golangciGood = strings.ReplaceAll(golangciText, "          basline: x\n", "")

func TestFind(t *testing.T) {
	noSettings, _, _ := strings.Cut(golangciText, "        settings:\n")
	for name, tc := range map[string]struct {
		files map[string]string
		from  string
		gowrk string
		want  string // "" for none
		err   string
	}{
		"none":                   {files: map[string]string{"go.mod": "", "a/b/x.go": ""}, from: "a/b"},
		"beside go.mod":          {files: map[string]string{"go.mod": "", FileName: "", "a/b/x.go": ""}, from: "a/b", want: FileName},
		"nearest":                {files: map[string]string{"go.mod": "", FileName: "", "a/" + FileName: "", "a/b/x.go": ""}, from: "a/b", want: "a/" + FileName},
		"not above the module":   {files: map[string]string{FileName: "", "m/go.mod": "", "m/a/x.go": ""}, from: "m/a"},
		"up to the workspace":    {files: map[string]string{FileName: "", "go.work": "", "m/go.mod": "", "m/a/x.go": ""}, from: "m/a", want: FileName},
		"workspace off":          {files: map[string]string{FileName: "", "go.work": "", "m/go.mod": ""}, from: "m", gowrk: "off"},
		"workspace elsewhere":    {files: map[string]string{FileName: "", "go.work": "", "m/go.mod": ""}, from: "m", gowrk: "/nowhere/go.work"},
		"workspace by variable":  {files: map[string]string{FileName: "", "other.work": "", "m/go.mod": ""}, from: "m", gowrk: "DIR/other.work", want: FileName},
		"no module: dir alone":   {files: map[string]string{FileName: "", "a/x.go": ""}, from: "a"},
		"no module: in dir":      {files: map[string]string{"a/" + FileName: ""}, from: "a", want: "a/" + FileName},
		"golangci":               {files: map[string]string{"go.mod": "", ".golangci.yml": golangciGood, "a/x.go": ""}, from: "a", want: ".golangci.yml"},
		"golangci yaml":          {files: map[string]string{"go.mod": "", ".golangci.yaml": golangciGood}, want: ".golangci.yaml"},
		"golangci json":          {files: map[string]string{"go.mod": "", ".golangci.json": `{"linters":{"settings":{"custom":{"idemlint":{"settings":{"strict":true}}}}}}`}, want: ".golangci.json"},
		"golangci, no settings":  {files: map[string]string{"go.mod": "", ".golangci.yml": noSettings}},
		"golangci, null":         {files: map[string]string{"go.mod": "", ".golangci.yml": noSettings + "        settings:\n"}},
		"golangci broken, other": {files: map[string]string{"go.mod": "", ".golangci.yml": "\t["}},
		"golangci broken, ours":  {files: map[string]string{"go.mod": "", ".golangci.yml": "# idemlint\n\t["}, err: "DIR/.golangci.yml:2: this is not YAML: found character that cannot start any token"},
		"golangci toml": {files: map[string]string{"go.mod": "", ".golangci.toml": "version = \"2\"\n[linters.settings.custom.idemlint.settings]\nstrict = true\n"},
			err: "DIR/.golangci.toml:2: settings in TOML are not read; move them to .idemlint.yml with the same keys"},
		"golangci toml, no settings": {files: map[string]string{"go.mod": "", ".golangci.toml": "[linters.settings.custom.idemlint]\ntype = \"module\"\n"}},
		"both": {files: map[string]string{"go.mod": "", ".golangci.yml": golangciGood, "a/" + FileName: ""}, from: "a",
			err: "DIR/a/.idemlint.yml and DIR/.golangci.yml both hold idemlint's settings; keep one of them"},
		"both, golangci without settings": {files: map[string]string{"go.mod": "", ".golangci.yml": noSettings, FileName: ""}, want: FileName},
		"misspelt":                        {files: map[string]string{"go.mod": "", ".idemlint.yaml": ""}, err: "DIR/.idemlint.yaml: the config is called .idemlint.yml; rename the file"},
		"folder of that name":             {files: map[string]string{"go.mod": "", FileName + "/x": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := tree(t, tc.files)
			t.Setenv("GOWORK", strings.ReplaceAll(tc.gowrk, "DIR", dir))
			got, err := Find(filepath.Join(dir, tc.from))
			if tc.err != "" {
				require.EqualError(t, err, strings.ReplaceAll(tc.err, "DIR", dir))
				return
			}
			require.NoError(t, err)
			if tc.want == "" {
				require.Empty(t, got)
				return
			}
			require.Equal(t, filepath.Join(dir, tc.want), got)
		})
	}
}

func TestLoadFor(t *testing.T) {
	t.Setenv("GOWORK", "")
	dir := tree(t, map[string]string{"go.mod": "", "a/b/x.go": ""})
	c, err := LoadFor(filepath.Join(dir, "a", "b"), options)
	require.NoError(t, err)
	require.Empty(t, c.File)
	require.Equal(t, dir, c.Dir, "paths start at the module's root")

	require.NoError(t, os.WriteFile(filepath.Join(dir, FileName), []byte("strict: true\n"), 0o600))
	c, err = LoadFor(filepath.Join(dir, "a", "b"), options)
	require.NoError(t, err)
	require.True(t, c.Strict)
	require.Equal(t, filepath.Join(dir, FileName), c.File)
	require.Equal(t, dir, c.Dir)

	require.NoError(t, os.WriteFile(filepath.Join(dir, "a", ".idemlint.yaml"), nil, 0o600))
	_, err = LoadFor(filepath.Join(dir, "a", "b"), options)
	require.ErrorContains(t, err, "rename the file")
}

func TestLoadFromGolangci(t *testing.T) {
	dir := tree(t, map[string]string{".golangci.yml": golangciText})
	path := filepath.Join(dir, ".golangci.yml")
	_, err := Load(path, options)
	require.EqualError(t, err, path+`:10:11: unknown key "basline"; did you mean "baseline"?`)

	c, err := Parse(path, []byte(golangciGood), options)
	require.NoError(t, err)
	require.True(t, c.Strict)
	require.Equal(t, dir, c.Dir)

	c, err = Parse(path, []byte("linters: []\n"), options)
	require.NoError(t, err)
	require.False(t, c.Strict)
}

func TestFromSettings(t *testing.T) {
	t.Setenv("GOWORK", "")
	dir := tree(t, map[string]string{"go.mod": "", "a/x.go": ""})
	settings := map[string]any{
		"strict":      true,
		"rules":       map[string]any{"missing-key": "off", "late-claim": true},
		"first-party": []any{"example.com/shop"},
		"models":      []string{"rows.yml"},
		"endpoints": []any{map[any]any{
			"match": map[string]any{"route": "/a"}, "set": "waived", "reason": "r",
			"until": time.Date(2027, 6, 30, 0, 0, 0, 0, time.UTC),
		}},
		"guard": nil,
	}
	c, err := FromSettings(settings, filepath.Join(dir, "a"), options)
	require.NoError(t, err)
	require.True(t, c.Strict)
	require.Equal(t, map[string]Level{"missing-key": LevelOff, "late-claim": LevelOn}, c.Rules)
	require.EqualValues(t, "2027-06-30", c.Endpoints[0].Until)
	require.Equal(t, filepath.Join(dir, "rows.yml"), c.Models[0].Path())
	require.Empty(t, c.File)
	require.Equal(t, dir, c.Dir)

	file := mustParse(t, `{strict: true, first-party: [example.com/shop], models: [rows.yml],
rules: {late-claim: on, missing-key: off}, endpoints: [{match: {route: /a}, set: waived, reason: r}]}`)
	require.Equal(t, file.Digest(), c.Digest(), "the same settings mean the same wherever they stand")
}

func TestFromSettingsProblems(t *testing.T) {
	const name = "idemlint settings of golangci-lint: "
	nested := any("x")
	for range 12 {
		nested = []any{nested}
	}
	for text, settings := range map[string]any{
		`unknown key "basline"; did you mean "baseline"?`:                               map[string]any{"basline": "x"},
		`endpoints[0].match: unknown key "rout"; did you mean "route"?`:                 map[string]any{"endpoints": []any{map[string]any{"match": map[string]any{"rout": 1}, "require": "full"}}},
		`rules: unknown rule "mising-key"; did you mean "missing-key"?`:                 map[string]any{"rules": map[string]any{"mising-key": "off"}},
		`rule-set: "1.1" is a number; put it in quotes`:                                 map[string]any{"rule-set": 1.10},
		`strict: "yes" is neither true nor false`:                                       map[string]any{"strict": "yes"},
		`a value of type chan int stands among the settings; none takes such a value`:   map[string]any{"strict": make(chan int)},
		`a value of type complex128 stands among the settings; none takes such a value`: []any{1i},
		`the settings nest deeper than any key; see the list of keys`:                   nested,
		`"strict" stands where keys with values are wanted`:                             "strict",
		`guard.ttl: "3" is no length of time above zero; write it as 30m or 24h`:        map[string]any{"guard": map[string]any{"ttl": 3}},
		`require-keys-from: "2027-06-30T10:00:00Z" is no date; write year-month-day, such as 2027-06-30`: map[string]any{
			"require-keys-from": time.Date(2027, 6, 30, 10, 0, 0, 0, time.UTC)},
		`a list stands where a key is wanted`: map[any]any{[1]int{1}: "x"},
	} {
		_, err := FromSettings(settings, t.TempDir(), options)
		require.EqualError(t, err, name+text)
	}
	_, err := FromSettings(map[string]any{"strict": map[any]any{"a": make(chan int)}}, t.TempDir(), options)
	require.ErrorContains(t, err, "chan int")
	_, err = FromSettings(map[any]any{complex(1, 1): 1}, t.TempDir(), options)
	require.ErrorContains(t, err, "complex128")
}

func TestFromSettingsBesideAFile(t *testing.T) {
	t.Setenv("GOWORK", "")
	dir := tree(t, map[string]string{"go.mod": "", FileName: "strict: true\n"})
	for name, empty := range map[string]any{"nil": nil, "empty": map[string]any{}} {
		c, err := FromSettings(empty, dir, options)
		require.NoError(t, err, name)
		require.True(t, c.Strict, name)
	}
	_, err := FromSettings(map[string]any{"strict": false}, dir, options)
	require.EqualError(t, err, filepath.Join(dir, FileName)+" and idemlint settings of golangci-lint both hold idemlint's settings; keep one of them")

	require.NoError(t, os.Rename(filepath.Join(dir, FileName), filepath.Join(dir, ".idemlint.yaml")))
	_, err = FromSettings(map[string]any{"strict": false}, dir, options)
	require.ErrorContains(t, err, "rename the file")
}

func TestExtends(t *testing.T) {
	dir := tree(t, map[string]string{
		"m/.idemlint.yml": `extends: [../shared/a.yml, ../shared/b.yml]
rules: {late-claim: error}
models: [rows.yml]
guard: {package: example.com/m/guard}
endpoints:
  - match: {route: /own}
    require: full
`,
		"shared/a.yml": `extends: [base/base.yml]
strict: true
rules: {late-claim: off, no-expiry: warning}
first-party: [example.com/a]
`,
		"shared/b.yml": `extends: [base/base.yml]
first-party: [example.com/b]
guard: {ttl: 1h, key-header: X-B}
`,
		"shared/base/base.yml": `rules: {missing-key: warning, no-expiry: off}
open-router: defer
exclude-mains: [demo]
rule-set: "1.2"
models: [base-rows.yml]
keys: [{field: ref}]
no-expiry: {constant: example.com/base.TTL}
require-keys-from: 2030-01-01
guard: {key-header: X-Base, wrap: Wrap, interceptor: Unary, package: example.com/base}
endpoints:
  - match: {route: /shared}
    set: waived
    reason: everywhere
`,
	})
	c, err := Load(filepath.Join(dir, "m", FileName), options)
	require.NoError(t, err)
	require.True(t, c.Strict)
	require.Equal(t, map[string]Level{"missing-key": LevelWarning, "no-expiry": LevelWarning, "late-claim": LevelError}, c.Rules)
	require.Equal(t, []ImportPath{"example.com/b"}, c.FirstParty)
	require.Equal(t, OpenRouterDefer, c.OpenRouter)
	require.False(t, c.ExcludesMain("examples"))
	require.EqualValues(t, "1.2", c.RuleSet)
	require.Equal(t, Guard{"example.com/m/guard", "Wrap", "Unary", "X-B", Duration(time.Hour)}, c.Guard)
	require.EqualValues(t, "TTL", c.NoExpiry.Constant.Name)
	require.False(t, c.KeysRequired())
	require.Len(t, c.Keys, 1, "a config that two others extend counts once")

	require.Len(t, c.Models, 2)
	require.Equal(t, filepath.Join(dir, "shared", "base", "base-rows.yml"), c.Models[0].Path())
	require.Equal(t, filepath.Join(dir, "m", "rows.yml"), c.Models[1].Path())

	require.Len(t, c.Endpoints, 2)
	require.True(t, c.Endpoints[0].Inherited)
	require.False(t, c.Endpoints[1].Inherited)
	unmatched := c.Unmatched()
	require.Len(t, unmatched, 1, "an inherited entry may match nothing")
	require.Contains(t, unmatched[0].Text, "(route /own)")
}

func TestExtendsPackage(t *testing.T) {
	dir := tree(t, map[string]string{
		"m/.idemlint.yml":       "extends: [example.com/platform/idemlint]\n",
		"cache/p/idemlint.yml":  "extends: [more/x.yml]\nmodels: [rows.yml, example.com/bus]\n",
		"cache/p/more/x.yml":    "models: [deep.yml]\n",
		"cache2/p/idemlint.yml": "extends: [more/x.yml]\nmodels: [rows.yml, example.com/bus]\n",
		"cache2/p/more/x.yml":   "models: [deep.yml]\n",
	})
	load := func(cache string) *Config {
		o := options
		o.PackageDir = func(path string) (string, error) {
			require.Equal(t, "example.com/platform/idemlint", path)
			return filepath.Join(dir, cache, "p"), nil
		}
		c, err := Load(filepath.Join(dir, "m", FileName), o)
		require.NoError(t, err)
		return c
	}
	c := load("cache")
	require.Len(t, c.Models, 3)
	require.Equal(t, filepath.Join(dir, "cache", "p", "more", "deep.yml"), c.Models[0].Path())
	require.Equal(t, "example.com/platform/idemlint", c.Models[0].Via)
	require.Equal(t, []string{"example.com/platform/idemlint!more/deep.yml", "example.com/platform/idemlint!rows.yml", "example.com/bus"}, c.canonical().Models)
	require.Equal(t, c.Digest(), load("cache2").Digest(), "the place of the module cache does not matter")
}

func TestExtendsProblems(t *testing.T) {
	files := map[string]string{
		"own.yml":        "extends: [own.yml]\n",
		"loop1.yml":      "extends: [loop2.yml]\n",
		"loop2.yml":      "extends: [loop1.yml]\n",
		"baseline.yml":   "strict: true\nbaseline: x\nindex: off\n",
		"to-base.yml":    "extends: [baseline.yml]\n",
		"broken.yml":     "a: [\n",
		"to-broken.yml":  "extends: [broken.yml]\n",
		"to-package.yml": "\nextends:\n  - example.com/p\n",
		"to-none.yml":    "extends: [none.yml]\n",
	}
	for i := range 10 {
		files[fmt.Sprintf("chain%d.yml", i)] = fmt.Sprintf("extends: [chain%d.yml]\n", i+1)
	}
	dir := tree(t, files)
	o := options
	o.PackageDir = func(string) (string, error) { return "", errors.New("no module provides it") }
	for name, want := range map[string]string{
		"own.yml":        "DIR/own.yml:1:11: extends: own.yml extends itself; remove one of the links",
		"loop1.yml":      "DIR/loop2.yml:1:11: extends: loop1.yml extends itself; remove one of the links",
		"to-base.yml":    "DIR/baseline.yml:2:1: baseline: the key cannot be inherited; write it into the config that extends this one\nDIR/baseline.yml:3:1: index: the key cannot be inherited; write it into the config that extends this one",
		"to-broken.yml":  "DIR/broken.yml:1: this is not YAML: did not find expected node content",
		"to-package.yml": "DIR/to-package.yml:3:5: extends: package example.com/p was not found (no module provides it); require its module in go.mod",
		"to-none.yml":    "DIR/to-none.yml:1:11: extends: open DIR/none.yml: no such file or directory",
		"chain0.yml":     "DIR/chain8.yml:1:11: extends: more than 8 configs extend each other; make the chain shorter",
	} {
		_, err := Load(filepath.Join(dir, name), o)
		require.EqualError(t, err, strings.ReplaceAll(want, "DIR", dir), name)
		var problems Problems
		require.ErrorAs(t, err, &problems)
	}
}
