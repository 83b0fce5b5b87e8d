package route

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// Main is the main function whose wiring registered the endpoint, nil when
// no main function of the program leads to the registration.
func (e *Endpoint) Main() *link.Func { return e.main }

// Stack lists the functions that lead to the registration, the outermost
// first.
func (e *Endpoint) Stack() []*link.Func { return e.stack }

// MayRegister reports whether the code of a unit can register an endpoint:
// it is a program, or mentions a function that registers, mounts or serves
// handlers. It asks less than Find, so that packages without endpoints need
// not be linked.
func MayRegister(u *unit.Unit, idx *model.Index) bool {
	if u.Name == "main" {
		return true
	}
	for i := range u.Decls {
		if routeDecl(u, &u.Decls[i]) {
			return true
		}
	}
	f := &Finder{idx: idx}
	for i := range u.Callees {
		c := &u.Callees[i]
		if rows := f.rows(c); rows != nil && (rows.Route != nil || rows.Poll != nil || rows.Mount != nil || rows.Serve != nil) {
			return true
		}
		for _, s := range idx.Services() {
			prefix, suffix, _ := strings.Cut(s.Func, "*")
			if strings.HasPrefix(c.Name, prefix) && strings.HasSuffix(c.Name, suffix) {
				return true
			}
		}
	}
	return false
}
