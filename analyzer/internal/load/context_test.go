package load

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

const wired = `
-- go.mod --
module example.com/app

go 1.22
-- main.go --
package main

import "example.com/app/api"

func main() { api.Serve() }
-- api/api.go --
package api

import "example.com/app/store"

func Serve() { store.Get() }
-- store/store.go --
package store

func Get() {}
-- tools/tools.go --
package tools

func F() int { return "broken" }
-- only/x_test.go --
package only
`

// loaded lists the packages of a program, the matched ones with a star.
func loaded(p *Program) []string {
	var out []string
	for _, pkg := range p.Packages {
		name := pkg.Path
		if pkg.Matched {
			name += "*"
		}
		if pkg.Related {
			name += "!"
		}
		out = append(out, name)
	}
	return out
}

// What imports a package decides how it is wired, so it is loaded with it;
// what has nothing to do with it may be broken.
func TestContext(t *testing.T) {
	cfg := config(write(t, wired))
	cfg.Context = true
	load := func(patterns ...string) *Program {
		cfg.Patterns = patterns
		p, err := Load(context.Background(), cfg)
		require.NoError(t, err)
		return p
	}
	p := load("./api")
	require.Equal(t, []string{"example.com/app/store!", "example.com/app/api*!", "example.com/app!", "example.com/app/tools"}, loaded(p))
	require.Empty(t, p.Problems)
	require.Equal(t, loaded(p), loaded(load("example.com/app/api")))
	require.Len(t, load("./tools").Problems, 1)
	require.Len(t, load("./...").Problems, 1)
	require.Len(t, load("./api/api.go").Packages, 2, "files are loaded as the go command does")

	_, err := Load(context.Background(), Config{Dir: cfg.Dir, Env: cfg.Env, Context: true, Patterns: []string{"./nothere"}})
	require.ErrorContains(t, err, "nothere")
	cfg.Context = false
	require.Equal(t, []string{"example.com/app/store!", "example.com/app/api*!"}, loaded(load("./api")))
}
