package load

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDropBodies(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"one line", "func f() { g() }\n", "func f() {}\n"},
		{"lines stay", "func f() {\n\tg()\n\th()\n}\n", "func f() {\n\n\n}\n"},
		{"empty", "func f() {}\n", "func f() {}\n"},
		{"no body", "func f()\n\nvar x = 1\n", "func f()\n\nvar x = 1\n"},
		{"no body, then one", "func f()\nfunc g() { h() }\n", "func f()\nfunc g() {}\n"},
		{"at the end", "func f() { g() }", "func f() {}"},
		{"method", "func (t *T[A]) f() { g() }\n", "func (t *T[A]) f() {}\n"},
		{"type literals in the signature", "func f(a struct{ b int }) (c interface{ d() }) { g() }\n", "func f(a struct{ b int }) (c interface{ d() }) {}\n"},
		{"struct result", "func f() struct{ a int } { g() }\n", "func f() struct{ a int } {}\n"},
		{"interface result", "func f() interface {\n\ta()\n} {\n\tg()\n}\n", "func f() interface {\n\ta()\n} {\n\n}\n"},
		{"constraint", "func f[T interface{ ~int }](t T) { g() }\n", "func f[T interface{ ~int }](t T) {}\n"},
		{"broken parameter list", "func f(\n\ta int,\n) {\n\tg()\n}\n", "func f(\n\ta int,\n) {\n\n}\n"},
		{"braces in literals", "func f() { g(\"}\", '}', `}\n`, '\\'', \"\\\"}\") }\nvar x int\n", "func f() {\n}\nvar x int\n"},
		{"braces in comments", "func f() { // }\n/* } */ }\nvar x int\n", "func f() {\n}\nvar x int\n"},
		{"comment in the signature", "func f( /* { */ ) { g() }\n", "func f( /* { */ ) {}\n"},
		{"nested", "func f() { func() { g() }() }\nvar x int\n", "func f() {}\nvar x int\n"},
		{"function type", "type F func(int)\ntype S struct{}\n", "type F func(int)\ntype S struct{}\n"},
		{"name that starts alike", "functions()\n{ x }\n", "functions()\n{ x }\n"},
		{"text that looks like one", "var s = `\nfunc f() { g() }\n`\n", "var s = `\nfunc f() { g() }\n`\n"},
		{"comment that looks like one", "/*\nfunc f() { g() }\n*/\n", "/*\nfunc f() { g() }\n*/\n"},
		{"never closed", "func f() { g(\n", "func f() { g(\n"},
		{"ends in a string", "func f() { \"abc", "func f() { \"abc"},
		{"ends in an escape", "func f() { \"\\", "func f() { \"\\"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, string(dropBodies([]byte(tt.in))))
		})
	}
}

// TestDropBodiesKeepsDeclarations compares the declarations of real packages,
// with their lines, before and after.
func TestDropBodiesKeepsDeclarations(t *testing.T) {
	var files []string
	for _, dir := range []string{"net/http", "go/types", "reflect", "runtime", "encoding/json"} {
		found, err := filepath.Glob(filepath.Join(build.Default.GOROOT, "src", filepath.FromSlash(dir), "*.go"))
		require.NoError(t, err)
		files = append(files, found...)
	}
	require.Greater(t, len(files), 300)
	for _, name := range files {
		src, err := os.ReadFile(name)
		require.NoError(t, err)
		want, _ := declarations(t, name, src)
		got, statements := declarations(t, name, dropBodies(src))
		require.Equal(t, want, got, name)
		require.Zero(t, statements, name)
	}
}

// declarations lists what a file declares and counts the statements in its
// functions.
func declarations(t *testing.T, name string, src []byte) (decls []string, statements int) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	require.NoError(t, err)
	line := func(p token.Pos) int { return fset.Position(p).Line }
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			var sig strings.Builder
			require.NoError(t, printer.Fprint(&sig, fset, d.Type))
			decls = append(decls, fmt.Sprintln(d.Name.Name, line(d.Pos()), line(d.End()), d.Body != nil, sig.String()))
			if d.Body != nil {
				statements += len(d.Body.List)
			}
		case *ast.GenDecl:
			decls = append(decls, fmt.Sprintln(d.Tok, line(d.Pos()), line(d.End()), len(d.Specs)))
		}
	}
	return decls, statements
}
