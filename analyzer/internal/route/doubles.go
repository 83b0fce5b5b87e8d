package route

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// dropDoubles leaves out the endpoints that stand in for others in tests: those
// that no main function leads to, and that a function registers which takes the
// test at hand, or one of a package that is called after tests and has such
// functions or serves what only a test asks for.
func (f *Finder) dropDoubles() {
	f.endpoints = slices.DeleteFunc(f.endpoints, func(e *Endpoint) bool {
		if e.main != nil || e.Site.Fn == nil {
			return false
		}
		return slices.ContainsFunc(append(slices.Clone(e.stack), e.Site.Fn), takesTest) || link.ForTests(e.Site.Fn.Unit.Path) && servesTests(e.Site.Fn.Unit)
	})
}

func servesTests(u *unit.Unit) bool {
	return slices.ContainsFunc(u.Callees, func(c unit.Callee) bool { return c.Pkg == "net/http/httptest" }) ||
		slices.ContainsFunc(u.Types, func(t unit.Type) bool { return ofTest(t.Pkg, t.Name) })
}

// takesTest reports whether a function is given a test.
func takesTest(fn *link.Func) bool {
	return slices.ContainsFunc(fn.Params, func(p unit.Param) bool {
		t := named(fn.TypeAt(p.Type))
		return t != nil && ofTest(t.Pkg, t.Name)
	})
}

// ofTest reports whether a type is that of a test, or what a library of
// assertions calls one.
func ofTest(pkg, name string) bool {
	return pkg == "testing" && slices.Contains([]string{"T", "B", "F", "TB"}, name) || strings.HasSuffix(name, "TestingT")
}
