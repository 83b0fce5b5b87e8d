package directive

import (
	"go/parser"
	"go/token"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a Set answers does not depend on whether a directive was read here or
// came from another package.
func TestWire(t *testing.T) {
	const src = `package p

//idemlint:ignore missing-key,late-claim nobody retries
func F() {
	r.Route("/a", func() { //idemlint:guarded-by gateway it deduplicates
		r.Post("/b")
	})
}

//idemlint:idempotent it sets the same row
func (t *T) G() {} //nolint:idemlint // known
`
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "/home/me/p/p.go", src, parser.ParseComments)
	require.NoError(t, err)
	ds, problems := Parse(fset, f, []string{"missing-key", "late-claim"})
	require.Empty(t, problems)
	require.Len(t, ds, 4)

	var here, there Set
	here.Add("example.com/p", ds)
	var travelled []Directive
	for i := range ds {
		w := ds[i].Wire()
		require.Equal(t, "p.go", w.File)
		travelled = append(travelled, w.Directive("example.com/p/p.go"))
	}
	there.Add("example.com/p", travelled)
	reason := func(d *Directive) string {
		if d == nil {
			return ""
		}
		return d.Kind.String() + " " + d.Name + " " + d.Reason
	}
	for line := range 13 {
		for _, fn := range []string{"", "example.com/p.F", "example.com/p.(*T).G"} {
			for _, rule := range []string{"missing-key", "no-replay"} {
				require.Equal(t, reason(here.Ignore("/home/me/p/p.go", line, fn, rule)), reason(there.Ignore("example.com/p/p.go", line, fn, rule)))
			}
			require.Equal(t, reason(here.GuardedBy("/home/me/p/p.go", line, fn)), reason(there.GuardedBy("example.com/p/p.go", line, fn)), line)
		}
		require.Equal(t, reason(here.Nolint("/home/me/p/p.go", line)), reason(there.Nolint("example.com/p/p.go", line)))
	}
	require.Len(t, there.Of(Idempotent), len(here.Of(Idempotent)))
	require.NotEmpty(t, reason(there.GuardedBy("example.com/p/p.go", 5, "")))
	require.Empty(t, reason(there.GuardedBy("example.com/p/p.go", 6, "")), "not within the function")
}
