package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/idemlint/idemlint/cmd/idemlint/internal/diff"
)

// named is a file that a flag names: in the file system, or, as REV:PATH, in a
// revision, so that a branch cannot change what it is judged by.
type named struct {
	path string // absolute; for a revision, where the file belongs
	data []byte // nil when it is to be read from path
}

// fileOrRevision reads the value of a flag that names a file or REV:PATH. A
// file that exists comes first.
func (s *settings) fileOrRevision(ctx context.Context, flag, value string) (named, error) {
	if value == "" {
		return named{}, nil
	}
	path := s.path(value)
	rev, name, ok := strings.Cut(value, ":")
	if _, err := os.Stat(path); err == nil || !ok || rev == "" || name == "" {
		return named{path: path}, nil
	}
	data, err := diff.Show(ctx, s.dir, rev, name)
	if err != nil {
		return named{}, fmt.Errorf("-%s %s: %w", flag, value, err)
	}
	dir := gitRoot(s.dir)
	if strings.HasPrefix(name, "./") || strings.HasPrefix(name, "../") {
		dir = s.dir
	}
	if data == nil {
		data = []byte{}
	}
	return named{path: filepath.Join(dir, filepath.FromSlash(name)), data: data}, nil
}
