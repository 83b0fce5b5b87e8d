package config

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var updatePage = flag.Bool("update-page", false, "write docs/configuration.md instead of comparing it")

// pageTypes are the structs of the config in the order of the page; the title
// says where their keys stand.
var pageTypes = []struct{ name, title string }{
	{"Config", ""},
	{"Key", "An entry of `keys`"},
	{"Entry", "An entry of `endpoints`"},
	{"Match", "`match` of an entry of `endpoints`"},
	{"Guard", "`guard`"},
	{"NoExpiry", "`no-expiry`"},
}

const pageHead = `# Configuration

idemlint needs none. Settings stand in ` + "`.idemlint.yml`" + ` in the module's folder (with go.work, in its folder),
or under idemlint's ` + "`settings`" + ` in ` + "`.golangci.yml`" + `, never in both. The nearest one, at or above the folder that
the command starts in, counts. An unknown key is an error with its line and column, and the exit status is
2. Editors complete the keys from [idemlint.schema.json](idemlint.schema.json).

This page is made from the comments in analyzer/internal/config/config.go.
`

// TestConfigurationPage holds docs/configuration.md equal to what the config's
// own comments say.
func TestConfigurationPage(t *testing.T) {
	page := pageHead + keysPage(t)
	file := filepath.Join("..", "..", "..", "docs", "configuration.md")
	if *updatePage {
		require.NoError(t, os.WriteFile(file, []byte(page), 0o644))
		return
	}
	got, err := os.ReadFile(file)
	require.NoError(t, err, "write it with: go test ./analyzer/internal/config -run Page -update-page")
	require.Equal(t, page, string(got), "write it with: go test ./analyzer/internal/config -run Page -update-page")
}

// keysPage writes down each key with its field's comment.
func keysPage(t *testing.T) string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), "config.go", nil, parser.ParseComments)
	require.NoError(t, err)
	structs := map[string]*ast.StructType{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok {
			if s, ok := spec.Type.(*ast.StructType); ok {
				structs[spec.Name.Name] = s
			}
		}
		return true
	})
	var page strings.Builder
	for _, typ := range pageTypes {
		require.NotNil(t, structs[typ.name], typ.name)
		if typ.title != "" {
			fmt.Fprintf(&page, "\n## %s\n", typ.title)
		}
		for _, f := range structs[typ.name].Fields.List {
			if f.Tag == nil {
				continue
			}
			key := reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("yaml")
			if key == "-" {
				continue
			}
			text := strings.Join(strings.Fields(f.Doc.Text()), " ")
			require.True(t, strings.HasPrefix(text, f.Names[0].Name+" "), "the comment of %s.%s starts with its name", typ.name, f.Names[0].Name)
			fmt.Fprintf(&page, "\n**`%s`** %s\n", key, strings.TrimPrefix(text, f.Names[0].Name+" "))
		}
	}
	return page.String()
}
