// Package owner names the owners of files, as the CODEOWNERS file of the
// repository says.
package owner

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hmarr/codeowners"
)

// places are where GitHub and GitLab look for the file, in their order.
var places = []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"}

// Owners knows the owners of the files of a repository. A nil Owners knows
// none.
type Owners struct {
	// File is the absolute name of the CODEOWNERS file.
	File  string
	root  string
	rules codeowners.Ruleset
}

// Read reads the CODEOWNERS file of the repository that a folder is in; nil
// when there is none. An error names the file.
func Read(dir string) (*Owners, error) {
	root := repository(dir)
	for _, place := range places {
		name := filepath.Join(root, filepath.FromSlash(place))
		data, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		rules, err := codeowners.ParseFile(bytes.NewReader(withoutSections(data)),
			codeowners.WithOwnerMatchers([]codeowners.OwnerMatcher{codeowners.OwnerMatchFunc(anyOwner)}))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", place, err)
		}
		return &Owners{File: name, root: root, rules: rules}, nil
	}
	return nil, nil
}

// repository returns the nearest folder, from dir upwards, that holds a git
// repository or work tree; dir itself when there is none.
func repository(dir string) string {
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, ".git")); err == nil {
			return d
		}
		if d == filepath.Dir(d) {
			return dir
		}
	}
}

// Of returns the owners of a file by its absolute name, joined by blanks; ""
// when it has none or is not in the repository.
func (o *Owners) Of(name string) string {
	if o == nil {
		return ""
	}
	rel, err := filepath.Rel(o.root, name)
	if err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	rule, err := o.rules.Match(filepath.ToSlash(rel))
	if err != nil || rule == nil {
		return ""
	}
	names := make([]string, len(rule.Owners))
	for i, owner := range rule.Owners {
		names[i] = owner.Value
	}
	return strings.Join(names, " ")
}

// withoutSections blanks the lines that begin one of GitLab's sections; the
// rules below them are as everywhere.
func withoutSections(data []byte) []byte {
	lines := bytes.Split(data, []byte{'\n'})
	for i, line := range lines {
		if bytes.HasPrefix(bytes.TrimPrefix(line, []byte{'^'}), []byte{'['}) {
			lines[i] = nil
		}
	}
	return bytes.Join(lines, []byte{'\n'})
}

// anyOwner takes every word for an owner: GitLab knows nested groups and
// roles, and whoever hosts the code has checked the names.
func anyOwner(s string) (codeowners.Owner, error) {
	return codeowners.Owner{Value: s}, nil
}
