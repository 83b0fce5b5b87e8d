// Package modelcheck proves the built-in model rows against the libraries
// that they describe. It is a module of its own because it requires all of
// them; its import path lies below analyzer/ so that it may use the loader.
package modelcheck

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/model/resolve"
)

// untested is what is said of a package that imports.go leaves out: nothing
// when a module in testdata/frameworks requires it, whose test proves the rows.
func untested(path string) string {
	mods, _ := filepath.Glob(filepath.Join("..", "frameworks", "*", "go.mod"))
	for _, name := range mods {
		if data, err := os.ReadFile(name); err == nil && requires(string(data), path) {
			return ""
		}
	}
	return "package " + path + " is not imported by imports.go, so its rows are untested"
}

// TestRowsResolve fails for every symbol, argument and type of a built-in row
// that the real library does not have, and for every package that imports.go
// leaves out.
func TestRowsResolve(t *testing.T) {
	files, err := model.Builtin()
	require.NoError(t, err)
	libs := load(t)
	for _, file := range files {
		t.Run(file.Library, func(t *testing.T) {
			for _, problem := range resolve.Check(libs, file, untested) {
				t.Error(problem)
			}
		})
	}
}

// TestRowsThatDoNotResolve checks the check: each row has one mistake.
func TestRowsThatDoNotResolve(t *testing.T) {
	file, err := model.Load("wrong.yml", []byte(`library: wrong
packages:
  - path: example.com/nowhere
  - path: database/sql
    shapes:
      - {id: wrong, handler: "func(*{P}.Ctx)", compose: wrap}
    services:
      - {func: Register*Thing, sig: "func(iface)", impl: arg 0, method: RPC}
    keys:
      - {on: [DB.Ping], name: index, source: header}
    makes:
      - {on: [DB.Prepare], fields: {query: arg 0}}
    effects:
      - {on: [DB.Exek], class: read}
      - {on: [Ex*, NoType.*, Rows.Zap*], class: read}
      - {on: [DB.SetMaxOpenConns], class: read, identity: arg 1}
      - {on: [DB.Query], sql: field 0 Text, entity: elem 0 Name}
      - {on: [DB.Close], class: read, identity: rest 0}
      - {on: [Stmt.Exec], sql: field recv query}
      - {on: [Open], class: read, identity: recv, entity: result 2}
      - {on: [DB.QueryRow], sql: chain NoSuchMethod 0}
      - {on: [DB.Stats], class: read, dedupe: [call recv NoSuchFunc 0]}
      - {on: [Tx.Exec], class: read, shape: ["func(string) error"]}
      - on: [Tx.Commit]
        class: read
        when:
          - {arg: recv, bits: [O_NONE], class: claim}
          - {arg: recv, call: [net/http.Nothing], class: claim}
    calls:
      - {on: [DB.SetMaxIdleConns], func: param 0 0, mode: once}
  - path: bufio
    neutrals:
      - {on: [ReadWriter.Flush]}
`))
	require.NoError(t, err)
	libs := load(t)
	require.Equal(t, []string{
		"wrong.yml:3: package example.com/nowhere is not imported by imports.go, so its rows are untested",
		"wrong.yml:6: signature names the type {P}.Ctx, which does not exist",
		"wrong.yml:8: no function of a loaded package matches Register*Thing with the signature func(iface)",
		`wrong.yml:10: "index" does not fit DB.Ping of database/sql: it gives no map or slice`,
		"wrong.yml:23: no method of the row has the shape func(string) error",
		"wrong.yml:27: database/sql has no constant O_NONE",
		"wrong.yml:28: condition names net/http.Nothing, which does not exist",
		"wrong.yml:14: database/sql has no DB.Exek; did you mean DB.Exec?",
		"wrong.yml:15: no member of database/sql matches Ex*",
		"wrong.yml:15: no member of database/sql matches NoType.*",
		"wrong.yml:15: no member of database/sql matches Rows.Zap*",
		`wrong.yml:16: "arg 1" does not fit DB.SetMaxOpenConns of database/sql: it has no such argument`,
		`wrong.yml:17: "field 0 Text" does not fit DB.Query of database/sql: the argument has no such field`,
		`wrong.yml:17: "elem 0 Name" does not fit DB.Query of database/sql: the argument is no slice of structs with that field`,
		`wrong.yml:18: "rest 0" does not fit DB.Close of database/sql: it has no such argument`,
		`wrong.yml:20: "recv" does not fit Open of database/sql: it has no receiver`,
		`wrong.yml:20: "result 2" does not fit Open of database/sql: it has fewer results`,
		`wrong.yml:21: "chain NoSuchMethod 0" does not fit DB.QueryRow of database/sql: no type has a method of that name`,
		`wrong.yml:22: "call recv NoSuchFunc 0" does not fit DB.Stats of database/sql: nothing of that name can be called`,
		`wrong.yml:30: "param 0 0" does not fit DB.SetMaxIdleConns of database/sql: the argument is no function with that parameter`,
		"wrong.yml:33: ReadWriter.Flush of bufio is declared by Writer; list Writer.Flush too",
	}, resolve.Check(libs, file, untested))
}

// requires reports whether a go.mod names a module that a package may be in.
func requires(mod, path string) bool {
	for _, line := range strings.Split(mod, "\n") {
		f := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(f) < 2 || !strings.HasPrefix(f[1], "v") || len(f) > 2 {
			continue // an indirect one, too
		}
		if folded, _ := model.Fold(f[0]); path == folded || strings.HasPrefix(path, folded+"/") {
			return true
		}
	}
	return false
}

// load type-checks the packages that imports.go names, once. The build tag keeps
// them from having to be compiled.
func load(t *testing.T) resolve.Libraries {
	t.Helper()
	libs, err := loadOnce()
	require.NoError(t, err)
	return libs
}

var loadOnce = sync.OnceValues(func() (resolve.Libraries, error) {
	libs, err := resolve.Load("", []string{"-tags=models"}, ".")
	if err == nil && len(libs) == 0 {
		err = errors.New("imports.go imports nothing")
	}
	return libs, err
})
