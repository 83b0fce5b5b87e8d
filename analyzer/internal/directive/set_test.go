package directive

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const setSource = `package p

//idemlint:ignore missing-key on the handler
//idemlint:guarded-by mesh on the handler
//idemlint:idempotent it sets a state
func (h *Handler) Create() {
	g() //idemlint:ignore late-claim here
}

//idemlint:ignore late-claim,no-replay over all lines
var x = run(
	1, 2,
	func() {
		g() //idemlint:ignore late-claim inside
	},
)

func routes() {
	//idemlint:guarded-by gateway at the route
	r.Post(p, h) //idemlint:ignore missing-key at the route
	r.Put(p, h)  //nolint:idemlint // host
	r.Get(p, h)  //nolint
}
`

func newSet(t *testing.T) *Set {
	t.Helper()
	ds, problems := parseSource(t, setSource)
	require.Empty(t, problems)
	var s Set
	s.Add("example.com/p", ds)
	return &s
}

const create = "example.com/p.(*Handler).Create"

func TestSetIgnore(t *testing.T) {
	for name, tc := range map[string]struct {
		file string
		line int
		fn   string
		rule string
		want string // the reason, "" for none
	}{
		"line":                        {"f.go", 20, "", "missing-key", "at the route"},
		"line before function":        {"f.go", 20, create, "missing-key", "at the route"},
		"function":                    {"f.go", 99, create, "missing-key", "on the handler"},
		"function without a file":     {"", 0, create, "missing-key", "on the handler"},
		"signature":                   {"f.go", 6, "", "missing-key", "on the handler"},
		"not the body":                {"f.go", 7, "", "missing-key", ""},
		"line in the body":            {"f.go", 7, create, "late-claim", "here"},
		"other rule":                  {"f.go", 20, "", "late-claim", ""},
		"other file":                  {"g.go", 20, "", "missing-key", ""},
		"other function":              {"f.go", 99, "example.com/q.(*Handler).Create", "missing-key", ""},
		"second rule":                 {"f.go", 12, "", "no-replay", "over all lines"},
		"inside is not reached":       {"f.go", 14, "", "no-replay", ""},
		"inside has its own":          {"f.go", 14, "", "late-claim", "inside"},
		"guarded-by is another thing": {"f.go", 20, "", "mesh", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSet(t)
			before := len(s.Unused())
			d := s.Ignore(tc.file, tc.line, tc.fn, tc.rule)
			if tc.want == "" {
				require.Nil(t, d)
				require.Len(t, s.Unused(), before)
				return
			}
			require.NotNil(t, d)
			require.Equal(t, tc.want, d.Reason)
			require.Len(t, s.Unused(), before-1)
			require.NotContains(t, s.Unused(), d)
		})
	}
}

func TestSetPrefersTheSmallerPiece(t *testing.T) {
	ds, problems := parseSource(t, `package p

//idemlint:ignore missing-key all
var t = []R{
	{m, p, h}, //idemlint:ignore missing-key row
	{m, p, h},
}
`)
	require.Empty(t, problems)
	var s Set
	s.Add("p", ds)
	require.Equal(t, "row", s.Ignore("f.go", 5, "", "missing-key").Reason)
	require.Equal(t, "all", s.Ignore("f.go", 6, "", "missing-key").Reason)
	require.Empty(t, s.Unused())
}

func TestSetOtherKinds(t *testing.T) {
	s := newSet(t)
	require.Equal(t, "gateway", s.GuardedBy("f.go", 20, create).Name)
	require.Equal(t, "mesh", s.GuardedBy("f.go", 99, create).Name)
	require.Nil(t, s.GuardedBy("f.go", 99, ""))

	require.Len(t, s.Of(Idempotent), 1)
	require.Equal(t, "it sets a state", s.Of(Idempotent)[0].Reason)

	require.Equal(t, "host", s.Nolint("f.go", 21).Reason)
	require.NotNil(t, s.Nolint("f.go", 22))
	require.Nil(t, s.Nolint("f.go", 20))
}

func TestSetUnused(t *testing.T) {
	s := newSet(t)
	var lines []int
	for _, d := range s.Unused() {
		lines = append(lines, d.Position.Line)
	}
	require.Equal(t, []int{3, 4, 5, 7, 10, 14, 19, 20, 21}, lines, "all but the nolint that names no linter")
}

func TestSetUnusedIsSorted(t *testing.T) {
	var s Set
	for _, name := range []string{"b.go", "a.go"} {
		ds, _ := parseSource(t, setSource)
		for i := range ds {
			ds[i].Position.Filename = name
		}
		s.Add("p", ds)
	}
	unused := s.Unused()
	require.Equal(t, "a.go", unused[0].Position.Filename)
	require.Equal(t, "b.go", unused[len(unused)-1].Position.Filename)
}

func TestEmptySet(t *testing.T) {
	var s Set
	require.Nil(t, s.Ignore("f.go", 1, "p.F", "missing-key"))
	require.Empty(t, s.Of(Idempotent))
	require.Empty(t, s.Unused())
}

func TestSetFromSeveralGoroutines(t *testing.T) {
	s := newSet(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s.Ignore("f.go", 20, create, "missing-key")
			s.Unused()
		}()
	}
	wg.Wait()
	require.Len(t, s.Unused(), 8)
}
