// Package schematest checks what the output formats write against what their
// readers publish: SARIF against the schema of OASIS for version 2.1.0
// (testdata/sarif-2.1.0-rtm.5.json) and the limits of GitHub code scanning,
// rdjsonl by decoding it strictly into reviewdog's own message, GitLab's report
// and GitHub's workflow commands against what their documentation demands.
package schematest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
	"github.com/idemlint/idemlint/cmd/idemlint/internal/format"
)

// validate checks a SARIF file against the schema.
func validate(sarif []byte) error {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("testdata", "sarif-2.1.0-rtm.5.json"))
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(sarif))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// input returns the result that the format's own tests use.
func input(t *testing.T) *format.Input {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "shop.json"))
	require.NoError(t, err)
	var doc report.Document
	require.NoError(t, json.Unmarshal(data, &doc))
	dir, err := filepath.Abs(filepath.Join("..", "testdata", "shop"))
	require.NoError(t, err)
	return &format.Input{
		Document: &doc,
		Rules: []format.Rule{{
			Name: "missing-key", Severity: report.Error, On: true,
			Summary: "a summary", Doc: "# A page\n\ntext\n", URL: "https://idemlint.example/missing-key",
		}},
		Tree: &format.Tree{Modules: map[string]string{"example.com/shop": dir}, Dir: dir, Root: filepath.Dir(dir)},
	}
}

func TestSARIFIsValid(t *testing.T) {
	tests := map[string]func(in *format.Input){
		"findings": func(*format.Input) {}, // one of them of a rule that is not listed
		"touched by a change": func(in *format.Input) {
			in.View.Partial = true
			in.Document.Findings[0].Changed = &in.Document.Findings[0].Trace[1]
		},
		"waived": func(in *format.Input) { in.View.Show.Waived = true },
		"empty": func(in *format.Input) {
			in.Document = &report.Document{Complete: true}
			in.Rules = nil
		},
		"incomplete": func(in *format.Input) {
			in.Document.Complete = false
			in.Document.Problems = []report.Problem{{Text: "x"}, {Pos: "a.go", Text: "x"}, {Pos: "a.go:1:2", Text: "x"}}
		},
		"rule that is off": func(in *format.Input) { in.Rules[0].Severity, in.Rules[0].On, in.Rules[0].URL = "", false, "" },
		"strange text": func(in *format.Input) {
			f := &in.Document.Findings[0]
			f.Message, f.Pos = "\x1b[2J\xff\n[a](b)", "a b:c/\u00fc%.go:1:1"
		},
		"outside the root": func(in *format.Input) { in.Tree.Root = filepath.Join(in.Tree.Root, "elsewhere") },
		"no positions": func(in *format.Input) {
			f := &in.Document.Findings[0]
			f.Pos, f.End, f.Trace[0].Pos = "", "", ""
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			in := input(t)
			change(in)
			var b bytes.Buffer
			require.NoError(t, format.Lookup("sarif").Write(&b, in))
			require.NoError(t, validate(b.Bytes()))
			require.NoError(t, sarifLimits(b.Bytes()))
		})
	}
}

func TestTheSchemaFindsMistakes(t *testing.T) {
	require.Error(t, validate([]byte(`{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": 1}}}]}`)))
}
