package format

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestExcerpt(t *testing.T) {
	dir := t.TempDir()
	src := "\ta(\"注文\")\tb\nlong " + strings.Repeat("x", 300) + "\nr\x1b[2J(\"x\")\r\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.go"), []byte(src), 0o644))
	tests := []struct{ name, pos, end, want string }{
		{"tabs and wide characters", "a.go:1:2", "a.go:1:13", "" +
			"    1 |     a(\"注文\")    b\n" +
			"      |     ^^^^^^^\n"},
		{"no end", "a.go:1:4", "", "" +
			"    1 |     a(\"注文\")    b\n" +
			"      |       ^^^^^^^^^^\n"},
		{"end on another line", "a.go:1:14", "a.go:2:3", "" +
			"    1 |     a(\"注文\")    b\n" +
			"      |                ^\n"},
		{"no column", "a.go:3", "", "" +
			"    3 | r\\x1b[2J(\"x\")\n" +
			"      | ^^^^^^^^^^^^^\n"},
		{"column behind the line", "a.go:3:99", "a.go:3:100", "" +
			"    3 | r\\x1b[2J(\"x\")\n" +
			"      |              ^\n"},
		{"long line", "a.go:2:1", "a.go:2:500", "" +
			"    2 | long " + strings.Repeat("x", 155) + "…\n" +
			"      | " + strings.Repeat("^", 160) + "\n"},
		{"beyond what is shown", "a.go:2:200", "a.go:2:201", "" +
			"    2 | long " + strings.Repeat("x", 155) + "…\n"},
		{"no such line", "a.go:9:1", "a.go:9:2", ""},
		{"no such file", "b.go:1:1", "b.go:1:2", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := &text{in: &Input{Tree: &Tree{Dir: dir}}}
			out.excerpt("", tt.pos, tt.end)
			require.Equal(t, tt.want, out.String())
		})
	}
}
