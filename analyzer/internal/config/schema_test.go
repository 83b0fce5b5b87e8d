package config

import (
	"encoding"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// schemaNode is what the test reads of a JSON Schema.
type schemaNode struct {
	Description          string                 `json:"description"`
	Properties           map[string]*schemaNode `json:"properties"`
	AdditionalProperties json.RawMessage        `json:"additionalProperties"`
	Items                *schemaNode            `json:"items"`
	Enum                 []any                  `json:"enum"`
	Ref                  string                 `json:"$ref"`
	Defs                 map[string]any         `json:"$defs"`
	Schema               string                 `json:"$schema"`
}

// readSchema reads the published schema.
func readSchema(t *testing.T) *schemaNode {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "idemlint.schema.json"))
	require.NoError(t, err)
	var root schemaNode
	require.NoError(t, json.Unmarshal(data, &root))
	return &root
}

// keysOfSchema lists the paths of all keys; an item of a list is [].
func keysOfSchema(n *schemaNode, path string, found *[]string) {
	for key, child := range n.Properties {
		p := join(path, key)
		*found = append(*found, p)
		keysOfSchema(child, p, found)
		if child.Items != nil {
			keysOfSchema(child.Items, p+"[]", found)
		}
	}
}

// keysOfType lists the same of a struct type.
func keysOfType(typ reflect.Type, path string, found *[]string) {
	for i := range typ.NumField() {
		f := typ.Field(i)
		tag := f.Tag.Get("yaml")
		if tag == "" || tag == "-" {
			continue
		}
		p := join(path, tag)
		*found = append(*found, p)
		inner := f.Type
		if inner.Kind() == reflect.Slice {
			inner, p = inner.Elem(), p+"[]"
		}
		_, isText := reflect.New(inner).Interface().(encoding.TextUnmarshaler)
		if inner.Kind() == reflect.Struct && !isText {
			keysOfType(inner, p, found)
		}
	}
}

func TestSchemaHasTheKeysOfTheConfig(t *testing.T) {
	var schema, config []string
	keysOfSchema(readSchema(t), "", &schema)
	keysOfType(reflect.TypeFor[Config](), "", &config)
	slices.Sort(schema)
	slices.Sort(config)
	require.Equal(t, config, schema)
	require.Contains(t, config, "endpoints[].match.route")
}

// TestSchemaIsStrict asserts that every object refuses unknown keys, every key
// is described, and every reference leads somewhere.
func TestSchemaIsStrict(t *testing.T) {
	root := readSchema(t)
	require.Equal(t, "https://json-schema.org/draft/2020-12/schema", root.Schema)
	var visit func(n *schemaNode, path string)
	visit = func(n *schemaNode, path string) {
		if n.Properties != nil {
			require.Equal(t, "false", string(n.AdditionalProperties), path)
		}
		if n.Ref != "" {
			require.Contains(t, root.Defs, strings.TrimPrefix(n.Ref, "#/$defs/"), path)
		}
		for key, child := range n.Properties {
			require.NotEmpty(t, child.Description, join(path, key))
			visit(child, join(path, key))
		}
		if n.Items != nil {
			visit(n.Items, path+"[]")
		}
	}
	visit(root, "")
}

// TestSchemaEnums asserts that the words which the schema offers are those
// that the config takes.
func TestSchemaEnums(t *testing.T) {
	root := readSchema(t)
	for path, v := range map[string]encoding.TextUnmarshaler{
		"open-router": new(OpenRouter),
		"protocol":    new(Protocol),
		"require":     new(Require),
	} {
		n := root.Properties[path]
		if n == nil {
			entry := root.Properties["endpoints"].Items
			n = entry.Properties[path]
			if n == nil {
				n = entry.Properties["match"].Properties[path]
			}
		}
		require.NotEmpty(t, n.Enum, path)
		for _, word := range n.Enum {
			require.NoError(t, v.UnmarshalText([]byte(word.(string))), path)
		}
		err := v.UnmarshalText([]byte("?"))
		for _, word := range n.Enum {
			require.ErrorContains(t, err, word.(string), "%s: the config knows the word", path)
		}
		_, list, _ := strings.Cut(err.Error(), "; write ")
		require.Len(t, strings.FieldsFunc(strings.ReplaceAll(list, " or ", ","), func(r rune) bool { return r == ',' }), len(n.Enum), path)
	}
}
