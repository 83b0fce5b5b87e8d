package model

import (
	"encoding/json"
	"flag"
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

var update = flag.Bool("update", false, "rewrite docs/model.schema.json")

// words are the fields that hold one of a few words.
var words = map[string][]string{
	"Package.Protocol": protocols, "Route.Protocol": protocols, "Service.Protocol": protocols,
	"Shape.Compose": composes, "Group.Inherit": inherits, "Attach.Reach": reaches,
	"Call.Mode": modes, "Protection.Kind": guardKinds,
}

// TestJSONSchema holds docs/model.schema.json to the Go types of the rows and
// to their comments.
func TestJSONSchema(t *testing.T) {
	t.Parallel()
	g := &schemaMaker{docs: comments(t), defs: map[string]any{}}
	root := g.object(reflect.TypeFor[File]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "https://github.com/idemlint/idemlint/blob/main/docs/model.schema.json"
	root["title"] = "idemlint model rows"
	root["$defs"] = g.defs
	got, err := json.MarshalIndent(root, "", "  ")
	require.NoError(t, err)
	got = append(got, '\n')
	name := filepath.Join("..", "..", "..", "docs", "model.schema.json")
	if *update {
		require.NoError(t, os.WriteFile(name, got, 0o644))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "run this test with -update")
}

type schemaMaker struct {
	docs map[string]string // comments by Type or Type.Field
	defs map[string]any
}

func (g *schemaMaker) object(t reflect.Type) map[string]any {
	props := map[string]any{}
	for i := range t.NumField() {
		f := t.Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if key == "" || key == "-" {
			continue
		}
		p := g.typed(f.Type)
		if list := words[t.Name()+"."+f.Name]; list != nil {
			p["enum"] = list
		}
		if doc := g.docs[t.Name()+"."+f.Name]; doc != "" {
			p["description"] = doc
		}
		props[key] = p
	}
	out := map[string]any{"type": "object", "additionalProperties": false, "properties": props}
	if doc := g.docs[t.Name()]; doc != "" {
		out["description"] = doc
	}
	return out
}

func (g *schemaMaker) typed(t reflect.Type) map[string]any {
	switch t.Kind() {
	case reflect.Slice:
		return map[string]any{"type": "array", "items": g.typed(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": g.typed(t.Elem())}
	case reflect.Pointer:
		return g.typed(t.Elem())
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int:
		return map[string]any{"type": "integer"}
	case reflect.Struct:
		if _, ok := g.defs[t.Name()]; !ok {
			g.defs[t.Name()] = nil // against recursion
			g.defs[t.Name()] = g.object(t)
		}
		return map[string]any{"$ref": "#/$defs/" + t.Name()}
	}
	return map[string]any{"type": "string"}
}

// comments reads the comments of the types that rows are made of, and of their
// fields.
func comments(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, name := range []string{"schema.go", "builder.go"} {
		readComments(t, name, out)
	}
	return out
}

func readComments(t *testing.T, name string, out map[string]string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
	require.NoError(t, err)
	for _, decl := range f.Decls {
		g, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range g.Specs {
			s, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			out[s.Name.Name] = oneLine(g.Doc.Text())
			st, ok := s.Type.(*ast.StructType)
			if !ok {
				continue
			}
			for _, field := range st.Fields.List {
				for _, name := range field.Names {
					out[s.Name.Name+"."+name.Name] = oneLine(field.Doc.Text() + field.Comment.Text())
				}
			}
		}
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
