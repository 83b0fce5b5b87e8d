package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"go/version"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/tools/go/packages"
)

// metadata is what go list is asked for. None of it makes the go command
// compile anything; NeedTypesSizes, for one, would.
const metadata = packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps |
	packages.NeedModule | packages.NeedEmbedFiles | packages.NeedEmbedPatterns

// NoVersion says whether a version stands for none, since a folder takes the module's
// place: people write the first one, the go command the second.
func NoVersion(version string) bool {
	return version == "v0.0.0" || version == "v0.0.0-00010101000000-000000000000"
}

// graph is the import graph of the loaded packages.
type graph struct {
	nodes   []*node // imported ones before those that import them
	modules []Module
	sizes   types.Sizes
	env     goEnv
}

// node is one package of the graph. Its fields are written by the one worker
// that holds it; waits and claimed are shared.
type node struct {
	meta    *packages.Package
	imports map[string]*node // by import path as written
	pkg     *Package         // nil when it is not first-party

	claimed     atomic.Bool // it is needed, and somebody parses it
	files       []*ast.File // dropped once it is checked
	syntax      []Error     // the first of each file
	broken      []token.Position
	cgoError    *Error
	dependents  []*node // needed packages that import it
	waits       atomic.Int32
	types       *types.Package
	placeholder *types.Package // stands for the package where nothing needs it
	tolerated   []Error
}

// sortedImports returns the imported nodes without repetition, by path.
func (n *node) sortedImports() []*node {
	seen := make(map[*node]bool, len(n.imports))
	var nodes []*node
	for _, d := range n.imports {
		if !seen[d] {
			seen[d] = true
			nodes = append(nodes, d)
		}
	}
	sort.Slice(nodes, func(i, j int) bool { return nodes[i].meta.ID < nodes[j].meta.ID })
	return nodes
}

// goEnv is what the go command says about itself.
type goEnv struct {
	GOARCH, GOROOT, GOVERSION, GOMOD, GOWORK, GOMODCACHE string
}

// sizes returns those of the architecture, or the host's when the type
// checker does not know it.
func sizes(arch string) types.Sizes {
	if s := types.SizesFor("gc", arch); s != nil {
		return s
	}
	return types.SizesFor("gc", runtime.GOARCH)
}

// list asks the go command for the packages and makes their graph.
func list(ctx context.Context, cfg *Config) (*graph, error) {
	env, err := readEnv(ctx, cfg)
	if err != nil {
		return nil, err
	}
	patterns, err := cfg.patterns(ctx, env)
	if err != nil {
		return nil, err
	}
	matched, context, err := cfg.context(ctx, env, patterns)
	if err != nil {
		return nil, err
	}
	roots, err := packages.Load(cfg.packages(ctx), slices.Concat(cfg.cgoPatterns(), patterns, context)...)
	if err != nil {
		return nil, listError(err)
	}
	if matched != nil {
		roots = slices.DeleteFunc(roots, func(p *packages.Package) bool { return len(p.GoFiles) == 0 && !matched[p.ID] })
	}
	g := newGraph(cfg, env, roots, matched)
	if err := rootErrors(patterns, roots); err != nil {
		return nil, err
	}
	if err := g.tooNew(); err != nil {
		return nil, err
	}
	for _, n := range g.nodes {
		if n.pkg != nil && n.pkg.Matched {
			return g, nil
		}
	}
	return nil, fmt.Errorf("%s: %w of this module; first-party can name others", strings.Join(patterns, " "), errNoPackages)
}

// packages returns the configuration of one go list.
func (c *Config) packages(ctx context.Context) *packages.Config {
	pc := &packages.Config{Context: ctx, Mode: metadata, Dir: c.Dir, Env: c.Env}
	if c.Tags != "" {
		pc.BuildFlags = []string{"-tags=" + c.Tags}
	}
	return pc
}

// readEnv runs go env. It fails where no go command can be run.
func readEnv(ctx context.Context, cfg *Config) (goEnv, error) {
	var env goEnv
	out, err := runGo(ctx, cfg, "env", "-json", "GOARCH", "GOROOT", "GOVERSION", "GOMOD", "GOWORK", "GOMODCACHE")
	if err != nil {
		return env, err
	}
	if err := json.Unmarshal(out, &env); err != nil {
		return env, fmt.Errorf("read the output of go env: %w", err)
	}
	return env, nil
}

// runGo runs the go command; its error is what that wrote.
func runGo(ctx context.Context, cfg *Config, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = cfg.Dir, cfg.Env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if text := strings.TrimSpace(stderr.String()); err != nil && text != "" {
		return nil, errors.New(text)
	}
	if err != nil {
		return nil, fmt.Errorf("run go %s: %w", args[0], err)
	}
	return out, nil
}

// patterns returns the configured ones, or the default.
func (c *Config) patterns(ctx context.Context, env goEnv) ([]string, error) {
	switch {
	case len(c.Patterns) > 0:
		return c.Patterns, nil
	case !env.workspace():
		return []string{"./..."}, nil
	}
	return c.workspace(ctx)
}

// workspace returns the patterns of all modules of the workspace.
func (c *Config) workspace(ctx context.Context) ([]string, error) {
	out, err := runGo(ctx, c, "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return nil, err
	}
	var patterns []string
	for _, dir := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		patterns = append(patterns, filepath.Join(strings.TrimSpace(dir), "..."))
	}
	return patterns, nil
}

// context returns what to load beside the patterns, and which packages those
// name, by their IDs; nil when they are all there is.
func (c *Config) context(ctx context.Context, env goEnv, patterns []string) (matched map[string]bool, more []string, err error) {
	switch {
	case !c.Context || len(c.Patterns) == 0:
		return nil, nil, nil
	case slices.ContainsFunc(patterns, func(p string) bool { return strings.HasSuffix(p, ".go") }):
		return nil, nil, nil // the go command takes no other packages beside files
	case env.workspace():
		if more, err = c.workspace(ctx); err != nil {
			return nil, nil, err
		}
	case env.GOMOD == "" || filepath.Base(env.GOMOD) != "go.mod":
		return nil, nil, nil
	case slices.Equal(patterns, []string{"./..."}) && filepath.Dir(env.GOMOD) == c.Dir:
		return nil, nil, nil
	default:
		more = []string{filepath.Join(filepath.Dir(env.GOMOD), "...")}
	}
	pc := c.packages(ctx)
	pc.Mode = packages.NeedName | packages.NeedFiles
	roots, err := packages.Load(pc, patterns...)
	if err != nil {
		return nil, nil, listError(err)
	}
	matched = map[string]bool{}
	for _, p := range roots {
		matched[p.ID] = true
	}
	return matched, more, nil
}

// workspace says whether the go command runs in one.
func (e goEnv) workspace() bool { return e.GOWORK != "" && e.GOWORK != "off" }

// cgoImports are the packages that files made by cgo import without the
// originals doing so.
var cgoImports = []string{"runtime/cgo", "syscall"}

// cgoPatterns makes cgoImports part of the graph when cgo is to be run.
func (c *Config) cgoPatterns() []string {
	if !c.Cgo {
		return nil
	}
	return slices.Clone(cgoImports)
}

// listError takes the wrapping off an error of the go command.
func listError(err error) error {
	text := err.Error()
	if _, rest, ok := strings.Cut(text, "stderr: "); ok {
		text = rest
	}
	return errors.New(strings.TrimSpace(text))
}

// rootErrors returns an error when nothing was matched, or when a pattern
// named a package that is not there. A wildcard never matches such a package.
func rootErrors(patterns []string, roots []*packages.Package) error {
	var errs []error
	var files int
	for _, p := range roots {
		if slices.Contains(cgoImports, p.ID) {
			continue
		}
		files += len(p.GoFiles)
		if len(p.GoFiles) == 0 && len(p.Errors) > 0 {
			errs = append(errs, errors.New(p.Errors[0].Msg))
		}
	}
	if len(errs) == 0 && files == 0 {
		return fmt.Errorf("%s: %w", strings.Join(patterns, " "), errNoPackages)
	}
	return errors.Join(errs...)
}

// newGraph makes the nodes, in dependency order. Of the roots those in matched
// are what the patterns name, all of them when it is nil.
func newGraph(cfg *Config, env goEnv, roots []*packages.Package, matched map[string]bool) *graph {
	g := &graph{env: env, sizes: sizes(env.GOARCH)}
	seen := make(map[string]*node)
	var visit func(p *packages.Package) *node
	visit = func(p *packages.Package) *node {
		if n, ok := seen[p.ID]; ok {
			return n
		}
		n := &node{meta: p, imports: make(map[string]*node, len(p.Imports))}
		seen[p.ID] = nil // an import cycle loses the edge that closes it
		for _, path := range sortedKeys(p.Imports) {
			if d := visit(p.Imports[path]); d != nil {
				n.imports[path] = d
			}
		}
		seen[p.ID] = n
		if cfg.firstParty(p, env.GOROOT) {
			n.pkg = newPackage(p)
		}
		g.nodes = append(g.nodes, n)
		return n
	}
	sort.Slice(roots, func(i, j int) bool { return roots[i].ID < roots[j].ID })
	for _, p := range roots {
		if n := visit(p); n.pkg != nil && (matched == nil || matched[p.ID]) {
			n.pkg.Matched = true
		}
	}
	g.relate()
	g.modules = g.findModules()
	return g
}

// relate marks the packages that a matched one has to do with.
func (g *graph) relate() {
	reaches := map[*node]bool{} // a matched package; then also what those import that do
	for _, n := range g.nodes {
		reaches[n] = n.pkg != nil && n.pkg.Matched
		for _, d := range n.imports {
			reaches[n] = reaches[n] || reaches[d]
		}
	}
	for _, n := range slices.Backward(g.nodes) {
		if !reaches[n] {
			continue
		}
		if n.pkg != nil {
			n.pkg.Related = true
		}
		for _, d := range n.imports {
			reaches[d] = true
		}
	}
}

// newPackage takes over what the metadata says.
func newPackage(p *packages.Package) *Package {
	pkg := &Package{
		Path: p.PkgPath, Name: p.Name, Dir: p.Dir,
		FileNames:     p.GoFiles,
		EmbedPatterns: p.EmbedPatterns, EmbedFiles: p.EmbedFiles,
	}
	if p.Module != nil {
		pkg.Module, pkg.ModuleDir = p.Module.Path, p.Module.Dir
	}
	return pkg
}

// firstParty says whether p is the user's own code: of a main module, of a
// module without a version (a workspace's, or replaced by a folder), or of no
// module at all. The prefixes of the configuration take the rule's place.
// The standard library and packages that were not found never are.
func (c *Config) firstParty(p *packages.Package, goroot string) bool {
	switch {
	case len(p.GoFiles) == 0 || p.PkgPath == "unsafe":
		return false
	case c.Everything:
		return true
	case within(p.Dir, filepath.Join(goroot, "src")):
		return false
	}
	if len(c.FirstParty) > 0 {
		for _, prefix := range c.FirstParty {
			prefix = strings.TrimSuffix(prefix, "/")
			if p.PkgPath == prefix || strings.HasPrefix(p.PkgPath, prefix+"/") {
				return true
			}
		}
		return false
	}
	if m := p.Module; m != nil {
		return m.Main || m.Version == "" || NoVersion(m.Version)
	}
	return !strings.Contains(p.PkgPath, "/vendor/")
}

// within says whether dir is root or lies below it. Both are absolute.
func within(dir, root string) bool {
	return dir == root || strings.HasPrefix(dir, root+string(filepath.Separator))
}

// findModules returns the first-party modules, sorted.
func (g *graph) findModules() []Module {
	found := make(map[string]Module)
	for _, n := range g.nodes {
		if m := n.meta.Module; n.pkg != nil && m != nil {
			found[m.Path] = Module{Path: m.Path, Dir: m.Dir, GoVersion: m.GoVersion}
		}
	}
	var modules []Module
	for _, path := range sortedKeys(found) {
		modules = append(modules, found[path])
	}
	return modules
}

// tooNew returns an error when a module is written in a Go that the type
// checker built into this program does not know.
func (g *graph) tooNew() error {
	built := version.Lang(runtime.Version())
	for _, m := range g.modules {
		if needs := version.Lang("go" + m.GoVersion); newer(needs, built) {
			return fmt.Errorf("built with %s, module %s needs %s: rebuild idemlint with that version", built, m.Path, needs)
		}
	}
	return nil
}

// toolchainHint explains type errors that come from a standard library newer
// than the type checker; empty when it is not.
func (g *graph) toolchainHint() string {
	built, lib := version.Lang(runtime.Version()), version.Lang(g.env.GOVERSION)
	if !newer(lib, built) {
		return ""
	}
	return fmt.Sprintf("built with %s, the standard library is of %s: rebuild idemlint with that version", built, lib)
}

// newer compares two language versions; one that is unknown is not newer.
func newer(a, b string) bool {
	return version.IsValid(a) && version.IsValid(b) && version.Compare(a, b) > 0
}

// listErrors returns what the go command said about a package.
func (n *node) listErrors(dir string) []Error {
	var errs []Error
	if n.cgoError != nil {
		errs = append(errs, *n.cgoError)
	}
	for _, e := range n.meta.Errors {
		err := Error{Msg: e.Msg, Package: n.meta.PkgPath}
		err.Pos.Filename, err.Pos.Line, err.Pos.Column = splitPosition(e.Pos)
		if err.Pos.Filename != "" && !filepath.IsAbs(err.Pos.Filename) {
			err.Pos.Filename = filepath.Join(dir, err.Pos.Filename)
		}
		errs = append(errs, err)
	}
	return errs
}

// splitPosition reads the go command's file:line:column, of which the numbers
// may be missing; "-" is no position.
func splitPosition(s string) (file string, line, column int) {
	if s == "-" {
		return "", 0, 0
	}
	var numbers []int
	for len(numbers) < 2 {
		i := strings.LastIndexByte(s, ':')
		if i < 0 {
			break
		}
		number, err := strconv.Atoi(s[i+1:])
		if err != nil {
			break
		}
		numbers, s = append(numbers, number), s[:i]
	}
	switch len(numbers) {
	case 2:
		return s, numbers[1], numbers[0]
	case 1:
		return s, numbers[0], 0
	}
	return s, 0, 0
}

// sortedKeys returns the keys of m, sorted.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
