package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// golangciNames are the names of golangci-lint's config that can be read.
var golangciNames = []string{".golangci.yml", ".golangci.yaml", ".golangci.json"}

// golangciTOML is the name of golangci-lint's config in a language that is not
// read.
const golangciTOML = ".golangci.toml"

// misspelt is the name that people give to the config by mistake.
const misspelt = ".idemlint.yaml"

// Find returns the config that applies in a folder: the nearest .idemlint.yml
// at or above it, else the nearest golangci-lint config with settings for
// idemlint; "" when there is neither. It looks no higher than the workspace's
// folder, else the module's root, and in dir alone when that is in no module.
// Settings in both places are an error that names both.
func Find(dir string) (string, error) {
	own, golangci, err := findBoth(dir)
	switch {
	case err != nil:
		return "", err
	case own != "" && golangci != "":
		return "", bothError(own, golangci)
	case own != "":
		return own, nil
	}
	return golangci, nil
}

// findBoth returns the nearest file of each kind, "" where there is none.
func findBoth(dir string) (own, golangci string, err error) {
	dirs, err := lookupDirs(dir)
	if err != nil {
		return "", "", err
	}
	for _, d := range dirs {
		if own == "" {
			if own, err = ownConfig(d); err != nil {
				return "", "", err
			}
		}
		if golangci == "" {
			if golangci, err = golangciConfig(d); err != nil {
				return "", "", err
			}
		}
	}
	return own, golangci, nil
}

// ownConfig returns the path of .idemlint.yml in a folder, "" when there is
// none.
func ownConfig(dir string) (string, error) {
	path := filepath.Join(dir, FileName)
	if ok, err := exists(path); ok || err != nil {
		return path, err
	}
	wrong := filepath.Join(dir, misspelt)
	if ok, err := exists(wrong); ok || err != nil {
		return "", fmt.Errorf("%s: the config is called %s; rename the file", wrong, FileName)
	}
	return "", nil
}

// golangciConfig returns the path of golangci-lint's config in a folder when
// it has settings for idemlint. A file that does not mention idemlint is not
// parsed: its mistakes are not ours to report.
func golangciConfig(dir string) (string, error) {
	for _, name := range golangciNames {
		path := filepath.Join(dir, name)
		data, err := mention(path)
		if err != nil {
			return "", err
		}
		if data == nil {
			continue
		}
		root, problems := parse(path, data)
		if problems != nil {
			return "", problems
		}
		if s := golangciSettings(root); s != nil && !isNull(s) {
			return path, nil
		}
	}
	path := filepath.Join(dir, golangciTOML)
	data, err := mention(path)
	if line := lineOf(data, "custom.idemlint.settings"); line > 0 {
		return "", Problems{{Position{File: path, Line: line},
			"settings in TOML are not read; move them to " + FileName + " with the same keys"}}
	}
	return "", err
}

// mention reads a file that exists and mentions idemlint; otherwise it returns
// nil.
func mention(path string) ([]byte, error) {
	if ok, err := exists(path); !ok || err != nil {
		return nil, err
	}
	data, err := readFile(path)
	if err != nil || !bytes.Contains(data, []byte("idemlint")) {
		return nil, err
	}
	return data, nil
}

// lineOf returns the number of the first line that holds text, 0 when none
// does.
func lineOf(data []byte, text string) int {
	before, _, found := bytes.Cut(data, []byte(text))
	if !found {
		return 0
	}
	return 1 + bytes.Count(before, []byte("\n"))
}

// lookupDirs returns the folders in which a config is looked for, nearest
// first.
func lookupDirs(dir string) ([]string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	above := ancestors(dir)
	module, workspace := -1, -1
	for i, d := range above {
		if module < 0 && marked(d, "go.mod") {
			module = i
		}
		if workspace < 0 && isWorkspace(d) {
			workspace = i
		}
	}
	return above[:max(module, workspace, 0)+1], nil
}

// Root returns the one folder whose config counts where every package is
// analysed by a process of its own (go vet): the workspace's, else the
// module's root, else dir.
func Root(dir string) (string, error) {
	dirs, err := lookupDirs(dir)
	if err != nil {
		return "", err
	}
	return dirs[len(dirs)-1], nil
}

// ancestors returns a folder and all that it lies in, itself first.
func ancestors(dir string) []string {
	dirs := []string{dir}
	for parent := filepath.Dir(dir); parent != dir; parent = filepath.Dir(dir) {
		dir = parent
		dirs = append(dirs, dir)
	}
	return dirs
}

// isWorkspace says whether the go command takes a folder for a workspace's,
// which the variable GOWORK can change.
func isWorkspace(dir string) bool {
	switch work := os.Getenv("GOWORK"); work {
	case "off":
		return false
	case "":
		return marked(dir, "go.work")
	default:
		return filepath.Dir(work) == dir
	}
}

// baseDir returns the folder at which relative paths start when settings stand
// in no file of their own: the nearest one, at or above dir, that holds a
// config, go.work or go.mod, else dir.
func baseDir(dir string) (string, error) {
	dirs, err := lookupDirs(dir)
	if err != nil {
		return "", err
	}
	marks := append([]string{FileName, golangciTOML, "go.work", "go.mod"}, golangciNames...)
	for _, d := range dirs {
		if slices.ContainsFunc(marks, func(mark string) bool { return marked(d, mark) }) {
			return d, nil
		}
	}
	return dirs[0], nil
}

// marked says whether a folder holds a file of that name. As with the go
// command, one that cannot be looked at is not there.
func marked(dir, name string) bool {
	ok, err := exists(filepath.Join(dir, name))
	return ok && err == nil
}
