// Package answers reads and writes the file that `idemlint index` makes for
// drivers that see one package at a time: what the analysis of the whole
// module settled about each package, with a digest of the code that it was
// settled for.
//
// A driver that finds a package's code unchanged reports what is written
// here; one that does not judges that package by itself. The file holds no
// absolute path and no time, and the same code gives the same bytes in every
// checkout.
package answers

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/idemlint/idemlint/analyzer/report"
)

// Schema names the version of the file's form. A reader refuses another.
const Schema = "idemlint/index/v1"

// FileName is what the file is called unless the config says otherwise. It
// lies beside the config, or where one would lie.
const FileName = ".idemlint-index.json"

// File is the content of the file.
type File struct {
	Schema string `json:"schema"`
	// Tool is the idemlint that wrote it, Config the digest of the config.
	Tool   string `json:"tool"`
	Config string `json:"config"`
	// Build is what the go command was told about files to leave out.
	Build Build `json:"build"`
	// Inputs are the files beside the Go code that the findings rest on.
	Inputs []Input `json:"inputs"`
	// Packages are the first-party packages, by path.
	Packages []Package `json:"packages"`
}

// Build selects the files of a build.
type Build struct {
	GOOS   string `json:"goos"`
	GOARCH string `json:"goarch"`
	Tags   string `json:"tags,omitempty"` // comma-separated, sorted
}

// Input is a file that is no Go file, such as a migration.
type Input struct {
	File string `json:"file"` // relative to the folder of the config
	Sum  string `json:"sum"`
}

// Package is what was settled about a package.
type Package struct {
	Path     string    `json:"path"`
	Sum      string    `json:"sum"` // see Sum
	Findings []Finding `json:"findings,omitempty"`
}

// Finding is a finding that stands in the package.
type Finding struct {
	Rule     string          `json:"rule"`
	Severity report.Severity `json:"severity"`
	Status   report.Status   `json:"status"`
	File     string          `json:"file"` // base name
	Line     int             `json:"line"`
	Col      int             `json:"col"` // in bytes, from 1
	EndCol   int             `json:"end"` // on the same line
	Message  string          `json:"message"`
	Fix      *report.Fix     `json:"fix,omitempty"` // its files are base names
}

// Package finds a package, nil when the file does not have it.
func (f *File) Package(path string) *Package {
	i, ok := slices.BinarySearchFunc(f.Packages, path, func(p Package, path string) int { return cmp.Compare(p.Path, path) })
	if !ok {
		return nil
	}
	return &f.Packages[i]
}

// Encode returns the file's bytes, everything in a fixed order.
func (f *File) Encode() ([]byte, error) {
	f.sort()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(f); err != nil {
		return nil, fmt.Errorf("encode the index: %w", err)
	}
	return b.Bytes(), nil
}

func (f *File) sort() {
	if f.Inputs == nil {
		f.Inputs = []Input{}
	}
	if f.Packages == nil {
		f.Packages = []Package{}
	}
	slices.SortFunc(f.Inputs, func(a, b Input) int { return cmp.Compare(a.File, b.File) })
	slices.SortFunc(f.Packages, func(a, b Package) int { return cmp.Compare(a.Path, b.Path) })
	for _, p := range f.Packages {
		slices.SortStableFunc(p.Findings, func(a, b Finding) int {
			return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col),
				cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
		})
	}
}

// Decode reads the bytes of a file. Another schema and unknown keys are
// errors: what cannot be read for certain must not be reported from.
func Decode(data []byte) (*File, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	f := &File{}
	if err := dec.Decode(f); err != nil {
		return nil, fmt.Errorf("not an index that this idemlint can read (%w); write it again with \"idemlint index\"", err)
	}
	if f.Schema != Schema {
		return nil, fmt.Errorf("the index has the schema %q, this idemlint reads %q; write it again with \"idemlint index\"", f.Schema, Schema)
	}
	f.sort()
	return f, nil
}

// Read reads a file; without one it returns nil.
func Read(name string) (*File, error) {
	data, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	}
	f, err := Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}
