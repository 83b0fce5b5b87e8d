package analyzer

import (
	"bytes"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/fix"
	"github.com/idemlint/idemlint/analyzer/internal/scaffold"
)

// wire plans the call of Use in the file that the setup names, or says what to
// write.
func (p *planner) wire(pkg, name string, store scaffold.Part) error {
	line := fmt.Sprintf("%s.Use(%s.%s(%s))", name, name, store.Make, example(store))
	if p.setup.Wire == "" {
		p.plan.Next = append(p.plan.Next, "call "+line+" before requests are served; until then guarded requests with a key get 503 (init -wire FILE writes the call)")
		return nil
	}
	file := p.setup.Wire
	if !filepath.IsAbs(file) {
		file = filepath.Join(p.opts.Dir, file)
	}
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	for _, lp := range p.prog.Packages {
		for i, f := range lp.Files {
			if lp.FileNames[i] != file {
				continue
			}
			rel, err := filepath.Rel(p.mod.Dir, file)
			if err != nil || strings.HasPrefix(rel, "..") {
				return fmt.Errorf("-wire %s: the file is not in the module", p.setup.Wire)
			}
			own, info := p.prog.Recheck(lp)
			src := &fix.Source{Fset: p.prog.Fset, File: f, Name: filepath.ToSlash(rel), Pkg: own, Info: info}
			return p.wireIn(src, types.NewPackage(pkg, name), store, line)
		}
	}
	return fmt.Errorf("-wire %s: there is no such file among the module's packages", p.setup.Wire)
}

// wireIn plans the call in a file, behind the first thing there that the store
// can be made from.
func (p *planner) wireIn(src *fix.Source, pkg *types.Package, store scaffold.Part, line string) error {
	edits := fix.Use(src, pkg, store.Make, func(t types.Type) bool { return makes(t, store.Name) })
	if edits == nil {
		return fmt.Errorf("-wire %s: nothing there is a %s; write %s yourself", p.setup.Wire, example(store), line)
	}
	name := filepath.Join(p.mod.Dir, filepath.FromSlash(src.Name))
	old, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	data, err := fix.Apply(old, edits)
	if err != nil {
		return err
	}
	if bytes.Equal(old, data) {
		return nil
	}
	p.plan.Files = append(p.plan.Files, SetupFile{Name: src.Name, Data: data, Edit: true})
	return nil
}

// example is what a store is made from, in words.
func example(store scaffold.Part) string {
	switch store.Name {
	case "redis":
		return "rdb"
	case "dynamodb":
		return "client"
	case "memory":
		return ""
	}
	return "db"
}

// makes reports whether a store can be made from a value of a type.
func makes(t types.Type, store string) bool {
	switch store {
	case "memory":
		return false
	case "redis":
		return fromPackage(t, "github.com/redis/go-redis/v9") && has(t, "SetNX") && has(t, "Eval")
	case "dynamodb":
		return fromPackage(t, "github.com/aws/aws-sdk-go-v2/service/dynamodb") && has(t, "PutItem")
	}
	return has(t, "ExecContext") && has(t, "QueryRowContext") && has(t, "Ping")
}

// fromPackage reports whether a named type, or what a pointer points to, is
// declared in a package.
func fromPackage(t types.Type, path string) bool {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path
}

func has(t types.Type, method string) bool {
	return types.NewMethodSet(t).Lookup(nil, method) != nil
}
