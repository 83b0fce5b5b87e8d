package sqlstmt

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// hostile are texts that repeat one part very often, each aimed at one
// recursion or one loop.
func hostile(n int) map[string]string {
	r := strings.Repeat
	return map[string]string{
		"open brackets":      r("(", n),
		"closed brackets":    r(")", n),
		"nested values":      "UPDATE t SET a = " + r("(", n) + "a + 1" + r(")", n),
		"nested where":       "UPDATE t SET a = 1 WHERE " + r("(a = 1 OR ", n) + "b" + r(")", n),
		"nested and":         "DELETE FROM t WHERE " + r("(a = 1 AND ", n) + "b = 2" + r(")", n),
		"nested calls":       "UPDATE t SET a = " + r("coalesce(a, ", n) + "1" + r(")", n),
		"nested lower":       "INSERT INTO t (a) VALUES (" + r("lower(", n) + "$1" + r(")", n) + ")",
		"nested case":        "UPDATE t SET a = " + r("CASE WHEN a THEN ", n) + "1" + r(" END", n),
		"nested selects":     "UPDATE t SET a = 1 WHERE a = " + r("(SELECT a FROM t WHERE a = ", n) + "1" + r(" LIMIT 1)", n),
		"nested with":        r("WITH x AS (", n) + "SELECT 1" + r(") SELECT 1", n),
		"nested exists":      "INSERT INTO t (a) SELECT 1 WHERE " + r("NOT EXISTS (SELECT 1 FROM u WHERE ", n) + "1" + r(")", n),
		"nots":               "UPDATE t SET a = " + r("NOT ", n) + "a WHERE " + r("NOT ", n) + "a",
		"casts":              "UPDATE t SET a = a" + r("::int", n),
		"sums":               "UPDATE t SET a = a" + r(" + 1", n),
		"concats":            "UPDATE t SET a = a" + r(" || b", n),
		"parts":              "WITH a AS (INSERT INTO t VALUES (1) RETURNING 1)" + r(", a AS (INSERT INTO t VALUES (1) RETURNING 1)", n) + " SELECT 1",
		"assignments":        "UPDATE t SET a = 1" + r(", a = b + a", n) + " WHERE a = 1" + r(" AND a = 2", n),
		"columns":            "INSERT INTO t (a" + r(", a", n) + ") SELECT a" + r(", a", n) + " FROM (VALUES (1" + r(", 2", n) + ")) AS v (a" + r(", a", n) + ")",
		"whens":              "UPDATE t SET a = CASE a" + r(" WHEN 1 THEN 2", n) + " END",
		"conflicts":          "INSERT INTO t VALUES (1)" + r(" ON CONFLICT (a) DO UPDATE SET a = 1", n),
		"merges":             "MERGE INTO t USING s ON t.a = s.a" + r(" WHEN MATCHED THEN UPDATE SET a = 1", n),
		"statements":         r("SELECT 1;", n),
		"sets":               r("SET x ", n) + "INSERT INTO t VALUES (1)",
		"ifs":                r("IF EXISTS (SELECT 1) ", n) + "INSERT INTO t VALUES (1)",
		"begins":             r("BEGIN ", n) + "INSERT INTO t VALUES (1)",
		"elses":              "IF 1 SELECT 1 " + r("ELSE SELECT 1 ", n),
		"explains":           r("EXPLAIN ANALYZE ", n),
		"routines":           r("CREATE FUNCTION f BEGIN ", n) + r("END; ", n),
		"quotes":             r(`a"b`, n),
		"double quotes":      r(`"`, n),
		"backticks":          r("`", n),
		"single quotes":      r("'a", n),
		"doubled quotes":     r("'a'", n),
		"prefixed quotes":    r("E'a'", n),
		"escapes":            r(`ESCAPE '\' `, n),
		"dollars":            r("$a ", n),
		"dollar quotes":      r("$a$ ", n),
		"glued marks":        "a" + r("!", n) + r("a/", n) + r("a@", n),
		"comments":           r("/* ", n) + r("-- ", n),
		"glued comments":     r("+--\n", n) + r("=/* */", n),
		"marks":              "INSERT INTO t VALUES (?" + r(",?", n) + ")",
		"glued marks and or": r("?||", n),
		"holes":              r(Hole, n),
		"glued holes":        r("a"+Hole+"b ", n),
		"where holes":        "UPDATE t SET a = 1" + r(Hole+"WHERE", n),
		"dots":               "INSERT INTO a" + r(".a", n) + r(".", n),
		"indexes":            r("a[1]", n) + r("[a", n),
		"verbs":              r("%s", n) + r("%[1]s", n),
		"broken letters":     r("\xff\xfe\ua66e", n),
		"tables":             "CREATE TABLE t (" + r("a int PRIMARY KEY, ", n) + "b int)",
	}
}

// TestHostile reads texts that repeat one part very often: nothing panics, the
// stack holds, and every statement says why. What it costs is BenchmarkHostile's.
func TestHostile(t *testing.T) {
	for name, text := range hostile(2000) {
		t.Run(name, func(t *testing.T) {
			for _, s := range Parse(text) {
				require.NotEmpty(t, s.Why)
			}
		})
	}
}

// BenchmarkHostile measures how the time grows with the length of the text: the
// figure is that of ten times the text, in times of ten single ones. It is near
// 1 where it grows with the length and near 10 where it grows with its square.
func BenchmarkHostile(b *testing.B) {
	small, large := hostile(2000), hostile(20000)
	for name := range large {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			var one, ten time.Duration
			for b.Loop() {
				one += elapsed(small[name])
				ten += elapsed(large[name])
			}
			b.ReportMetric(float64(ten)/float64(10*one), "growth")
		})
	}
}

func elapsed(text string) time.Duration {
	start := time.Now()
	Parse(text)
	return time.Since(start)
}

func TestTooLong(t *testing.T) {
	stmts := Parse("INSERT INTO t (a) VALUES (1); SELECT '" + strings.Repeat("x", maxText))
	require.Equal(t, Unknown, Max(stmts))
	require.Equal(t, Insert, stmts[0].Class)
}

func TestEmpty(t *testing.T) {
	for _, text := range []string{"", " \n", ";;", "-- nothing", "/* nothing */", "/* never closed"} {
		require.Empty(t, Parse(text), "%q", text)
		require.Equal(t, Read, Max(Parse(text)), "%q", text)
	}
}

// TestPrefixes cuts every case at every byte: whatever a text breaks off in,
// nothing panics and every statement says why.
func TestPrefixes(t *testing.T) {
	for _, c := range readCases(t) {
		for i := range len(c.sql) {
			for _, text := range []string{c.sql[:i], c.sql[i:], c.sql[:i] + Hole + c.sql[i:]} {
				for _, s := range Parse(text) {
					require.NotEmpty(t, s.Why, "%s: %q", c.pos, text)
					require.NotEmpty(t, s.Verb+s.Why, "%s: %q", c.pos, text)
				}
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range readCases(f) {
		f.Add(c.sql)
	}
	for _, text := range hostile(3) {
		f.Add(text)
	}
	f.Add("UPDATE SET A=CoAlesCe()")
	f.Add("UPDATE a SET b = 1 WHERE COALESCE() IS NULL AND NOT COALESCE() AND COALESCE() = 1 AND JSON_CONTAINS() AND has()")
	f.Fuzz(func(t *testing.T, text string) {
		stmts := Parse(text)
		again := Parse(text)
		require.Equal(t, stmts, again, "two runs differ")
		for _, s := range stmts {
			require.True(t, s.Class >= Read && s.Class <= NonIdempotent)
			require.NotEmpty(t, s.Why)
			require.NotContains(t, s.Table, Hole)
			require.LessOrEqual(t, s.Class, Max(stmts))
			for _, b := range append(append([]Bind{}, s.Sets...), s.Where...) {
				require.GreaterOrEqual(t, b.Param, -1)
				require.False(t, b.Param >= 0 && b.Name != "", "argument has both number and name")
			}
		}
		// A statement that does nothing beside it hides nothing.
		require.GreaterOrEqual(t, Max(Parse("SELECT 1;"+text)), Max(stmts))
	})
}

func TestSteady(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]bool{
		"s.id": true, "'a'": true, "1": true, "lower ( s.name )": true, "( CASE WHEN $6 != '' THEN $6 ELSE 'new' END )": true,
		"": false, "default": false, "gen_random_uuid ( )": false, "app.next_number ( )": false, "now ( )": false, "CURRENT_TIMESTAMP": false,
		"nextval ( 'orders_id_seq' )": false, "NEXT VALUE FOR orders_id": false, "concat ( 'o-' , rand ( 7 ) )": false,
	} {
		require.Equal(t, want, Steady(expr), expr)
	}
}
