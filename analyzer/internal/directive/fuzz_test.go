package directive

import (
	"go/parser"
	"go/token"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzDirective parses any file, broken ones too, and asserts what holds for
// every directive and problem.
func FuzzDirective(f *testing.F) {
	for _, seed := range []string{
		setSource,
		"package p\n//idemlint:ignore missing-key r\nfunc (",
		"package p\n//line x:9\n//idemlint:idempotent r\n/*line y:3:4*/func F() {}",
		"package p;var t=[]R{{//nolint\n},{}}//idemlint:guarded-by a b\n",
		"//nolint\npackage p\ntype T struct{A int//idemlint:ignore late-claim r\n}",
		"package p\nfunc f() { switch x { case 1: //idemlint:ignore missing-key r\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		fset := token.NewFileSet()
		file, _ := parser.ParseFile(fset, "f.go", src, parser.ParseComments|parser.AllErrors|parser.SkipObjectResolution)
		if file == nil {
			return
		}
		ds, problems := Parse(fset, file, rules)
		var s Set
		s.Add("p", ds)
		for _, d := range ds {
			require.Greater(t, d.End, d.Pos)
			require.LessOrEqual(t, d.From, d.To)
			require.NotZero(t, d.Target)
			require.True(t, d.Kind == Nolint || d.Reason != "")
			require.Equal(t, d.Target == OnFunc, d.Func != "")
			require.Equal(t, d.Kind == Ignore, len(d.Rules) > 0)
			require.Equal(t, d.Kind == GuardedBy, d.Name != "")
			if d.Kind == Idempotent {
				require.NotEmpty(t, s.Of(Idempotent))
			}
			if d.Kind == Nolint {
				require.NotNil(t, s.Nolint(d.Position.Filename, d.From))
			}
		}
		for _, p := range problems {
			require.Greater(t, p.End, p.Pos)
			require.NotEmpty(t, p.Text)
		}
	})
}
