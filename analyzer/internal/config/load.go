package config

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"
)

// FileName is the name of idemlint's own config file.
const FileName = ".idemlint.yml"

// PackageFile is the name of the config in a package that others extend.
const PackageFile = "idemlint.yml"

// MaxSize is the size in bytes that a config file may have.
const MaxSize = 1 << 20

// maxExtends bounds how long a chain of configs may be that extend each other.
const maxExtends = 8

// Options is what reading a config needs to know.
type Options struct {
	// Rules are the names of the rules there are.
	Rules []string
	// Now decides which dates have passed, in UTC; the zero time stands for
	// the present.
	Now time.Time
	// PackageDir returns the folder of a package in the build list, by its
	// import path. Nil when there is no build list, and then a config that
	// extends a package is an error.
	PackageDir func(importPath string) (string, error)
}

// today returns the day on which the config is read.
func (o Options) today() Date {
	now := o.Now
	if now.IsZero() {
		now = time.Now()
	}
	return Date(now.UTC().Format(time.DateOnly))
}

// LoadFor reads the config that Find finds for a folder, or returns the
// default when there is none.
func LoadFor(dir string, o Options) (*Config, error) {
	path, err := Find(dir)
	if err != nil {
		return nil, err
	}
	if path != "" {
		return Load(path, o)
	}
	base, err := baseDir(dir)
	if err != nil {
		return nil, err
	}
	c := Default(base)
	c.ready(o.today())
	return c, nil
}

// Load reads a config with all that it extends. From a golangci-lint file
// (named .golangci.yml, .yaml or .json) it reads idemlint's settings. Bad
// content gives Problems.
func Load(path string, o Options) (*Config, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, data, o)
}

// Parse is Load for the content of a file, which need not exist. Relative
// paths start at the folder of path.
func Parse(path string, data []byte, o Options) (*Config, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	root, problems := parse(path, data)
	if problems != nil {
		return nil, problems
	}
	if isGolangci(path) {
		root = golangciSettings(root)
	}
	l := &loader{Options: o}
	return l.load(root, source{file: path, path: abs, dir: filepath.Dir(abs)})
}

// FromSettings makes a config of the settings that golangci-lint hands to its
// plugin: maps with the keys of the file. Relative paths start at the nearest
// folder, at or above dir, that holds a config, go.work or go.mod. Empty
// settings stand for the file that LoadFor reads; settings beside a
// .idemlint.yml are an error, since only one of them could apply.
func FromSettings(settings any, dir string, o Options) (*Config, error) {
	const name = "idemlint settings of golangci-lint"
	root, problems := settingsNode(name, settings)
	if problems != nil {
		return nil, problems
	}
	if isNull(root) || root.Kind == yaml.MappingNode && len(root.Content) == 0 {
		return LoadFor(dir, o)
	}
	if own, _, err := findBoth(dir); err != nil {
		return nil, err
	} else if own != "" {
		return nil, bothError(own, name)
	}
	base, err := baseDir(dir)
	if err != nil {
		return nil, err
	}
	l := &loader{Options: o}
	return l.load(root, source{file: name, dir: base})
}

// source is where a config comes from.
type source struct {
	file   string // for positions
	path   string // absolute; "" when it is not read from a file
	via    string // import path of the package it was read from, if any
	viaDir string // that package's folder
	dir    string // absolute folder at which its relative paths start
}

// loader reads a config and what it extends.
type loader struct {
	Options
	reading []string        // paths that are being read, outermost first
	applied map[string]bool // paths that were applied: one that two others extend counts once
}

// load turns a root node into a ready config.
func (l *loader) load(root *yaml.Node, s source) (*Config, error) {
	c := Default(s.dir)
	c.File = s.path
	l.applied = map[string]bool{}
	l.reading = []string{s.path}
	if err := l.apply(c, root, s); err != nil {
		return nil, err
	}
	c.ready(l.today())
	return c, nil
}

// apply merges what a file extends, and then the file itself, into c.
func (l *loader) apply(c *Config, root *yaml.Node, s source) error {
	own, problems := decodeLayer(root, s.file, l.Rules)
	if len(l.reading) > 1 {
		problems = append(problems, notInherited(own)...)
	}
	if err := problems.asError(); err != nil {
		return err
	}
	for _, refs := range [][]Ref{own.config.Models, own.config.Extends} {
		for i := range refs {
			refs[i].Dir, refs[i].Via, refs[i].viaDir = s.dir, s.via, s.viaDir
		}
	}
	for _, ref := range own.config.Extends {
		if err := l.extend(c, ref); err != nil {
			return err
		}
	}
	for i := range own.config.Endpoints {
		own.config.Endpoints[i].Inherited = len(l.reading) > 1
	}
	merge(c, own)
	return nil
}

// notInherited finds the keys that make no sense in a config that others
// extend.
func notInherited(l layer) Problems {
	var problems Problems
	for _, key := range []string{"index", "baseline"} {
		if l.has(key) {
			problems = append(problems, Problem{l.given[key],
				key + ": the key cannot be inherited; write it into the config that extends this one"})
		}
	}
	return problems
}

// extend applies the config that ref names to c.
func (l *loader) extend(c *Config, ref Ref) error {
	fail := func(format string, args ...any) error {
		return Problems{{ref.Pos, "extends: " + fmt.Sprintf(format, args...)}}
	}
	s := source{path: ref.Path(), via: ref.Via, viaDir: ref.viaDir}
	if !ref.IsFile() {
		if l.PackageDir == nil {
			return fail("package %s cannot be looked up here; extend a file", ref.Name)
		}
		dir, err := l.PackageDir(ref.Name)
		if err != nil {
			return fail("package %s was not found (%v); require its module in go.mod", ref.Name, err)
		}
		s = source{path: filepath.Join(dir, PackageFile), via: ref.Name, viaDir: dir}
	}
	s.file, s.dir = s.path, filepath.Dir(s.path)
	if slices.Contains(l.reading, s.path) {
		return fail("%s extends itself; remove one of the links", ref.Name)
	}
	if len(l.reading) > maxExtends {
		return fail("more than %d configs extend each other; make the chain shorter", maxExtends)
	}
	if l.applied[s.path] {
		return nil
	}
	l.applied[s.path] = true
	data, err := readFile(s.path)
	if err != nil {
		return fail("%v", err)
	}
	root, problems := parse(s.file, data)
	if problems != nil {
		return problems
	}
	l.reading = append(l.reading, s.path)
	defer func() { l.reading = l.reading[:len(l.reading)-1] }()
	return l.apply(c, root, s)
}

// merge lets what a layer gives win over c, or adds it where lists grow.
func merge(c *Config, l layer) {
	from := l.config
	maps.Copy(c.Rules, from.Rules)
	c.Models = append(c.Models, from.Models...)
	c.Extends = append(c.Extends, from.Extends...)
	c.Keys = append(c.Keys, from.Keys...)
	c.Endpoints = append(c.Endpoints, from.Endpoints...)
	for key, set := range map[string]func(){
		"rule-set":           func() { c.RuleSet = from.RuleSet },
		"strict":             func() { c.Strict = from.Strict },
		"index":              func() { c.Index = from.Index },
		"baseline":           func() { c.Baseline = from.Baseline },
		"first-party":        func() { c.FirstParty = from.FirstParty },
		"open-router":        func() { c.OpenRouter = from.OpenRouter },
		"exclude-mains":      func() { c.ExcludeMains = from.ExcludeMains },
		"guard.package":      func() { c.Guard.Package = from.Guard.Package },
		"guard.wrap":         func() { c.Guard.Wrap = from.Guard.Wrap },
		"guard.interceptor":  func() { c.Guard.Interceptor = from.Guard.Interceptor },
		"guard.key-header":   func() { c.Guard.KeyHeader = from.Guard.KeyHeader },
		"guard.ttl":          func() { c.Guard.TTL = from.Guard.TTL },
		"no-expiry.constant": func() { c.NoExpiry.Constant = from.NoExpiry.Constant },
		"require-keys-from":  func() { c.RequireKeysFrom = from.RequireKeysFrom },
	} {
		if l.has(key) {
			set()
		}
	}
}

// readFile reads a regular file of bounded size.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file; give the path of a config", path)
	}
	data, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxSize {
		return nil, fmt.Errorf("%s: the file is larger than %d bytes; make it smaller", path, MaxSize)
	}
	return data, nil
}

// isGolangci says whether a file is golangci-lint's config, by its name.
func isGolangci(path string) bool {
	return slices.Contains(golangciNames, filepath.Base(path))
}

// golangciSettings returns the node of idemlint's settings in the root node of
// a golangci-lint config, or nil.
func golangciSettings(root *yaml.Node) *yaml.Node {
	n := root
	for _, key := range []string{"linters", "settings", "custom", "idemlint", "settings"} {
		if n = child(n, key); n == nil {
			return nil
		}
	}
	return n
}

// child returns the value of a key, or nil.
func child(n *yaml.Node, key string) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// bothError says that settings stand in two places.
func bothError(own, other string) error {
	return fmt.Errorf("%s and %s both hold idemlint's settings; keep one of them", own, other)
}

// exists says whether a path is there and is not a folder.
func exists(path string) (bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil && !info.IsDir(), err
}
