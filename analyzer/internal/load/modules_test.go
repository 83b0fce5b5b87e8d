package load

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const cgoModule = `
-- go.mod --
module example.com/app

go 1.22
-- a.go --
package app

// static int twice(int x) { return 2*x; }
// typedef struct { int n; } pair;
import "C"

type P struct{ p C.pair }

func Twice(x int) int { return int(C.twice(C.int(x))) }

func Sound(x int) int { return x + 1 }

func (p P) N() int { return int(p.p.n) }
-- b.go --
package app

func Calls() int { return Twice(Sound(1)) }
`

func TestCgoPackageIsReadWithoutRunningCgo(t *testing.T) {
	cfg := config(write(t, cgoModule), "CGO_ENABLED=1", "CC=/nonexistent/compiler")
	p, err := Load(context.Background(), cfg)
	require.NoError(t, err)
	require.Empty(t, p.Problems)
	require.True(t, p.Packages[0].Cgo)
	require.Equal(t, []string{"Twice", "N"}, dropped(p.Packages[0]))
	require.NotPanics(t, func() { buildSSA(p) })
}

func TestCgoIsRunWhenAsked(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("no C compiler here: ", err)
	}
	cfg := config(write(t, cgoModule), "CGO_ENABLED=1")
	cfg.Cgo = true
	p, err := Load(context.Background(), cfg)
	require.NoError(t, err)
	require.Empty(t, p.Problems)
	require.Empty(t, p.Packages[0].Dropped)
	prog := buildSSA(p)
	twice := prog.ImportedPackage("example.com/app").Func("Twice")
	require.NotNil(t, twice.Blocks)
	require.Equal(t, filepath.Join(p.Packages[0].Dir, "a.go"), p.Fset.Position(twice.Pos()).Filename)
	require.Equal(t, 9, p.Fset.Position(twice.Pos()).Line)

	cfg = config(cfg.Dir, "CGO_ENABLED=1", "CC=/nonexistent/compiler")
	cfg.Cgo = true
	p, err = Load(context.Background(), cfg)
	require.NoError(t, err)
	require.Contains(t, problems(p)[0], "/nonexistent/compiler")
}

func TestEmbed(t *testing.T) {
	p := mustLoad(t, `
-- go.mod --
module example.com/app

go 1.22
-- a/a.go --
package a

import _ "embed"

//go:embed *.sql
var query string
-- a/insert.sql --
INSERT INTO t VALUES (1)
-- b/b.go --
package b

import _ "embed"

//go:embed *.sql
var query string

func F() {}
`)
	a, b := p.Packages[0], p.Packages[1]
	require.Equal(t, []string{filepath.Join(a.Dir, "*.sql")}, a.EmbedPatterns)
	require.Equal(t, []string{filepath.Join(a.Dir, "insert.sql")}, a.EmbedFiles)
	require.False(t, b.IllTyped, "a missing file is no gap in the types")
	require.Equal(t, []string{"b.go:5:12: pattern *.sql: no matching files found"}, problems(p))
}

func TestVendorFolder(t *testing.T) {
	p := mustLoad(t, `
-- go.mod --
module example.com/app

go 1.22

require example.com/lib v1.2.3
-- main.go --
package main

import "example.com/lib"

func main() { lib.Do() }
-- vendor/modules.txt --
# example.com/lib v1.2.3
## explicit; go 1.20
example.com/lib
-- vendor/example.com/lib/lib.go --
package lib

func Do() {}
`)
	require.Empty(t, p.Problems)
	require.Equal(t, []string{"example.com/app"}, paths(p.Packages))
	require.NotNil(t, p.Packages[0].Types.Imports()[0].Scope().Lookup("Do"))
}

const workspace = `
-- go.work --
go 1.22

use (
	./one
	./two
)
-- one/go.mod --
module example.com/one

go 1.22
-- one/sub/sub.go --
package sub

import _ "example.com/two"
-- two/go.mod --
module example.com/two

go 1.21
-- two/two.go --
package two
`

func TestWorkspaceWithoutPatternsIsAllItsModules(t *testing.T) {
	dir := write(t, workspace)
	for _, from := range []string{dir, filepath.Join(dir, "two")} {
		p, err := Load(context.Background(), config(from, "GOWORK="))
		require.NoError(t, err)
		require.Equal(t, []string{"example.com/two", "example.com/one/sub"}, paths(p.Packages))
		require.True(t, p.Packages[0].Matched)
		require.Equal(t, []Module{
			{Path: "example.com/one", Dir: filepath.Join(dir, "one"), GoVersion: "1.22"},
			{Path: "example.com/two", Dir: filepath.Join(dir, "two"), GoVersion: "1.21"},
		}, p.Modules)
	}
}

func TestFirstPartyPrefixesReplaceTheRule(t *testing.T) {
	dir := write(t, `
-- go.mod --
module example.com/app

go 1.22

require (
	example.com/lib v1.0.0
	example.com/local v0.0.0-00010101000000-000000000000
	example.com/pkg v0.0.0
)

replace example.com/lib v1.0.0 => ./lib

replace example.com/local => ./local

replace example.com/pkg => ./pkg
-- main.go --
package main

import (
	_ "example.com/lib"
	_ "example.com/local"
	_ "example.com/pkg"
)

func main() {}
-- lib/go.mod --
module example.com/lib
-- lib/lib.go --
package lib
-- local/go.mod --
module example.com/local
-- local/local.go --
package local
-- pkg/go.mod --
module example.com/pkg
-- pkg/pkg.go --
package pkg
`)
	load := func(prefixes ...string) []string {
		cfg := config(dir)
		cfg.FirstParty = prefixes
		p, err := Load(context.Background(), cfg)
		require.NoError(t, err)
		return paths(p.Packages)
	}
	require.Equal(t, []string{"example.com/local", "example.com/pkg", "example.com/app"}, load())
	require.Equal(t, []string{"example.com/lib", "example.com/app"}, load("example.com/lib/", "example.com/app"))
	require.Equal(t, []string{"example.com/app"}, load("example.com/ap", "example.com/app"))
}

func TestTagsAndNamedFiles(t *testing.T) {
	dir := write(t, `
-- go.mod --
module example.com/app

go 1.22
-- a.go --
package app
-- tagged.go --
//go:build special

package app
`)
	cfg := config(dir)
	cfg.Tags = "other,special"
	p, err := Load(context.Background(), cfg)
	require.NoError(t, err)
	require.Len(t, p.Packages[0].Files, 2)

	cfg = config(dir)
	cfg.Patterns = []string{"a.go"}
	p, err = Load(context.Background(), cfg)
	require.NoError(t, err)
	require.Equal(t, "command-line-arguments", p.Packages[0].Path)
	require.Len(t, p.Packages[0].Files, 1)
}

// TestConstantsOfCgoDependency: a dependency's constants that come from C have
// a type all the same, and values that differ, so that what uses them is sound.
func TestConstantsOfCgoDependency(t *testing.T) {
	p := mustLoad(t, `-- go.mod --
module m

go 1.22

require example.com/lib v1.0.0
-- vendor/modules.txt --
# example.com/lib v1.0.0
## explicit; go 1.22
example.com/lib
-- vendor/example.com/lib/lib.go --
package lib

// enum { ANY = -1, OTHER = -2 };
import "C"

type Code int

type Partition struct{ N int32 }

const (
	Any   = int32(C.ANY)
	Other = int32(C.OTHER)

	Failed Code = C.OTHER
)
-- a.go --
package m

import "example.com/lib"

func F(n int32) (int32, lib.Code) {
	switch n {
	case lib.Any:
		return lib.Other, lib.Failed
	case lib.Other:
		return lib.Any, 0
	}
	return n, lib.Failed
}

func G() lib.Partition { return lib.Partition{N: lib.Any} }
`)
	require.Empty(t, p.Packages[0].Errors)
	require.Empty(t, dropped(p.Packages[0]))
}
