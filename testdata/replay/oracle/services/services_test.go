package services_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/testdata/replay/oracle/services"
)

// TestEveryModuleIsMeasured keeps a service from being forgotten: each module
// beside the oracle is in the list, and each in the list is a module with a
// main package.
func TestEveryModuleIsMeasured(t *testing.T) {
	mods, err := filepath.Glob("../../*/go.mod")
	require.NoError(t, err)
	var dirs []string
	for _, m := range mods {
		if d := filepath.Base(filepath.Dir(m)); d != "oracle" {
			dirs = append(dirs, d)
		}
	}
	var listed []string
	endpoints := 0
	for _, s := range services.All() {
		listed = append(listed, s.Module)
		endpoints += len(s.Endpoints)
		mains, err := filepath.Glob(filepath.Join("..", "..", s.Module, "cmd", "*", "main.go"))
		require.NoError(t, err)
		require.NotEmpty(t, mains, s.Module)
	}
	require.ElementsMatch(t, dirs, listed)
	require.GreaterOrEqual(t, endpoints, 120)
}

// TestEndpointsAreToldApart: no two of a module have the same name.
func TestEndpointsAreToldApart(t *testing.T) {
	for _, s := range services.All() {
		seen := map[string]bool{}
		for _, e := range s.Endpoints {
			name := e.Protocol + " " + e.Method + " " + e.Route + " " + e.Handler
			require.False(t, seen[name], "%s: %s", s.Module, name)
			seen[name] = true
		}
	}
}
