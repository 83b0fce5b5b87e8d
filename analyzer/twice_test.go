package analyzer_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer"
)

// What is declared twice is an error of the code, and nothing that stops the
// analysis.
func TestDeclaredTwice(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range desk {
		write(t, filepath.Join(dir, name), []byte(text))
	}
	write(t, filepath.Join(dir, "once", "once.go"), []byte("package once\n\nconst C = 1\n\nvar V, W = 1, 2\n\ntype T int\n\nfunc F() int { return C }\n\nfunc (T) M() {}\n"))
	write(t, filepath.Join(dir, "once", "again.go"), []byte("package once\n\nconst C = 2\n\nvar V = 2\n\ntype T string\n\nfunc F() int { return V }\n\nfunc (T) M() {}\n\nfunc main(int) {}\n\nfunc init() int { return F() }\n"))
	res, err := analyzer.Run(t.Context(), analyzer.Options{Dir: dir})
	require.NoError(t, err)
	require.False(t, res.Document.Complete)
	require.NotEmpty(t, res.Document.Problems)
	require.Len(t, res.Document.Endpoints, 1, "of the package that compiles")
}

// The guard package does not go among the files of another one.
func TestInitKeepsOutOfOtherPackages(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range desk {
		write(t, filepath.Join(dir, name), []byte(text))
	}
	write(t, filepath.Join(dir, "internal", "idempotency", "own.go"), []byte("package idempotency\n"))
	_, err := analyzer.PlanSetup(t.Context(), analyzer.Options{Dir: dir, Patterns: []string{"./..."}}, analyzer.Setup{Store: "memory", Dir: "internal/idempotency", KeyHeader: "Idempotency-Key", TTL: 1})
	require.ErrorContains(t, err, "internal/idempotency holds a package of the module; choose another folder with -dir")
}
