package analyzer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/idemlint/idemlint/analyzer/internal/config"
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/internal/rule"
	"github.com/idemlint/idemlint/analyzer/internal/scaffold"
	"github.com/idemlint/idemlint/analyzer/report"
	"golang.org/x/mod/modfile"
)

// Setup says how a module is to be set up. Empty fields are chosen by what
// the module uses.
type Setup struct {
	Store     string        // sql, redis, dynamodb or memory
	Dialect   string        // of sql: postgres, mysql or sqlite
	KeyHeader string        // where callers send the key
	TTL       time.Duration // how long responses are kept
	Dir       string        // folder of the guard package, relative to the module's root
	Wire      string        // file that gets the call of Use; empty for none
}

// SetupPlan is what setting up a module would write, and what to say about it.
type SetupPlan struct {
	Root  string // the module's folder
	Files []SetupFile
	Found []string // what the module has, one sentence each
	Next  []string // what is left to do, one sentence each

	Problems []report.Problem // what keeps packages from compiling before
}

// SetupFile is a file to write. It must not exist, unless Edit is set.
type SetupFile struct {
	Name string // relative to the module's root, with slashes
	Data []byte
	Edit bool // the file is there, and this is its text with a line added
}

// PlanSetup looks at a module and plans its config and, where it has none, its
// guard package. It writes nothing.
func PlanSetup(ctx context.Context, opts Options, s Setup) (*SetupPlan, error) {
	e, err := newEngine(ctx, opts)
	if err != nil {
		return nil, err
	}
	p := &planner{engine: e, setup: s, plan: &SetupPlan{}}
	if err := p.module(opts.Dir); err != nil {
		return nil, err
	}
	if err := p.sound(); err != nil {
		return nil, err
	}
	return p.plan, p.run()
}

// sound notes the packages that do not compile; it fails when none does. The
// others can be repaired all the same.
func (p *planner) sound() error {
	var broken []string
	all := 0
	for _, pkg := range p.prog.Packages {
		if pkg.Module != p.mod.Path {
			continue
		}
		if all++; pkg.IllTyped || len(pkg.Errors) > 0 {
			broken = append(broken, pkg.Path)
		}
	}
	if len(broken) == all && len(p.problems) > 0 {
		return fmt.Errorf("init needs packages that compile: %w", p.problems[0])
	}
	for _, e := range p.problems {
		p.plan.Problems = append(p.plan.Problems, p.problem(e))
	}
	if len(broken) > 0 {
		slices.Sort(broken)
		p.plan.Found = append(p.plan.Found, "packages that do not compile, which get no fixes: "+strings.Join(broken, ", "))
	}
	return nil
}

type planner struct {
	*engine
	setup   Setup
	plan    *SetupPlan
	mod     load.Module
	imports map[string]bool // of the module's packages
}

// module finds the module that a folder is in.
func (p *planner) module(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	for _, m := range p.prog.Modules {
		if (dir == m.Dir || strings.HasPrefix(dir, m.Dir+string(filepath.Separator))) && len(m.Dir) > len(p.mod.Dir) {
			p.mod = m
		}
	}
	if p.mod.Dir == "" {
		return errors.New("this is about one module; run it in the module's folder")
	}
	p.plan.Root = p.mod.Dir
	p.imports = map[string]bool{}
	for _, pkg := range p.prog.Packages {
		if pkg.Module != p.mod.Path {
			continue
		}
		for _, imp := range pkg.Types.Imports() {
			p.imports[imp.Path()] = true
		}
	}
	return nil
}

func (p *planner) run() (err error) {
	if p.cfg.Guard.Package != "" {
		return fmt.Errorf("%s already names a guard, %s; nothing to set up", filepath.Base(p.cfg.File), p.cfg.Guard.Package)
	}
	guards := p.guards()
	for _, g := range guards {
		p.plan.Found = append(p.plan.Found, "existing guard: "+g)
	}
	frameworks := p.frameworks()
	p.plan.Found = append(p.plan.Found, "frameworks: "+orNone(frameworks))
	pkg := ""
	if len(guards) > 0 && p.setup.Store == "" {
		p.plan.Next = append(p.plan.Next, "fixes repeat a guard beside a route that has it; to have a package as well, name its store: idemlint init -store sql")
	} else if pkg, err = p.scaffold(frameworks); err != nil {
		return err
	}
	if err := p.config(pkg, len(guards) > 0); err != nil {
		return err
	}
	p.plan.Next = append(p.plan.Next, "idemlint -diff shows the fixes, idemlint -fix applies them")
	sort.SliceStable(p.plan.Files, func(i, j int) bool { return p.plan.Files[i].Name < p.plan.Files[j].Name })
	return nil
}

// guards names the functions in front of handlers that claim keys.
func (p *planner) guards() []string {
	var out []string
	for i := range p.judged {
		j := &p.judged[i]
		if j.verdict.Protection == report.ProtectionNone || len(j.verdict.Claims) == 0 || j.endpoint.Handler == nil {
			continue
		}
		if name := inFront(j.verdict, j.endpoint.Handler.Sym); name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// inFront is the function that claims in front of a handler: the last one on
// the way to both the claim and what it guards. It is "" when the handler
// comes before the claim.
func inFront(v *guard.Verdict, handler string) string {
	if len(v.Guarded) == 0 {
		return ""
	}
	guarded, name := v.Guarded[0].Path, ""
	for i, c := range v.Claims[0].Path {
		if i >= len(guarded) || guarded[i].Frame.Fn != c.Frame.Fn {
			break
		}
		switch {
		case c.Frame.Fn == nil: // the router
		case c.Frame.Fn.Sym == handler:
			return ""
		default:
			name = rule.FuncName(c.Frame.Fn)
		}
	}
	return name
}

// frameworks lists the frameworks of the endpoints that may act twice, and
// those of their kin.
func (p *planner) frameworks() []string {
	found := map[string]bool{}
	for i := range p.judged {
		e := p.judged[i].endpoint
		if e.Site.Fn.Unit.Module != p.mod.Path {
			continue
		}
		switch e.Method {
		case "GET", "HEAD", "OPTIONS", "TRACE":
			continue
		}
		name := e.Framework
		if _, ok := scaffold.Adapter(name); !ok {
			switch e.Protocol {
			case "http":
				name = "net/http"
			case "event":
				name = "events"
			default:
				continue
			}
		}
		found[name] = true
	}
	var out []string
	for name := range found {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// scaffold plans the guard package and gives its import path.
func (p *planner) scaffold(frameworks []string) (string, error) {
	store, err := p.store()
	if err != nil {
		return "", err
	}
	parts := []scaffold.Part{store}
	for _, name := range frameworks {
		part, _ := scaffold.Adapter(name)
		if missing := p.missing(part); missing != "" {
			p.plan.Found = append(p.plan.Found, fmt.Sprintf("no adapter for %s: go.mod does not require %s", name, missing))
			continue
		}
		parts = append(parts, part)
	}
	dir := path.Clean(filepath.ToSlash(p.setup.Dir))
	name := path.Base(dir)
	if path.IsAbs(dir) || strings.HasPrefix(dir, "..") || !validName(name) {
		return "", fmt.Errorf("-dir %s: must be a folder below the module's root whose name is a package name", p.setup.Dir)
	}
	for _, have := range p.prog.Packages {
		if have.Path == path.Join(p.mod.Path, dir) {
			return "", fmt.Errorf("%s holds a package of the module; choose another folder with -dir, or name a guard that the module has in .idemlint.yml (guard: package:)", dir)
		}
	}
	files, err := scaffold.Files(scaffold.Options{Package: name, KeyHeader: p.setup.KeyHeader, TTL: p.setup.TTL, GoVersion: p.mod.GoVersion, Lacks: p.lacks}, parts...)
	if err != nil {
		return "", err
	}
	for _, f := range files {
		p.plan.Files = append(p.plan.Files, SetupFile{Name: path.Join(dir, f.Name), Data: f.Data})
	}
	p.plan.Found = append(p.plan.Found, "store: "+store.Name)
	if schema := schemaOf(files); schema != "" {
		p.plan.Next = append(p.plan.Next, "run the statement in "+path.Join(dir, schema)+" as a migration")
	}
	pkg := path.Join(p.mod.Path, dir)
	return pkg, p.wire(pkg, name, store)
}

func schemaOf(files []scaffold.File) string {
	for _, f := range files {
		if strings.HasSuffix(f.Name, ".sql") {
			return f.Name
		}
	}
	return ""
}

// validName reports whether a folder's name can be a package's.
func validName(name string) bool {
	for i, r := range name {
		if r != '_' && (r < 'a' || r > 'z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != "" && name != "main" && name != "internal"
}

// missing is a package of another module that a part needs and the module
// neither uses nor requires.
func (p *planner) missing(part scaffold.Part) string {
	for _, imp := range part.Imports {
		if !p.imports[imp] && !p.usesBelow(imp) && !p.requires(imp) {
			return imp
		}
	}
	return ""
}

// requires reports whether the module's go.mod names a package's module. What is
// vendored has only the packages that are used.
func (p *planner) requires(imp string) bool {
	if _, err := os.Stat(filepath.Join(p.mod.Dir, "vendor", "modules.txt")); err == nil {
		return false
	}
	name := filepath.Join(p.mod.Dir, "go.mod")
	data, err := os.ReadFile(name)
	if err != nil {
		return false
	}
	file, err := modfile.ParseLax(name, data, nil)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(file.Require, func(r *modfile.Require) bool {
		return imp == r.Mod.Path || strings.HasPrefix(imp, r.Mod.Path+"/")
	})
}

// lacks reports whether a package that the module imports has no such name: the
// module uses an older version of it.
func (p *planner) lacks(pkg, name string) bool {
	for _, own := range p.prog.Packages {
		for _, imp := range own.Types.Imports() {
			if imp.Path() == pkg {
				return imp.Scope().Lookup(name) == nil
			}
		}
	}
	return false
}

// usesBelow reports whether the module imports a package of the same module as
// the given one: its root, or another part of it.
func (p *planner) usesBelow(imp string) bool {
	for used := range p.imports {
		if strings.HasPrefix(used, imp+"/") || strings.HasPrefix(imp, used+"/") {
			return true
		}
	}
	return false
}

// dialects tells a database by the packages that talk to it.
var dialects = []struct{ dialect, pkg string }{
	{"postgres", "github.com/jackc/pgx"}, {"postgres", "github.com/lib/pq"}, {"postgres", "gorm.io/driver/postgres"},
	{"mysql", "github.com/go-sql-driver/mysql"}, {"mysql", "gorm.io/driver/mysql"},
	{"sqlite", "modernc.org/sqlite"}, {"sqlite", "github.com/mattn/go-sqlite3"}, {"sqlite", "gorm.io/driver/sqlite"},
	{"sqlite", "github.com/glebarez/sqlite"}, {"sqlite", "github.com/ncruces/go-sqlite3"},
}

// store chooses the store: the one that is asked for, else a database that
// the module talks to.
func (p *planner) store() (scaffold.Part, error) {
	name := p.setup.Store
	dialect := p.setup.Dialect
	if dialect == "" {
		for _, d := range dialects {
			if p.importsBelow(d.pkg) {
				dialect = d.dialect
				break
			}
		}
	}
	if name == "" {
		switch {
		case dialect != "" && p.importsBelow("database/sql"):
			name = "sql"
		case p.imports["github.com/redis/go-redis/v9"]:
			name = "redis"
		case p.importsBelow("github.com/aws/aws-sdk-go-v2/service/dynamodb"):
			name = "dynamodb"
		case dialect != "":
			name = "sql"
		default:
			return scaffold.Part{}, errors.New("the module uses no store that is shared by its processes; choose one with -store: sql, redis, dynamodb or memory")
		}
	}
	if name == "sql" {
		if dialect == "" {
			return scaffold.Part{}, errors.New("-store sql needs -dialect: postgres, mysql or sqlite")
		}
		name = dialect
	}
	part, ok := scaffold.Store(name)
	if !ok {
		return scaffold.Part{}, fmt.Errorf("there is no store %q", name)
	}
	if missing := p.missing(part); missing != "" {
		return scaffold.Part{}, fmt.Errorf("-store %s: go.mod does not require %s; add it with \"go get %s\" first", p.setup.Store, missing, missing)
	}
	return part, nil
}

// importsBelow reports whether the module imports a package or one below it.
func (p *planner) importsBelow(pkg string) bool {
	for used := range p.imports {
		if used == pkg || strings.HasPrefix(used, pkg+"/") {
			return true
		}
	}
	return false
}

// config plans the config file; where there is one, its lines are left to the
// user.
func (p *planner) config(pkg string, guarded bool) error {
	var lines []string
	if pkg != "" {
		lines = append(lines, "guard:", "  package: "+pkg)
		if p.setup.KeyHeader != "Idempotency-Key" {
			lines = append(lines, "  key-header: "+p.setup.KeyHeader)
		}
	}
	if guarded {
		lines = append(lines, "open-router: defer # middleware of the program guards routes of packages below it")
	}
	if p.cfg.File != "" {
		p.plan.Next = append(p.plan.Next, "add to "+filepath.Base(p.cfg.File)+":\n"+strings.Join(lines, "\n"))
		return nil
	}
	text := "# Settings of idemlint; docs/configuration.md lists all keys.\n" + strings.Join(lines, "\n") + "\n"
	p.plan.Files = append(p.plan.Files, SetupFile{Name: config.FileName, Data: []byte(text)})
	return nil
}
