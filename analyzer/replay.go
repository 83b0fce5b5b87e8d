package analyzer

import (
	"cmp"
	"path/filepath"
	"slices"

	goanalysis "golang.org/x/tools/go/analysis"

	"github.com/idemlint/idemlint/analyzer/internal/answers"
	"github.com/idemlint/idemlint/analyzer/internal/config"
	"github.com/idemlint/idemlint/analyzer/report"
)

// Root is the folder of the workspace that a folder is in, else of its
// module, else the folder itself. An analysis of everything that belongs
// together runs there, without patterns.
func Root(dir string) (string, error) { return config.Root(dir) }

// Replay makes an analyzer that reports what a run has found, for hosts that
// run analyzers over all packages in one process. It needs syntax only, has no
// facts, and asks for the run when its first pass begins.
func Replay(run func() (*Result, error)) *goanalysis.Analyzer {
	return &goanalysis.Analyzer{
		Name: "idemlint",
		Doc:  doc,
		URL:  "https://github.com/idemlint/idemlint",
		Run: func(pass *goanalysis.Pass) (any, error) {
			res, err := run()
			if err != nil {
				return nil, err
			}
			res.replay(pass)
			return nil, nil
		},
	}
}

// replay reports the active findings that stand in the files of a pass.
func (r *Result) replay(pass *goanalysis.Pass) {
	dirs := map[string]string{}
	for _, f := range pass.Files {
		file := pass.Fset.File(f.FileStart)
		dir, base := filepath.Split(file.Name())
		if _, ok := dirs[dir]; !ok {
			dirs[dir] = realDir(dir)
		}
		for _, finding := range r.byFile[filepath.Join(dirs[dir], base)] {
			if d, ok := diagnostic(file, finding); ok {
				pass.Report(d)
			}
		}
	}
}

// realDir is a folder without symbolic links, as far as that can be told.
func realDir(dir string) string {
	if target, err := filepath.EvalSymlinks(dir); err == nil {
		return target
	}
	return filepath.Clean(dir)
}

// Digest is a digest of all active findings and of where they stand: equal for
// runs that report the same.
func (r *Result) Digest() string {
	var parts []string
	for _, f := range r.Document.Findings {
		if f.Status == report.Active {
			parts = append(parts, f.Package, f.Pos, f.End, f.Rule, f.Message)
			if f.Fix != nil {
				for _, e := range f.Fix.Edits {
					parts = append(parts, e.File, e.New)
				}
			}
		}
	}
	return hash(parts...)
}

// index keeps the active findings by the real name of their file.
func (r *Result) index(files *fileIndex) {
	r.byFile = map[string][]answers.Finding{}
	dirs := map[string]string{}
	for i := range r.Document.Findings {
		f := &r.Document.Findings[i]
		if f.Status != report.Active {
			continue
		}
		rel, _, _ := cutPos(f.Pos)
		dir, base := filepath.Split(files.absolute(f.Package, rel))
		if _, ok := dirs[dir]; !ok {
			dirs[dir] = realDir(dir)
		}
		name := filepath.Join(dirs[dir], base)
		r.byFile[name] = append(r.byFile[name], answered(f))
	}
	for _, list := range r.byFile {
		slices.SortStableFunc(list, func(a, b answers.Finding) int { return cmp.Compare(a.Line, b.Line) })
	}
}
