package answers

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

func example() *File {
	return &File{
		Schema: Schema, Tool: "v1.2.3", Config: "c0", Build: Build{GOOS: "linux", GOARCH: "amd64", Tags: "a,b"},
		Inputs: []Input{{"migrations/2.sql", "22"}, {"migrations/1.sql", "11"}},
		Packages: []Package{
			{Path: "example.com/shop/store", Sum: "5"},
			{Path: "example.com/shop/api", Sum: "a", Findings: []Finding{
				{Rule: "missing-key", Severity: report.Error, Status: report.Active, File: "b.go", Line: 2, Col: 3, EndCol: 9, Message: "POST /b <b>"},
				{Rule: "missing-key", Severity: report.Error, Status: report.Waived, File: "a.go", Line: 12, Col: 3, EndCol: 9, Message: "POST /a",
					Fix: &report.Fix{Message: "wrap", Edits: []report.Edit{{File: "a.go", Start: 1, End: 2, New: "x"}}}},
				{Rule: "late-claim", Severity: report.Warning, Status: report.Active, File: "a.go", Line: 2, Col: 3, EndCol: 9, Message: "POST /c"},
			}},
		},
	}
}

func TestRoundTrip(t *testing.T) {
	f := example()
	data, err := f.Encode()
	require.NoError(t, err)
	again, err := example().Encode()
	require.NoError(t, err)
	require.Equal(t, string(data), string(again))
	require.Contains(t, string(data), "POST /b <b>", "people read the file")

	got, err := Decode(data)
	require.NoError(t, err)
	require.Equal(t, f, got)
	require.Equal(t, []int{2, 12, 2}, []int{got.Packages[0].Findings[0].Line, got.Packages[0].Findings[1].Line, got.Packages[0].Findings[2].Line})
	require.Equal(t, "migrations/1.sql", got.Inputs[0].File)
	require.Nil(t, got.Package("example.com/shop"))
	require.Equal(t, "5", got.Package("example.com/shop/store").Sum)
	require.Empty(t, Diff(f, got))
}

// An index without anything in it is written with empty lists.
func TestEmptyRoundTrip(t *testing.T) {
	f := &File{Schema: Schema}
	data, err := f.Encode()
	require.NoError(t, err)
	require.Contains(t, string(data), `"packages": []`)
	got, err := Decode(data)
	require.NoError(t, err)
	require.Equal(t, f, got)
}

func TestDecodeRefuses(t *testing.T) {
	for _, text := range []string{
		``, `[]`, `{`, `{"schema": "idemlint/index/v1", "more": 1}`, `{"schema": "idemlint/index/v2"}`, `{}`,
		`<<<<<<< HEAD`,
	} {
		_, err := Decode([]byte(text))
		require.ErrorContains(t, err, `"idemlint index"`, text)
	}
}

func TestRead(t *testing.T) {
	name := filepath.Join(t.TempDir(), FileName)
	f, err := Read(name)
	require.NoError(t, err)
	require.Nil(t, f)
	require.NoError(t, os.WriteFile(name, []byte("{}"), 0o644))
	_, err = Read(name)
	require.ErrorContains(t, err, name+": ")
	_, err = Read(filepath.Dir(name))
	require.Error(t, err)
}

func TestSum(t *testing.T) {
	a, b := Source{"a.go", []byte("package a")}, Source{"b.go", []byte("package a")}
	sum := Sum([]Source{a, b})
	require.Len(t, sum, 2*sumBytes)
	require.Equal(t, sum, Sum([]Source{b, a}))
	others := map[string]string{
		"one file less":   Sum([]Source{a}),
		"another name":    Sum([]Source{a, {"c.go", b.Data}}),
		"another content": Sum([]Source{a, {"b.go", []byte("package b")}}),
		"contents moved":  Sum([]Source{{"a.go", nil}, {"b.go", append(a.Data, b.Data...)}}),
		"nothing":         Sum(nil),
	}
	seen := map[string]string{sum: "itself"}
	for what, s := range others {
		require.NotContains(t, seen, s, what)
		seen[s] = what
	}
}

func TestDiff(t *testing.T) {
	tests := []struct {
		change func(f *File)
		want   string
	}{
		{func(*File) {}, ""},
		{func(f *File) { f.Tool = "v2" }, "it was written by idemlint v2, this is v1.2.3"},
		{func(f *File) { f.Config = "c1" }, "the config has changed"},
		{func(f *File) { f.Build = Build{GOOS: "js", GOARCH: "wasm"} }, "it was written for js/wasm, this is linux/amd64 with tags a,b"},
		{func(f *File) { f.Inputs = f.Inputs[1:] }, "migrations/1.sql is new"},
		{func(f *File) { f.Inputs[1].Sum = "x" }, "migrations/2.sql has changed"},
		{func(f *File) { f.Inputs = append(f.Inputs, Input{"z.sql", "z"}) }, "z.sql is gone"},
		{func(f *File) { f.Packages = f.Packages[:1] }, "package example.com/shop/store is new"},
		{func(f *File) { f.Packages = append(f.Packages, Package{Path: "example.com/shop/zoo"}) }, "package example.com/shop/zoo is gone"},
		{func(f *File) { f.Packages[0].Sum = "x" }, "package example.com/shop/api has changed"},
		{func(f *File) { f.Packages[0].Findings[0].Line++ }, "the findings in package example.com/shop/api have changed"},
		{func(f *File) { f.Packages[0].Findings[1].Fix = nil }, "the findings in package example.com/shop/api have changed"},
	}
	for _, tt := range tests {
		now, old := example(), example()
		now.sort()
		old.sort()
		tt.change(old)
		require.Equal(t, tt.want, strings.Join(Diff(old, now), "\n"))
	}
}
