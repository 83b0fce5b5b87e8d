package model

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed data/*.yml
var data embed.FS

// Bounds on a file, so that a broken one fails early. The largest built-in
// file has a tenth of each.
const (
	maxSize  = 1 << 20 // bytes
	maxDepth = 16      // nested collections
)

// Builtin gives the files that are part of idemlint, sorted by name, loaded
// once per process. An error means that the build is broken.
var Builtin = sync.OnceValues(loadBuiltin)

func loadBuiltin() ([]*File, error) {
	names, err := fs.Glob(data, "data/*.yml")
	if err != nil {
		return nil, fmt.Errorf("list the built-in models: %w", err)
	}
	slices.Sort(names)
	files := make([]*File, 0, len(names))
	for _, name := range names {
		text, err := data.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read built-in models: %w", err)
		}
		file, err := Load(name, text)
		if err != nil {
			return nil, fmt.Errorf("built-in models: %w", err)
		}
		file.builtin = true
		files = append(files, file)
	}
	return files, nil
}

// Load reads one file of rows. The name stands in front of every error and
// in the positions of rows; it is not opened. The error joins one error per
// mistake, in the order of lines, each as "name:line: what is wrong".
//
// Symbols of the result have their alternatives spelt out and every Arg
// parses.
func Load(name string, data []byte) (*File, error) {
	if len(data) > maxSize {
		return nil, fmt.Errorf("%s:1: file has %d bytes, more than %d; split it", name, len(data), maxSize)
	}
	root, err := parse(name, data)
	if err != nil {
		return nil, err
	}
	check := &checker{file: name, keys: make(map[reflect.Type]structKeys)}
	check.node(root, 0)
	if err := check.err(); err != nil {
		return nil, err
	}
	file := new(File)
	if err := root.Decode(file); err != nil {
		return nil, yamlError(name, err)
	}
	check.place(root, reflect.ValueOf(file).Elem())
	if len(check.errs) == 0 { // rows with unknown keys would be misjudged
		check.rows(file)
	}
	return file, check.err()
}

// parse gives the root mapping of the only document.
func parse(name string, data []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document, second yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%s:1: file is empty; start it with the key library", name)
	case err != nil:
		return nil, yamlError(name, err)
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		if err != nil {
			return nil, yamlError(name, err)
		}
		return nil, fmt.Errorf("%s:%d: a second document starts here; keep one per file", name, second.Line)
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s:%d: file must be a mapping with the keys library and packages", name, root.Line)
	}
	return root, nil
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): `)

// yamlError turns an error of the YAML package into file:line form.
func yamlError(name string, err error) error {
	texts := []string{err.Error()}
	if typed := new(yaml.TypeError); errors.As(err, &typed) {
		texts = texts[:0]
		texts = append(texts, typed.Errors...)
	}
	var errs []error
	for _, text := range texts {
		line := "1"
		if m := yamlLine.FindStringSubmatch(text); m != nil {
			line, text = m[1], text[len(m[0]):]
		}
		if m := yamlMismatch.FindStringSubmatch(text); m != nil {
			text = "expected " + expected(m[2]) + " instead of " + m[1]
		}
		errs = append(errs, fmt.Errorf("%s:%s: %s", name, line, strings.TrimPrefix(text, "yaml: ")))
	}
	return errors.Join(errs...)
}

var yamlMismatch = regexp.MustCompile("^cannot unmarshal !!(.+) into (.+)$")

// expected says for people what a Go type asks of YAML.
func expected(goType string) string {
	switch {
	case strings.HasPrefix(goType, "[]"), goType == "model.Symbols":
		return "a list"
	case goType == "bool":
		return "true or false"
	case goType == "int":
		return "a number"
	case goType == "string", goType == "model.Arg", goType == "model.Class":
		return "a word"
	default:
		return "a mapping"
	}
}

// checker collects what is wrong with one file.
type checker struct {
	file string
	errs []lineError
	keys map[reflect.Type]structKeys
}

type lineError struct {
	line int
	err  error
}

// add notes a mistake on a line.
func (c *checker) add(line int, format string, args ...any) {
	err := fmt.Errorf("%s:%d: "+format, append([]any{c.file, line}, args...)...)
	c.errs = append(c.errs, lineError{line, err})
}

// err joins the mistakes in the order of their lines.
func (c *checker) err() error {
	slices.SortStableFunc(c.errs, func(a, b lineError) int { return cmp.Compare(a.line, b.line) })
	var errs []error
	for _, e := range c.errs {
		errs = append(errs, e.err)
	}
	return errors.Join(errs...)
}

// node rejects what a table of rows never needs and what can blow up.
func (c *checker) node(n *yaml.Node, depth int) {
	switch {
	case depth > maxDepth:
		c.add(n.Line, "nested deeper than %d levels", maxDepth)
		return
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		c.add(n.Line, "anchors and aliases are not supported; write the value out")
		return
	}
	for _, child := range n.Content {
		c.node(child, depth+1)
	}
}

var posType = reflect.TypeFor[Pos]()

// place reports the keys of n that v, which was decoded from n, has no field
// for, and fills in the position of each row.
func (c *checker) place(n *yaml.Node, v reflect.Value) {
	switch {
	case v.Kind() == reflect.Slice && n.Kind == yaml.SequenceNode:
		for i := range min(v.Len(), len(n.Content)) {
			c.place(n.Content[i], v.Index(i))
		}
	case v.Kind() == reflect.Struct && n.Kind == yaml.MappingNode:
		c.placeStruct(n, v)
	}
}

func (c *checker) placeStruct(n *yaml.Node, v reflect.Value) {
	keys := c.keysOf(v.Type())
	if keys.pos >= 0 {
		v.Field(keys.pos).Set(reflect.ValueOf(Pos{c.file, n.Line}))
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		at := slices.Index(keys.names, key.Value)
		if at < 0 {
			c.add(key.Line, "unknown key %s; use one of %s", strconv.Quote(key.Value), strings.Join(keys.names, ", "))
			continue
		}
		c.place(n.Content[i+1], v.Field(keys.fields[at]))
	}
}

// structKeys lists the keys of a kind of mapping, in the order of the
// struct's fields, with the indexes of those fields.
type structKeys struct {
	names  []string
	fields []int
	pos    int // of the Pos field, -1 when there is none
}

func (c *checker) keysOf(t reflect.Type) structKeys {
	if keys, ok := c.keys[t]; ok {
		return keys
	}
	keys := structKeys{pos: -1}
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Type == posType {
			keys.pos = i
			continue
		}
		if name, _, _ := strings.Cut(field.Tag.Get("yaml"), ","); name != "" {
			keys.names = append(keys.names, name)
			keys.fields = append(keys.fields, i)
		}
	}
	c.keys[t] = keys
	return keys
}
