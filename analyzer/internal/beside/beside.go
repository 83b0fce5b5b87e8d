// Package beside finds the files that stand beside Go code and say something
// about it: SQL, templates of deployments, Terraform.
package beside

import (
	"io/fs"
	"path/filepath"
	"sort"
	"strings"
)

// MaxFile is the size in bytes above which a file is taken for data and left
// out.
const MaxFile = 1 << 20

// Files lists the regular files below a folder whose name is wanted, sorted by
// path, and no more than most of them, so that a folder of data does not hold
// the analysis up. Hidden folders, vendor, node_modules and testdata are left
// out, and so is what cannot be read: it says nothing.
func Files(root string, most int, wanted func(name string) bool) []string {
	var out []string
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // what cannot be read says nothing
		}
		if d.IsDir() {
			if path != root && leftOut(d.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !wanted(d.Name()) {
			return nil
		}
		if info, err := d.Info(); err == nil && info.Mode().IsRegular() && info.Size() <= MaxFile {
			out = append(out, path)
		}
		if len(out) >= most {
			return filepath.SkipAll
		}
		return nil
	})
	sort.Strings(out)
	return out
}

// leftOut says whether a folder holds nothing of the module's own.
func leftOut(name string) bool {
	return strings.HasPrefix(name, ".") || name == "vendor" || name == "node_modules" || name == "testdata"
}
