package analyzer_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer"
)

// block is a fenced block of a page whose info string names a file.
var block = regexp.MustCompile("(?ms)^```\\w+ (\\S+)\n(.*?)^```$")

// TestDocumentedModel runs the example of docs/models.md.
func TestDocumentedModel(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "docs", "models.md"))
	require.NoError(t, err)
	dir, want := t.TempDir(), ""
	write(t, filepath.Join(dir, "go.mod"), []byte("module example.com/shop\n\ngo 1.24\n"))
	for _, m := range block.FindAllStringSubmatch(string(page), -1) {
		if m[1] == "want" {
			want = m[2]
			continue
		}
		if m[1] == "idemlint/house.yml" {
			require.Less(t, strings.Count(m[2], "\n"), 15)
		}
		write(t, filepath.Join(dir, filepath.FromSlash(m[1])), []byte(m[2]))
	}
	res, err := analyzer.Run(context.Background(), analyzer.Options{Dir: dir})
	require.NoError(t, err)
	require.Equal(t, want, lines(res.Document))

	problems, err := analyzer.CheckModel(context.Background(), dir, filepath.Join(dir, "idemlint", "house.yml"))
	require.NoError(t, err)
	require.Empty(t, problems)
}

// TestCheckModel names what a file of rows gets wrong, and the nearest symbol.
func TestCheckModel(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), []byte("module example.com/m\n\ngo 1.24\n"))
	write(t, filepath.Join(dir, "m.go"), []byte("package m\n\ntype Router struct{}\n\nfunc (*Router) Handle(path string, h func()) {}\n"))
	rows := filepath.Join(dir, "rows.yml")
	write(t, rows, []byte(`library: m
packages:
  - path: example.com/m
    routes:
      - {on: [Router.Handel], method: POST, path: arg 0, handler: arg 1}
      - {on: [Ruter.Handle], method: POST, path: arg 0, handler: arg 1}
      - {on: [Router.Handle], method: POST, path: arg 0, handler: arg 2}
  - path: example.com/elsewhere
    neutral: true
`))
	problems, err := analyzer.CheckModel(context.Background(), dir, rows)
	require.NoError(t, err)
	require.Equal(t, []string{
		rows + ":5: example.com/m has no Router.Handel; did you mean Router.Handle?",
		rows + ":6: example.com/m has no Ruter.Handle; did you mean Router.Handle?",
		rows + `:7: "arg 2" does not fit Router.Handle of example.com/m: it has no such argument`,
		rows + ":8: package example.com/elsewhere is not in the build list; require its module in go.mod, or correct the path",
	}, problems)
}

// TestSharedModels takes a config and rows from a package of another module:
// the team's own rows win over the shipped ones.
func TestSharedModels(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":                     "module example.com/app\n\ngo 1.24\n\nrequire example.com/platform v1.0.0\n\nreplace example.com/platform => ./platform\n",
		".idemlint.yml":              "extends: [example.com/platform/lint]\nmodels: [own.yml]\n",
		"platform/go.mod":            "module example.com/platform\n\ngo 1.24\n",
		"platform/lint/lint.go":      "// Package lint ships settings.\npackage lint\n",
		"platform/lint/idemlint.yml": "models: [example.com/platform/web]\nrules: {missing-key: off}\n",
		"platform/web/web.go":        "package web\n\nfunc Serve(verb, path string, h func(key string)) {}\n\nfunc Send(text string) {}\n\nfunc Log(text string) {}\n",
		"platform/web/idemlint-models.yml": `library: web
packages:
  - path: example.com/platform/web
    routes:
      - {on: [Serve], method: arg 0, path: arg 1, handler: arg 2}
    effects:
      - {on: [Send, Log], class: non-idempotent, text: sends}
`,
		"own.yml": "library: own\npackages:\n  - path: example.com/platform/web\n    neutrals:\n      - {on: [Log]}\n",
		"main.go": `package main

import "example.com/platform/web"

func send(key string) { web.Send("hello") }

func log(key string) { web.Log("hello") }

func main() {
	web.Serve("POST", "/send", send)
	web.Serve("POST", "/log", log)
}
`,
	} {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), []byte(text))
	}
	res, err := analyzer.Run(context.Background(), analyzer.Options{Dir: dir})
	require.NoError(t, err)
	require.Equal(t, "POST /log none none -\nPOST /send non-idempotent none -\n", lines(res.Document))

	list, err := analyzer.Models(analyzer.Options{Dir: dir})
	require.NoError(t, err)
	require.Equal(t, []analyzer.Model{
		{Library: "web", From: "example.com/platform/web", Packages: []string{"example.com/platform/web"}},
		{Library: "own", From: "own.yml", Packages: []string{"example.com/platform/web"}},
	}, list[len(list)-2:])
}
