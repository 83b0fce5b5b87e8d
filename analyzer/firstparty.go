package analyzer

import (
	"strings"

	goanalysis "golang.org/x/tools/go/analysis"

	"github.com/idemlint/idemlint/analyzer/internal/load"
)

//go:generate go run genstd.go

// ThirdParty says whether a package needs no analysis and has no facts, by the
// path and the version of its module ("" where there is none) and its import
// path: it belongs to the standard library or to a dependency.
func ThirdParty(module, version, path string) bool {
	return !firstParty(&goanalysis.Module{Path: module, Version: version}, path)
}

// firstParty says whether a package is the team's own, as far as a driver
// tells: it belongs to a main module, a module of the workspace or one that is
// replaced by a folder. Drivers that know no modules leave only the standard
// library to tell apart.
func firstParty(m *goanalysis.Module, path string) bool {
	if m != nil && m.Path != "" {
		return m.Version == "" || load.NoVersion(m.Version)
	}
	return !isStd(path)
}

// isStd says whether an import path is the standard library's. A path without
// a dot is not enough: modules may be called so, too.
func isStd(path string) bool {
	for _, folder := range []string{"vendor/", "internal/", "cmd/"} {
		if strings.HasPrefix(path, folder) {
			return true
		}
	}
	table := "\n" + stdPackages
	if folder, _, ok := strings.Cut(path, "/internal/"); ok {
		return strings.Contains(table, "\n"+folder+"\n") || strings.Contains(table, "\n"+folder+"/")
	}
	return strings.Contains(table, "\n"+path+"\n")
}

// prefixed says whether one of the prefixes covers an import path: it is the
// path or whole elements of its beginning.
func prefixed(path string, prefixes []string) bool {
	for _, p := range prefixes {
		p = strings.TrimSuffix(p, "/")
		if p != "" && (path == p || strings.HasPrefix(path, p+"/")) {
			return true
		}
	}
	return false
}
