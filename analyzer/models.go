package analyzer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/config"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/model/resolve"
)

// ModelsFile is the name of the file with rows in a package that ships them.
const ModelsFile = "idemlint-models.yml"

// packageDir finds the folders of packages in the build list of a folder, with
// the go command.
func packageDir(dir string) func(importPath string) (string, error) {
	return func(importPath string) (string, error) {
		cmd := exec.Command("go", "list", "-find", "-e", "-f", "{{.Dir}}", "--", importPath) //nolint:noctx // a config is read without one
		cmd.Dir = dir
		out, err := cmd.Output()
		if err != nil {
			return "", fmt.Errorf("go list: %w", err)
		}
		found := strings.TrimSpace(string(out))
		if found == "" {
			return "", errors.New("no module of the build list has it")
		}
		return found, nil
	}
}

// modelSource is a file of rows that a config names.
type modelSource struct {
	file string // absolute
	via  string // import path of the package that ships it, "" for the team's own
	ref  config.Ref
}

// modelSources lists the files of rows that a config names, those that count
// less first: what packages ship, then the team's own.
func modelSources(cfg *config.Config) ([]modelSource, error) {
	var shipped, own []modelSource
	for _, ref := range cfg.Models {
		if ref.IsFile() {
			own = append(own, modelSource{file: ref.Path(), ref: ref})
			continue
		}
		dir, err := packageDir(cfg.Dir)(ref.Name)
		if err != nil {
			return nil, fmt.Errorf("%s: models: package %s was not found (%w); require its module in go.mod", ref.Pos, ref.Name, err)
		}
		shipped = append(shipped, modelSource{file: filepath.Join(dir, ModelsFile), via: ref.Name, ref: ref})
	}
	return append(shipped, own...), nil
}

// modelFiles are the absolute names of the files of rows that a config names.
// What is wrong with the config is said when they are loaded.
func modelFiles(cfg *config.Config) []string {
	sources, err := modelSources(cfg)
	if err != nil {
		return nil
	}
	var out []string
	for _, s := range sources {
		out = append(out, s.file)
	}
	return out
}

// load reads the rows.
func (s modelSource) load() (*model.File, error) {
	data, err := os.ReadFile(s.file)
	if err != nil {
		return nil, fmt.Errorf("%s: models: %w", s.ref.Pos, err)
	}
	return model.Load(s.file, data)
}

// loadModels joins the built-in rows with those that a config names.
func loadModels(cfg *config.Config) (*model.Index, error) {
	files, err := model.Builtin()
	if err != nil {
		return nil, err
	}
	sources, err := modelSources(cfg)
	if err != nil {
		return nil, err
	}
	files = slices.Clone(files)
	for _, s := range sources {
		f, err := s.load()
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return model.NewIndex(files...)
}

// Model is a file of rows, for lists of them.
type Model struct {
	Library string
	// From is where the rows come from: built in, the import path of a package
	// that ships them, or the name of a file.
	From     string
	Packages []string // import paths that the rows are about, major versions folded
}

// Models lists the rows in use under the config that the options name, those
// that win last.
func Models(opts Options) ([]Model, error) {
	cfg, err := loadConfig(opts)
	if err != nil {
		return nil, err
	}
	files, err := model.Builtin()
	if err != nil {
		return nil, err
	}
	var out []Model
	for _, f := range files {
		out = append(out, modelOf(f, "built in"))
	}
	sources, err := modelSources(cfg)
	if err != nil {
		return nil, err
	}
	for _, s := range sources {
		f, err := s.load()
		if err != nil {
			return nil, err
		}
		from := s.via
		if from == "" {
			from = s.ref.Name
		}
		out = append(out, modelOf(f, from))
	}
	return out, nil
}

func modelOf(f *model.File, from string) Model {
	m := Model{Library: f.Library, From: from}
	for i := range f.Packages {
		m.Packages = append(m.Packages, f.Packages[i].Path)
	}
	return m
}

// CheckModel checks a file of rows: its form, and each symbol, argument and
// type in it against the real packages, as the module of a folder sees them. It
// gives the mistakes, each with its position; an error means that nothing
// could be checked.
func CheckModel(_ context.Context, dir, name string) ([]string, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f, err := model.Load(name, data)
	if err != nil {
		return strings.Split(err.Error(), "\n"), nil
	}
	builtin, err := model.Builtin()
	if err != nil {
		return nil, err
	}
	if _, err := model.NewIndex(append(slices.Clone(builtin), f)...); err != nil {
		return strings.Split(err.Error(), "\n"), nil
	}
	patterns := []string{"./..."}
	for i := range f.Packages {
		patterns = append(patterns, f.Packages[i].Path)
	}
	libs, err := resolve.Load(dir, nil, patterns...)
	if err != nil {
		return nil, err
	}
	return resolve.Check(libs, f, func(path string) string {
		return "package " + path + " is not in the build list; require its module in go.mod, or correct the path"
	}), nil
}
