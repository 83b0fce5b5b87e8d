package analyzer

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/gob"
	"fmt"
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/directive"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// visibleFact is the fact about a package: what the packages that import it
// can see of it. Drivers hand the facts of packages to direct importers only,
// so that it holds the units of all first-party packages that the package
// reaches, too. Each is packed once, where it is made, and copied from there.
//
// A package that is not first-party has the fact as well, without any unit:
// so its importers know that nothing is missing.
type visibleFact struct {
	Packages []packed // sorted by path
	// Gaps are first-party packages whose facts did not arrive, sorted.
	Gaps []string
}

// AFact implements analysis.Fact.
func (*visibleFact) AFact() {}

// String says what the fact holds, for tests and debugging.
func (f *visibleFact) String() string {
	return fmt.Sprintf("idemlint: %d packages, %d missing", len(f.Packages), len(f.Gaps))
}

// packed is one package in the form that travels.
type packed struct {
	Path string
	Data []byte // a compressed parcel
}

// parcel is what others need of a package.
type parcel struct {
	Unit       *unit.Unit
	Directives []directive.Wire
}

// pack compresses a parcel. The same parcel always gives the same bytes.
func (p *parcel) pack() (packed, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err != nil {
		return packed{}, err
	}
	if err := gob.NewEncoder(w).Encode(p); err != nil {
		return packed{}, fmt.Errorf("pack the unit of %s: %w", p.Unit.Path, err)
	}
	if err := w.Close(); err != nil {
		return packed{}, err
	}
	return packed{Path: p.Unit.Path, Data: b.Bytes()}, nil
}

// unpack is the inverse of pack.
func (p packed) unpack() (*parcel, error) {
	out := &parcel{}
	if err := gob.NewDecoder(flate.NewReader(bytes.NewReader(p.Data))).Decode(out); err != nil {
		return nil, fmt.Errorf("read the unit of %s: %w", p.Path, err)
	}
	return out, nil
}

// add merges another package's fact into this one.
func (f *visibleFact) add(other *visibleFact) {
	for _, p := range other.Packages {
		if i, ok := f.find(p.Path); !ok {
			f.Packages = slices.Insert(f.Packages, i, p)
		}
	}
	for _, path := range other.Gaps {
		f.gap(path)
	}
}

// gap notes that the fact of a package is missing.
func (f *visibleFact) gap(path string) {
	if i, ok := slices.BinarySearch(f.Gaps, path); !ok {
		f.Gaps = slices.Insert(f.Gaps, i, path)
	}
}

// has says whether the fact holds the unit of a package.
func (f *visibleFact) has(path string) bool {
	_, ok := f.find(path)
	return ok
}

func (f *visibleFact) find(path string) (int, bool) {
	return slices.BinarySearchFunc(f.Packages, path, func(p packed, path string) int { return cmp.Compare(p.Path, path) })
}
