package owner

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// owners returns the owners of files of a repository with one CODEOWNERS file.
func owners(t *testing.T, place, text string, files ...string) ([]string, error) {
	t.Helper()
	root := t.TempDir()
	name := filepath.Join(root, filepath.FromSlash(place))
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
	require.NoError(t, os.MkdirAll(filepath.Join(root, ".git"), 0o755))
	require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
	module := filepath.Join(root, "svc")
	o, err := Read(module)
	var got []string
	for _, f := range files {
		got = append(got, o.Of(filepath.Join(module, f)))
	}
	return got, err
}

func TestTheLastMatchOwns(t *testing.T) {
	got, err := owners(t, ".github/CODEOWNERS", "* @all\n/svc/pay/ @pay pay@example.com # money\n/svc/gen/\n",
		"main.go", "pay/pay.go", "gen/a.go", "../../out.go")
	require.NoError(t, err)
	require.Equal(t, []string{"@all", "@pay pay@example.com", "", ""}, got)
}

func TestSectionsOfGitLab(t *testing.T) {
	got, err := owners(t, ".gitlab/CODEOWNERS", "[Pay][2] @x\n*.go @group/sub/team @@developer\n^[Docs]\n/docs/ @d\n", "main.go")
	require.NoError(t, err)
	require.Equal(t, []string{"@group/sub/team @@developer"}, got)
}

func TestWithoutFile(t *testing.T) {
	got, err := owners(t, "OTHER", "", "main.go")
	require.NoError(t, err)
	require.Equal(t, []string{""}, got)
}

func TestBrokenFile(t *testing.T) {
	_, err := owners(t, "CODEOWNERS", "ok.go @a\n\\ \x00 @b\n***/a @c\n", "main.go")
	require.ErrorContains(t, err, "CODEOWNERS: ")
}
