package compare

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// breakages are ways to break the linter on purpose, to see that the
// agreement falls: replacements in its source, by file.
var breakages = map[string]map[string][][2]string{
	// Any claim in an endpoint guards every effect in it, wherever it stands.
	"dominance": {"analyzer/internal/guard/gate.go": {{
		"func (j *judge) guarded(o *Occurrence) how {\n",
		"func (j *judge) guarded(o *Occurrence) how {\n\tfor _, c := range j.v.Claims {\n\t\tif c.Event != o.Event {\n\t\t\tj.behind(o, c)\n\t\t\treturn byKey\n\t\t}\n\t}\n",
	}}},
	// A lookup counts as a sound claim.
	"get": {
		"analyzer/internal/guard/judge.go": {
			{"case o.Class == model.ClassRead:\n", "case o.Class == model.ClassRead && len(j.all) < 0:\n"},
			{"case model.ClassClaim, model.ClassInsertIgnore,", "case model.ClassRead, model.ClassClaim, model.ClassInsertIgnore,"},
		},
		"analyzer/internal/guard/defect.go": {{
			"\tfor _, c := range j.by[o] {\n",
			"\tfor _, c := range j.by[o] {\n\t\tif c.Class == model.ClassRead {\n\t\t\treturn c, nil\n\t\t}\n",
		}},
	},
}

// Breakages lists the names that BuildBroken takes.
func Breakages() []string {
	var out []string
	for name := range breakages {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// BuildBroken builds the linter from a copy of its source that is broken on
// purpose, into dir. The repository stays as it is.
func BuildBroken(ctx context.Context, root, dir, name string) (string, error) {
	files, ok := breakages[name]
	if !ok {
		return "", fmt.Errorf("there is no breakage %q, only %s", name, strings.Join(Breakages(), ", "))
	}
	src := filepath.Join(dir, "src")
	for _, part := range []string{"analyzer", "cmd"} {
		if err := os.CopyFS(filepath.Join(src, part), os.DirFS(filepath.Join(root, part))); err != nil {
			return "", err
		}
	}
	for _, f := range []string{"go.mod", "go.sum"} {
		raw, err := os.ReadFile(filepath.Join(root, f))
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(src, f), raw, 0o644); err != nil {
			return "", err
		}
	}
	for f, edits := range files {
		raw, err := os.ReadFile(filepath.Join(src, f))
		if err != nil {
			return "", err
		}
		for _, e := range edits {
			if bytes.Count(raw, []byte(e[0])) != 1 {
				return "", fmt.Errorf("break %s: %s does not hold %q once", name, f, e[0])
			}
			raw = bytes.Replace(raw, []byte(e[0]), []byte(e[1]), 1)
		}
		if err := os.WriteFile(filepath.Join(src, f), raw, 0o644); err != nil {
			return "", err
		}
	}
	return Build(ctx, src, dir)
}
