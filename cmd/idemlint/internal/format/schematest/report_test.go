package schematest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer"
	"github.com/idemlint/idemlint/analyzer/report"
	"github.com/idemlint/idemlint/cmd/idemlint/internal/format"
)

// reportSchema is the published schema of the report.
var reportSchema = filepath.Join("..", "..", "..", "..", "..", "docs", "report.schema.json")

// validateReport checks a report.
func validateReport(t *testing.T, doc any) error {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(reportSchema)
	require.NoError(t, err)
	data, err := json.Marshal(doc)
	require.NoError(t, err)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	require.NoError(t, err)
	return schema.Validate(value)
}

func TestReportIsValid(t *testing.T) {
	in := input(t)
	in.Document.Findings[0].Fix = &report.Fix{Message: "wrap it", Edits: []report.Edit{{File: "a.go", Start: 1, End: 1, New: "x"}}}
	in.Document.Problems = []report.Problem{{Text: "x"}}
	in.Document.Assumptions = []report.Assumption{{Kind: report.AssumedName, Text: "x", Count: 2}}
	require.NoError(t, validateReport(t, in.Document))
	in.Document.Findings[0].Severity = "grave"
	require.Error(t, validateReport(t, in.Document))
}

// The report of the demo, and those of services whose folders
// IDEMLINT_REPORT_DIRS lists.
func TestReportsOfServicesAreValid(t *testing.T) {
	dirs := append([]string{filepath.Join("..", "..", "..", "..", "..", "testdata", "shop")}, filepath.SplitList(os.Getenv("IDEMLINT_REPORT_DIRS"))...)
	for _, dir := range dirs {
		res, err := analyzer.Run(t.Context(), analyzer.Options{Dir: dir, Patterns: []string{"./..."}})
		require.NoError(t, err, dir)
		require.NotEmpty(t, res.Document.Endpoints, dir)
		require.NoError(t, validateReport(t, res.Document), dir)
		var b bytes.Buffer
		require.NoError(t, format.Lookup("json")(&b, &format.Input{Document: res.Document}))
		require.Contains(t, b.String(), report.Schema)
	}
}

// Every member of the document is described.
func TestTheSchemaKnowsEveryMember(t *testing.T) {
	data, err := os.ReadFile(reportSchema)
	require.NoError(t, err)
	seen := map[reflect.Type]bool{}
	var visit func(typ reflect.Type)
	visit = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] {
			return
		}
		seen[typ] = true
		for i := range typ.NumField() {
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			require.Contains(t, string(data), `"`+name+`": {`, "%s of %s", name, typ.Name())
			visit(typ.Field(i).Type)
		}
	}
	visit(reflect.TypeFor[report.Document]())
}
