package load

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPackagesAreHandedOnAfterTheirImports(t *testing.T) {
	l, err := List(context.Background(), config(write(t, twoPackages)))
	require.NoError(t, err)
	require.Equal(t, map[string]bool{"example.com/app": true, "example.com/app/internal/store": true}, l.FirstParty())
	seen := map[*Package]bool{}
	p, err := l.Load(context.Background(), func(pkg *Package) {
		for _, imp := range pkg.Imports {
			require.True(t, seen[imp], "%s before %s", imp.Path, pkg.Path)
		}
		require.NotEmpty(t, pkg.Info.Defs)
		seen[pkg] = true
	})
	require.NoError(t, err)
	require.Len(t, seen, len(p.Packages))
	for _, pkg := range p.Packages {
		require.Empty(t, pkg.Info.Defs, "what the type checker records is let go")
		again, info := p.Recheck(pkg)
		require.Equal(t, pkg.Types.Scope().Names(), again.Scope().Names())
		require.NotEmpty(t, info.Defs)
	}
}
