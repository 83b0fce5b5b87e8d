package config

import (
	"bytes"
	"encoding"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/idemlint/idemlint/analyzer/internal/spell"
)

// maxValues bounds how many values one file may hold, aliases counted as
// often as they are used: a small file can multiply them without end.
const maxValues = 100_000

// maxProblems bounds how many problems of one file are told.
const maxProblems = 50

// layer is one decoded file before it is merged with what it extends.
type layer struct {
	config *Config
	// given holds where each key stands that the file has, nested ones as
	// guard.ttl.
	given map[string]Position
}

// has says whether the file gives the key.
func (l layer) has(key string) bool {
	_, ok := l.given[key]
	return ok
}

// decoder turns a tree of YAML nodes into a Config, strictly, and collects
// what is wrong. The yaml package's own decoder is not used: it stops telling
// columns, and knows no near keys.
type decoder struct {
	file     string
	rules    []string // the rules there are
	given    map[string]Position
	problems Problems
	budget   int
}

// checker is implemented by structs whose keys depend on each other.
type checker interface {
	// check returns what is wrong once every key by itself is right.
	check() error
}

// positioned is implemented by values that keep where they stand.
type positioned interface{ setPos(Position) }

func (r *Ref) setPos(p Position)   { r.Pos = p }
func (k *Key) setPos(p Position)   { k.Pos = p }
func (e *Entry) setPos(p Position) { e.Pos = p }

// decodeLayer decodes a config's root node. A nil root is an empty config.
func decodeLayer(root *yaml.Node, file string, rules []string) (layer, Problems) {
	d := &decoder{file: file, rules: rules, given: map[string]Position{}, budget: maxValues}
	c := &Config{}
	if root != nil && root.ShortTag() != "!!null" {
		d.value(root, reflect.ValueOf(c).Elem(), "")
	}
	if c.Index == "false" { // what YAML 1.1 makes of off
		c.Index = IndexOff
	}
	return layer{c, d.given}, d.problems
}

// parse reads the text of one YAML document; an empty text gives nil.
func parse(file string, data []byte) (*yaml.Node, Problems) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err == nil {
		switch err = dec.Decode(&second); {
		case err == nil:
			return nil, Problems{{Position{file, second.Line, second.Column}, "a second document begins; keep one in the file"}}
		case errors.Is(err, io.EOF):
			return doc.Content[0], nil
		}
	}
	return nil, Problems{syntaxProblem(file, err)}
}

var yamlError = regexp.MustCompile(`^yaml: (?:line ([0-9]+): )?(?s)(.*)$`)

// syntaxProblem turns an error of the YAML parser into a problem.
func syntaxProblem(file string, err error) Problem {
	p := Problem{Pos: Position{File: file}, Text: err.Error()}
	if m := yamlError.FindStringSubmatch(p.Text); m != nil {
		p.Pos.Line, _ = strconv.Atoi(m[1])
		p.Text = "this is not YAML: " + m[2]
	}
	return p
}

// pos returns where a node stands.
func (d *decoder) pos(n *yaml.Node) Position {
	return Position{d.file, n.Line, n.Column}
}

// fail records a problem with the value that the path of keys leads to.
func (d *decoder) fail(n *yaml.Node, path, format string, args ...any) {
	if len(d.problems) == maxProblems {
		return
	}
	text := fmt.Sprintf(format, args...)
	if path != "" {
		text = path + ": " + text
	}
	d.problems = append(d.problems, Problem{d.pos(n), text})
}

// value decodes one node into v.
func (d *decoder) value(n *yaml.Node, v reflect.Value, path string) {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if !d.spend(n, path) {
		return
	}
	if p, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if text, ok := d.text(n, path); ok {
			if err := p.UnmarshalText([]byte(text)); err != nil {
				d.fail(n, path, "%v", err)
			}
		}
	} else {
		d.plain(n, v, path)
	}
	if p, ok := v.Addr().Interface().(positioned); ok {
		p.setPos(d.pos(n))
	}
}

// spend counts one value, or says once that there are too many.
func (d *decoder) spend(n *yaml.Node, path string) bool {
	if d.budget--; d.budget == 0 {
		d.fail(n, path, "the config holds more than %d values; make it smaller", maxValues)
	}
	return d.budget > 0
}

// plain decodes a value whose type has no text form of its own.
func (d *decoder) plain(n *yaml.Node, v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Struct:
		d.structure(n, v, path)
	case reflect.Map:
		d.rulesMap(n, v, path)
	case reflect.Slice:
		d.list(n, v, path)
	case reflect.Bool:
		if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" {
			d.fail(n, path, "%s is neither true nor false", describe(n))
			return
		}
		v.SetBool(strings.EqualFold(n.Value, "true"))
	case reflect.String:
		if text, ok := d.text(n, path); ok {
			v.SetString(text)
		}
	default:
		panic("config: no decoding for " + v.Type().String())
	}
}

// text returns the text of a scalar as it is written.
func (d *decoder) text(n *yaml.Node, path string) (string, bool) {
	text := strings.TrimSpace(n.Value)
	switch {
	case n.Kind != yaml.ScalarNode:
		d.fail(n, path, "%s stands where one word or text is wanted", describe(n))
	case text == "" || n.ShortTag() == "!!null":
		d.fail(n, path, "the value is missing; write it or remove the key")
	case n.Line == 0 && n.ShortTag() == "!!float": // 1.10 would have become 1.1
		d.fail(n, path, "%s is a number; put it in quotes", describe(n))
	default:
		return text, true
	}
	return "", false
}

// structure decodes a mapping into a struct by the yaml tags of its fields.
func (d *decoder) structure(n *yaml.Node, v reflect.Value, path string) {
	before := len(d.problems)
	names, fields := keysOf(v.Type())
	d.mapping(n, path, func(key, val *yaml.Node) {
		i, ok := fields[key.Value]
		if !ok {
			d.fail(key, path, "unknown key %q%s", key.Value, keyHint(key.Value, names))
			return
		}
		inner := join(path, key.Value)
		d.given[inner] = d.pos(key)
		d.value(val, v.Field(i), inner)
	})
	if c, ok := v.Addr().Interface().(checker); ok && len(d.problems) == before {
		if err := c.check(); err != nil {
			d.fail(n, path, "%v", err)
		}
	}
}

// rulesMap decodes the only map there is: rule names to levels.
func (d *decoder) rulesMap(n *yaml.Node, v reflect.Value, path string) {
	levels := map[string]Level{}
	d.mapping(n, path, func(key, val *yaml.Node) {
		if !slices.Contains(d.rules, key.Value) {
			hint := spell.Hint(key.Value, d.rules)
			if hint == "" {
				hint = "; `idemlint explain` lists the rules"
			}
			d.fail(key, path, "unknown rule %q%s", key.Value, hint)
			return
		}
		var l Level
		d.value(val, reflect.ValueOf(&l).Elem(), join(path, key.Value))
		levels[key.Value] = l
	})
	v.Set(reflect.ValueOf(levels))
}

// mapping calls f for each key of a mapping, once for a key that is repeated.
// A missing value is an empty mapping.
func (d *decoder) mapping(n *yaml.Node, path string, f func(key, val *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		if !isNull(n) {
			d.fail(n, path, "%s stands where keys with values are wanted", describe(n))
		}
		return
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if !d.spend(key, path) {
			return
		}
		if key.Kind != yaml.ScalarNode {
			d.fail(key, path, "%s stands where a key is wanted", describe(key))
			continue
		}
		if line, ok := lines[key.Value]; ok {
			d.fail(key, path, "key %q stands on line %d already; keep one of them", key.Value, line)
			continue
		}
		lines[key.Value] = key.Line
		f(key, n.Content[i+1])
	}
}

// list decodes a sequence. A missing value is an empty list.
func (d *decoder) list(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.SequenceNode {
		if !isNull(n) {
			d.fail(n, path, "%s stands where a list is wanted", describe(n))
		}
		return
	}
	items := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	for i, item := range n.Content {
		d.value(item, items.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
	v.Set(items)
}

// keysOf returns the keys of a struct type in order, and the fields they fill.
func keysOf(t reflect.Type) (names []string, fields map[string]int) {
	fields = map[string]int{}
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("yaml"); tag != "" && tag != "-" {
			names = append(names, tag)
			fields[tag] = i
		}
	}
	return names, fields
}

// keyHint says which key may have been meant, or which keys there are.
func keyHint(key string, names []string) string {
	if hint := spell.Hint(key, names); hint != "" {
		return hint
	}
	return "; the keys here are " + strings.Join(names, ", ")
}

// describe names a node's value in a message.
func describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case isNull(n):
		return "nothing"
	case n.Kind == yaml.AliasNode:
		return "an alias"
	}
	return strconv.Quote(n.Value)
}

// isNull says whether a node is a missing value.
func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

// join extends a path of keys.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
