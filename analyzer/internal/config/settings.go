package config

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"
)

// maxDepth bounds how deep settings may nest; the keys need four levels.
const maxDepth = 10

// settingsNode turns decoded settings into the node tree that a file gives,
// without lines, so that both are decoded alike.
func settingsNode(file string, settings any) (*yaml.Node, Problems) {
	n, err := node(reflect.ValueOf(settings), 0)
	if err != nil {
		return nil, Problems{{Position{File: file}, err.Error()}}
	}
	return n, nil
}

// node turns one value into a node.
func node(v reflect.Value, depth int) (*yaml.Node, error) {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if depth > maxDepth {
		return nil, fmt.Errorf("the settings nest deeper than any key; see the list of keys")
	}
	switch v.Kind() {
	case reflect.Invalid:
		return scalar("!!null", ""), nil
	case reflect.Map:
		return mapNode(v, depth)
	case reflect.Slice, reflect.Array:
		n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for i := range v.Len() {
			item, err := node(v.Index(i), depth+1)
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, item)
		}
		return n, nil
	}
	return scalarNode(v)
}

// mapNode turns a map into a mapping, sorted by key.
func mapNode(v reflect.Value, depth int) (*yaml.Node, error) {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		return cmp.Compare(fmt.Sprint(a.Interface()), fmt.Sprint(b.Interface()))
	})
	for _, k := range keys {
		key, err := node(k, depth+1)
		if err != nil {
			return nil, err
		}
		value, err := node(v.MapIndex(k), depth+1)
		if err != nil {
			return nil, err
		}
		n.Content = append(n.Content, key, value)
	}
	return n, nil
}

// scalarNode turns a value without parts into a scalar.
func scalarNode(v reflect.Value) (*yaml.Node, error) {
	if t, ok := v.Interface().(time.Time); ok { // what YAML readers make of a date
		if t.Equal(t.Truncate(24 * time.Hour)) {
			return scalar("!!timestamp", t.UTC().Format(time.DateOnly)), nil
		}
		return scalar("!!timestamp", t.Format(time.RFC3339)), nil
	}
	switch v.Kind() {
	case reflect.String:
		return scalar("!!str", v.String()), nil
	case reflect.Bool:
		return scalar("!!bool", strconv.FormatBool(v.Bool())), nil
	case reflect.Float32, reflect.Float64:
		return scalar("!!float", strconv.FormatFloat(v.Float(), 'g', -1, 64)), nil
	}
	if v.CanInt() || v.CanUint() {
		return scalar("!!int", fmt.Sprint(v.Interface())), nil
	}
	return nil, fmt.Errorf("a value of type %s stands among the settings; none takes such a value", v.Type())
}

// scalar makes a scalar node.
func scalar(tag, value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value}
}
