package sqlstmt

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// testCase is a text of testdata/cases with what its statements mean. A file
// holds blocks that are separated by empty lines:
//
//	-- Class [table]
//	-- key value...
//	SQL, in which ¤ stands for a hole
//
// The class is that of the whole text, the other expectations are those of
// its decisive statement. Keys: sets and where (col=0 for an argument by
// index, col=:name, col="text", col=- for no known value; "-" for none),
// conflict, constraint, proc, classes (of all statements), parts (verbs);
// upsert, returning, version and notexists are flags, which are expected to
// be unset where they are not given.
type testCase struct {
	pos   string // file:line
	class string
	table string
	keys  map[string]string
	sql   string
}

var classNames = map[Class]string{
	Read: "Read", Lock: "Lock", Idempotent: "Idempotent", Guarded: "Guarded", InsertIgnore: "InsertIgnore",
	Insert: "Insert", Unknown: "Unknown", NonIdempotent: "NonIdempotent",
}

// readCases reads all case files.
func readCases(t testing.TB) []testCase {
	t.Helper()
	files, err := filepath.Glob("testdata/cases/*.sql")
	require.NoError(t, err)
	sort.Strings(files)
	var out []testCase
	for _, f := range files {
		data, err := os.ReadFile(f)
		require.NoError(t, err)
		line := 1
		for _, block := range strings.Split(strings.TrimRight(string(data), "\n"), "\n\n") {
			c := testCase{pos: fmt.Sprintf("%s:%d", filepath.Base(f), line), keys: map[string]string{}}
			line += strings.Count(block, "\n") + 2
			c.read(t, block)
			out = append(out, c)
		}
	}
	return out
}

func (c *testCase) read(t testing.TB, block string) {
	t.Helper()
	var sql []string
	for _, l := range strings.Split(block, "\n") {
		rest, isComment := strings.CutPrefix(l, "-- ")
		if !isComment {
			sql = append(sql, l)
			continue
		}
		key, value, _ := strings.Cut(rest, " ")
		if c.class == "" {
			c.class, c.table = key, value
			continue
		}
		require.Contains(t, []string{"sets", "where", "conflict", "constraint", "proc", "classes", "parts", "upsert", "returning", "version", "notexists"}, key, c.pos)
		c.keys[key] = value
	}
	c.sql = strings.ReplaceAll(strings.Join(sql, "\n"), "¤", Hole)
	require.NotEmpty(t, c.sql, c.pos)
	require.Contains(t, []string{"Read", "Lock", "Idempotent", "Guarded", "InsertIgnore", "Insert", "Unknown", "NonIdempotent"}, c.class, c.pos)
}

func (c *testCase) has(key string) bool {
	_, ok := c.keys[key]
	return ok
}

// binds writes binds as the case files do.
func binds(list []Bind) string {
	var out []string
	for _, b := range list {
		s := b.Column + "="
		switch {
		case b.Name != "":
			s += ":" + b.Name
		case b.Param >= 0:
			s += strconv.Itoa(b.Param)
		case b.Expr == "":
			s += "-"
		}
		if b.Expr != "" {
			s += `"` + strings.ReplaceAll(strings.ReplaceAll(b.Expr, Hole, "¤"), `"`, `\"`) + `"`
		}
		out = append(out, s)
	}
	if out == nil {
		return "-"
	}
	return strings.Join(out, "; ")
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "-"
	}
	return strings.Join(list, " ")
}

func TestCases(t *testing.T) {
	cases := readCases(t)
	require.Greater(t, len(cases), 450)
	for _, c := range cases {
		t.Run(c.pos, func(t *testing.T) {
			stmts := Parse(c.sql)
			require.NotEmpty(t, stmts, c.sql)
			require.Equal(t, c.class, classNames[Max(stmts)], "%s\n%+v", c.sql, stmts)
			s := decisive(stmts)
			require.Equal(t, c.table, s.Table, c.sql)
			require.NotEmpty(t, s.Why, c.sql)
			require.Equal(t, c.has("upsert"), s.Upsert, "upsert: %s", c.sql)
			require.Equal(t, c.has("returning"), s.Returning, "returning: %s", c.sql)
			require.Equal(t, c.has("version"), s.Version, "version: %s", c.sql)
			require.Equal(t, c.has("notexists"), s.NotExists, "notexists: %s", c.sql)
			require.Equal(t, c.keys["constraint"], s.Constraint, c.sql)
			require.Equal(t, c.keys["proc"], s.Proc, c.sql)
			c.compare(t, "sets", binds(s.Sets))
			c.compare(t, "where", binds(s.Where))
			c.compare(t, "conflict", orNone(s.Conflict))
			var classes, verbs []string
			for _, s := range stmts {
				classes = append(classes, classNames[s.Class])
			}
			for _, p := range stmts[0].Parts {
				verbs = append(verbs, p.Verb)
			}
			c.compare(t, "classes", orNone(classes))
			c.compare(t, "parts", orNone(verbs))
		})
	}
}

// compare checks an expectation of the case where it has one.
func (c *testCase) compare(t *testing.T, key, got string) {
	t.Helper()
	if want, ok := c.keys[key]; ok {
		require.Equal(t, want, got, "%s: %s", key, c.sql)
	}
}

// BenchmarkParse measures the mean over the case files.
func BenchmarkParse(b *testing.B) {
	cases := readCases(b)
	b.ResetTimer()
	for i := range b.N {
		Parse(cases[i%len(cases)].sql)
	}
}
