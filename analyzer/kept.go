package analyzer

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/baseline"
	"github.com/idemlint/idemlint/analyzer/internal/answers"
	"github.com/idemlint/idemlint/analyzer/internal/cache"
	"github.com/idemlint/idemlint/analyzer/internal/config"
	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/internal/owner"
	"github.com/idemlint/idemlint/analyzer/internal/template"
	"github.com/idemlint/idemlint/analyzer/report"
)

// CacheDir is the folder where the command keeps results: the one that the
// environment variable IDEMLINT_CACHE names, none when that is "off", else one
// in the user's cache directory.
func CacheDir(getenv func(string) string) string {
	switch v := getenv("IDEMLINT_CACHE"); {
	case v == "off":
		return ""
	case v != "":
		return v
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "idemlint")
}

// CleanCache deletes the results that are kept in a folder and returns how many
// bytes that frees.
func CleanCache(dir string) (int64, error) { return cache.Dir(dir).Clean() }

// kept is a result as it is kept.
type kept struct {
	Document   *report.Document
	ModuleDirs map[string]string
	Warnings   []string
	Stale      []baseline.Entry
}

// cached is the result that was kept under a key, nil when there is none.
func cached(opts Options, key string) *Result {
	if key == "" {
		return nil
	}
	data, ok := cache.Dir(opts.Cache).Get(key)
	if !ok {
		return nil
	}
	var k kept
	if json.Unmarshal(data, &k) != nil || k.Document == nil {
		return nil
	}
	return &Result{Document: k.Document, ModuleDirs: k.ModuleDirs, Warnings: k.Warnings, Stale: k.Stale}
}

// keep keeps a result. Mistakes in the code, and packages that cannot be found,
// are part of its key. A mistake in this program is not, nor is it whether the
// settled files, which the key holds by name alone, can be read: what is not
// complete for such a reason may be so next time.
func keep(opts Options, key string, settled []string, res *Result) {
	if key == "" || !res.Document.Complete && (broken(res.Document.Problems) || !readable(settled)) {
		return
	}
	if data, err := json.Marshal(kept{res.Document, res.ModuleDirs, res.Warnings, res.Stale}); err == nil {
		cache.Dir(opts.Cache).Put(key, data)
	}
}

// readable reports whether files can be read.
func readable(names []string) bool {
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return false
		}
		_ = f.Close()
	}
	return true
}

// cacheKey says all that a result depends on: this program, the code and the
// files beside it that are read, the config and what it names, and the options.
// Whatever reads another file has to name it here. "" is the key of a result
// that is not kept.
func cacheKey(cfg *config.Config, listing *load.Listing, opts Options) (string, error) {
	if opts.Cache == "" || opts.Cgo {
		return "", nil
	}
	code, err := listing.Digest()
	if err != nil {
		return "", err
	}
	self, err := thisProgram()
	if err != nil {
		return "", err
	}
	parts := []string{self, code, cfg.Digest(), cfg.Dir, opts.Revision,
		fmt.Sprint(opts.Strict, opts.NoIndex, opts.Hosted, opts.Fixes, opts.Tags), fmt.Sprint(opts.Enable),
		opts.Baseline, string(opts.ConfigData), string(opts.BaselineData), fmt.Sprint(opts.Patterns)}
	files := modelFiles(cfg)
	for _, name := range []string{cfg.File, cfg.Baseline, opts.Baseline} {
		if name != "" {
			files = append(files, cfg.Abs(name))
		}
	}
	files = append(files, sharedSQL(listing.Modules, cfg.Dir)...)
	for _, m := range listing.Modules {
		files = append(append(files, sqlFiles(m.Dir)...), infraFiles(m.Dir)...)
		_, templates := template.Read(m.Dir)
		files = append(files, templates...)
	}
	if owners, err := owner.Read(cfg.Dir); err != nil {
		parts = append(parts, err.Error())
	} else if owners != nil {
		files = append(files, owners.File)
	}
	slices.Sort(files)
	for _, name := range slices.Compact(files) {
		data, err := os.ReadFile(name)
		if err != nil {
			data = nil // as it is for the analysis
		}
		parts = append(parts, name, answers.SumData(data))
	}
	return strings.Join(parts, "\x00"), nil
}

// thisProgram tells this build from others.
func thisProgram() (string, error) {
	exe, err := os.Executable()
	if err != nil {
		return "", err
	}
	info, err := os.Stat(exe)
	if err != nil {
		return "", err
	}
	return fmt.Sprint(Version(), exe, info.Size(), info.ModTime().UnixNano()), nil
}
