package compare

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
)

// Build builds the linter from the repository at root into dir and returns
// the binary's path.
func Build(ctx context.Context, root, dir string) (string, error) {
	bin := filepath.Join(dir, "idemlint")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", bin, "./cmd/idemlint")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the linter: %w\n%s", err, out)
	}
	return bin, nil
}

// Run runs the linter in a service's module and returns its document.
func Run(ctx context.Context, bin, dir string, args []string) (report.Document, error) {
	all := append([]string{"report", "-format", "json"}, args...)
	cmd := exec.CommandContext(ctx, bin, append(all, "./...")...)
	cmd.Dir = dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) { // 1 tells of findings
		return report.Document{}, fmt.Errorf("idemlint in %s: %w\n%.600s", dir, err, errs.String())
	}
	return Decode(out.Bytes())
}

// Decode reads a report document and refuses an unknown schema.
func Decode(raw []byte) (report.Document, error) {
	var doc report.Document
	if err := json.Unmarshal(raw, &doc); err != nil {
		return doc, fmt.Errorf("read the report: %w", err)
	}
	if doc.Schema != report.Schema {
		return doc, fmt.Errorf("the report has schema %q, want %q", doc.Schema, report.Schema)
	}
	return doc, nil
}

// Load reads saved reports, which may each cover several modules, and sorts
// their endpoints by module directory. Modules maps module paths to
// directories.
func Load(files []string, modules map[string]string) (map[string]report.Document, error) {
	docs := map[string]report.Document{}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		doc, err := Decode(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		for _, e := range doc.Endpoints {
			dir, ok := modules[e.Module]
			if !ok {
				return nil, fmt.Errorf("%s: no service has the module path %q", f, e.Module)
			}
			part := docs[dir]
			part.Schema, part.Complete = doc.Schema, doc.Complete
			part.Endpoints = append(part.Endpoints, e)
			part.Findings = doc.Findings
			docs[dir] = part
		}
	}
	return docs, nil
}

// ModulePath reads the module path of the service in dir.
func ModulePath(dir string) (string, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return "", err
	}
	for _, line := range strings.Split(string(raw), "\n") {
		if path, ok := strings.CutPrefix(line, "module "); ok {
			return strings.TrimSpace(path), nil
		}
	}
	return "", fmt.Errorf("%s: go.mod names no module", dir)
}
