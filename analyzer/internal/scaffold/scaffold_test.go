package scaffold

import (
	"go/parser"
	"go/token"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOptionsReachTheCode(t *testing.T) {
	t.Parallel()
	store, ok := Store("sqlite")
	require.True(t, ok)
	http, ok := Adapter("net/http")
	require.True(t, ok)
	files, err := Files(Options{Package: "once", KeyHeader: "X-Request-Key", TTL: 90 * time.Minute, GoVersion: "1.17"}, store, http)
	require.NoError(t, err)
	var names []string
	all := ""
	for _, f := range files {
		names = append(names, f.Name)
		all += string(f.Data)
	}
	require.Equal(t, []string{"guard.go", "http.go", "observe.go", "schema_sqlite.go", "schema_sqlite.sql", "sql.go"}, names)
	require.Contains(t, all, "package once\n")
	require.NotContains(t, all, "package idempotency\n")
	require.Contains(t, all, `const KeyHeader = "X-Request-Key"`)
	require.Contains(t, all, "TTL = 90 * time.Minute")
	require.Contains(t, all, "args ...interface{}")
	require.NotContains(t, all, "...any")
}

// TestEveryPart parses every part as it is written, and wants nothing of this
// project in it.
func TestEveryPart(t *testing.T) {
	t.Parallel()
	for _, p := range append(adapters, stores...) {
		files, err := Files(Options{Package: "idempotency", KeyHeader: "Idempotency-Key", TTL: 24 * time.Hour, GoVersion: "1.24.0"}, p)
		require.NoError(t, err, p.Name)
		all := ""
		for _, f := range files {
			all += string(f.Data)
			require.NotContains(t, strings.ToLower(string(f.Data)), "idemlint", f.Name)
			if !strings.HasSuffix(f.Name, ".go") {
				continue
			}
			tree, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Data, parser.ParseComments)
			require.NoError(t, err)
			require.Equal(t, "idempotency", tree.Name.Name)
		}
		require.Contains(t, all, "TTL = 24 * time.Hour", "the text that options replace is there")
	}
}

// What a library got later is left out where the module's version has not got it.
func TestOlderLibraries(t *testing.T) {
	t.Parallel()
	part, ok := Adapter("aws-lambda")
	require.True(t, ok)
	names := func(lacks func(pkg, name string) bool) (out []string) {
		files, err := Files(Options{Package: "once", KeyHeader: "Idempotency-Key", TTL: time.Hour, GoVersion: "1.24.0", Lacks: lacks}, part)
		require.NoError(t, err)
		for _, f := range files {
			out = append(out, f.Name)
		}
		return out
	}
	require.Contains(t, names(nil), "lambda_url.go")
	require.Contains(t, names(func(_, name string) bool { return name == "SQSEvent" }), "lambda_url.go")
	older := names(func(pkg, name string) bool {
		return pkg == "github.com/aws/aws-lambda-go/events" && name == "LambdaFunctionURLRequest"
	})
	require.NotContains(t, older, "lambda_url.go")
	require.Contains(t, older, "lambda.go")
}

// What a snippet calls is in the files of its part.
func TestSnippets(t *testing.T) {
	t.Parallel()
	for _, p := range adapters {
		files, err := Files(Options{Package: "once", KeyHeader: "Idempotency-Key", TTL: 24 * time.Hour, GoVersion: "1.24.0"}, p)
		require.NoError(t, err)
		all := ""
		for _, f := range files {
			all += string(f.Data)
		}
		calls := regexp.MustCompile(`\bonce\.(\w+)`).FindAllStringSubmatch(p.Snippet("once"), -1)
		require.NotEmpty(t, calls, p.Name)
		for _, c := range calls {
			require.Regexp(t, `(?m)^(func|var) `+c[1]+`\b`, all, p.Name)
		}
	}
}

func TestDurationsAsCode(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		24 * time.Hour: "24 * time.Hour", 90 * time.Second: "90 * time.Second", 5 * time.Minute: "5 * time.Minute", time.Millisecond: "time.Duration(1000000)",
	} {
		require.Equal(t, want, duration(d))
	}
}
