package beside

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFiles(t *testing.T) {
	t.Parallel()
	root := filepath.Join(t.TempDir(), ".hidden") // the root itself may be called anything
	for _, name := range []string{"b.sql", "a/c.sql", "a-b/d.sql", "a/c.txt", ".git/e.sql", "vendor/f.sql", "x/node_modules/g.sql", "x/testdata/h.sql"} {
		require.NoError(t, os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(root, name), nil, 0o600))
	}
	require.NoError(t, os.WriteFile(filepath.Join(root, "dump.sql"), make([]byte, MaxFile+1), 0o600))
	require.NoError(t, os.Mkdir(filepath.Join(root, "folder.sql"), 0o755))
	sql := func(name string) bool { return strings.HasSuffix(name, ".sql") }
	var got []string
	for _, name := range Files(root, 10, sql) {
		rel, err := filepath.Rel(root, name)
		require.NoError(t, err)
		got = append(got, filepath.ToSlash(rel))
	}
	require.Equal(t, []string{"a-b/d.sql", "a/c.sql", "b.sql"}, got)
	require.Len(t, Files(root, 2, sql), 2)
	require.Empty(t, Files(filepath.Join(root, "nothing"), 2, sql))
}
