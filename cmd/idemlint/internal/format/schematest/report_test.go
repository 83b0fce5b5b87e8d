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

	"github.com/idemlint/idemlint/analyzer/report"
)

// reportSchema is the published schema of the report.
var reportSchema = filepath.Join("..", "..", "..", "..", "..", "docs", "report.schema.json")

// validateReport checks a report.
func validateReport(data []byte) error {
	schema, err := jsonschema.NewCompiler().Compile(reportSchema)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

func TestReportIsValid(t *testing.T) {
	in := input(t)
	in.Document.Findings[0].Fix = &report.Fix{Message: "wrap it", Edits: []report.Edit{{File: "a.go", Start: 1, End: 1, New: "x"}}}
	in.Document.Problems = []report.Problem{{Text: "x"}}
	in.Document.Assumptions = []report.Assumption{{Kind: report.AssumedName, Text: "x", Count: 2}}
	valid := func() error {
		data, err := json.Marshal(in.Document)
		require.NoError(t, err)
		return validateReport(data)
	}
	require.NoError(t, valid())
	in.Document.Findings[0].Severity = "grave"
	require.Error(t, valid())
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
