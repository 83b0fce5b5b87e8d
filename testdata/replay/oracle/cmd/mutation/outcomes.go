package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/idemlint/idemlint/testdata/replay/oracle/mutate"
)

// outcomes is what the oracle saw of a service's mutants, as it is kept.
type outcomes struct {
	// Digest is of the sources that decide it: the service's and the oracle's.
	Digest   string           `json:"digest"`
	Outcomes []mutate.Outcome `json:"outcomes"`
}

func (o *outcomes) has(mutant int) bool {
	return slices.ContainsFunc(o.Outcomes, func(oc mutate.Outcome) bool { return oc.Mutant == mutant })
}

// open reads the outcomes that are kept of a service: none when there are none,
// or when they are of other sources.
func open(o options, module string) (*outcomes, error) {
	sum, err := digest(o.root, module)
	if err != nil {
		return nil, err
	}
	out := &outcomes{Digest: sum}
	if o.outcomes == "" {
		return out, nil
	}
	raw, err := os.ReadFile(filepath.Join(o.outcomes, module+".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	var kept outcomes
	if err := json.Unmarshal(raw, &kept); err != nil {
		return nil, err
	}
	if kept.Digest == sum {
		return &kept, nil
	}
	return out, nil
}

// save keeps the outcomes.
func (o *outcomes) save(opt options, module string) error {
	if opt.outcomes == "" {
		return nil
	}
	if err := os.MkdirAll(opt.outcomes, 0o755); err != nil {
		return err
	}
	raw, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(opt.outcomes, module+".json"), raw, 0o644)
}

// digest is of all files of a service and of the packages that break and
// measure it.
func digest(root, module string) (string, error) {
	sum := sha256.New()
	base := filepath.Join(root, "testdata", "replay")
	for _, dir := range []string{module, "oracle/mutate", "oracle/services", "oracle/trial", "oracle/world"} {
		err := filepath.WalkDir(filepath.Join(base, filepath.FromSlash(dir)), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(base, name)
			if err != nil {
				return err
			}
			sum.Write([]byte(filepath.ToSlash(rel) + "\n"))
			sum.Write(data)
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
