package answers

import (
	"fmt"
	"reflect"
)

// Diff says what makes an index stale: one line for each thing in which the
// old file differs from one that was written now. The files must have been
// encoded or decoded, so that they are sorted.
func Diff(old, now *File) []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if old.Tool != now.Tool {
		add("it was written by idemlint %s, this is %s", old.Tool, now.Tool)
	}
	if old.Config != now.Config {
		add("the config has changed")
	}
	if old.Build != now.Build {
		add("it was written for %s, this is %s", old.Build, now.Build)
	}
	merge(old.Inputs, now.Inputs, func(in Input) string { return in.File }, func(a, b *Input) {
		switch {
		case a == nil:
			add("%s is new", b.File)
		case b == nil:
			add("%s is gone", a.File)
		case a.Sum != b.Sum:
			add("%s has changed", a.File)
		}
	})
	merge(old.Packages, now.Packages, func(p Package) string { return p.Path }, func(a, b *Package) {
		switch {
		case a == nil:
			add("package %s is new", b.Path)
		case b == nil:
			add("package %s is gone", a.Path)
		case a.Sum != b.Sum:
			add("package %s has changed", a.Path)
		case !reflect.DeepEqual(a.Findings, b.Findings):
			add("the findings in package %s have changed", a.Path)
		}
	})
	return out
}

// String names the build as messages do.
func (b Build) String() string {
	s := b.GOOS + "/" + b.GOARCH
	if b.Tags != "" {
		s += " with tags " + b.Tags
	}
	return s
}

// merge walks two sorted lists and shows the elements with equal keys
// together; nil stands for the one that is missing.
func merge[T any](a, b []T, key func(T) string, show func(a, b *T)) {
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && key(a[0]) < key(b[0]):
			show(&a[0], nil)
			a = a[1:]
		case len(a) == 0 || key(b[0]) < key(a[0]):
			show(nil, &b[0])
			b = b[1:]
		default:
			show(&a[0], &b[0])
			a, b = a[1:], b[1:]
		}
	}
}
