package analyzer

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/internal/scaffold"
)

// copyShop copies the demo, whose tests need a module of this repository.
func copyShop(t *testing.T) string {
	t.Helper()
	from, err := filepath.Abs(filepath.Join("..", "testdata", "shop"))
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(from)))
	mod := filepath.Join(dir, "go.mod")
	data, err := os.ReadFile(mod)
	require.NoError(t, err)
	text := strings.Replace(string(data), "=> ../../", "=> "+filepath.Join(from, "..", "..")+"/", 1)
	require.NoError(t, os.WriteFile(mod, []byte(text), 0o644))
	return dir
}

func planned(t *testing.T, dir string, change func(*Setup)) (*SetupPlan, error) {
	t.Helper()
	s := Setup{KeyHeader: "Idempotency-Key", TTL: 24 * time.Hour, Dir: "internal/idemguard"}
	change(&s)
	return PlanSetup(context.Background(), Options{Dir: dir, Patterns: []string{"./..."}}, s)
}

func TestSetupBesideAGuard(t *testing.T) {
	dir := copyShop(t)
	plan, err := planned(t, dir, func(*Setup) {})
	require.NoError(t, err)
	require.Contains(t, plan.Found, "existing guard: (*Store).Middleware")
	require.Len(t, plan.Files, 1, "a module that has a guard gets no second one unless a store is named")
	require.Equal(t, ".idemlint.yml", plan.Files[0].Name)
	require.NotContains(t, string(plan.Files[0].Data), "guard:")
	require.Contains(t, string(plan.Files[0].Data), "open-router: defer")
}

// The call of Use goes where the database is, and the module compiles with it.
func TestSetupWires(t *testing.T) {
	dir := copyShop(t)
	plan, err := planned(t, dir, func(s *Setup) { s.Store, s.Wire = "sql", "cmd/shop/main.go" })
	require.NoError(t, err)
	wired := false
	for _, f := range plan.Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if f.Edit {
			require.Equal(t, "cmd/shop/main.go", f.Name)
			require.Contains(t, string(f.Data), "func wire(db *sql.DB, gw payment.Gateway, mailer order.Mailer) shop {\n\tidemguard.Use(idemguard.NewSQL(db))\n")
			wired = true
		} else {
			require.NoFileExists(t, name)
		}
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, f.Data, 0o644))
	}
	require.True(t, wired)
	cmd := exec.Command("go", "build", "-o", os.DevNull, "./cmd/shop")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))

	_, err = planned(t, dir, func(s *Setup) { s.Store = "sql" })
	require.ErrorContains(t, err, "already names a guard")
}

func TestSetupSaysWhatItCannotWire(t *testing.T) {
	dir := copyShop(t)
	for file, text := range map[string]string{
		"internal/mail/mail.go": "nothing there is a db",
		"internal/none.go":      "there is no such file",
	} {
		_, err := planned(t, dir, func(s *Setup) { s.Store, s.Wire = "sql", file })
		require.ErrorContains(t, err, text, file)
	}
	_, err := planned(t, dir, func(s *Setup) { s.Store = "redis" })
	require.ErrorContains(t, err, "go.mod does not require github.com/redis/go-redis/v9")
}

// A package that does not compile keeps nobody from setting up the others.
func TestSetupBesideBrokenCode(t *testing.T) {
	dir := copyShop(t)
	broken := filepath.Join(dir, "internal", "broken")
	require.NoError(t, os.MkdirAll(broken, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(broken, "broken.go"), []byte("package broken\n\nvar x = nothing\n"), 0o644))
	plan, err := planned(t, dir, func(s *Setup) { s.Store = "sql" })
	require.NoError(t, err)
	require.Len(t, plan.Problems, 1)
	require.Contains(t, plan.Problems[0].Text, "undefined: nothing")
	require.Contains(t, strings.Join(plan.Found, "\n"), "packages that do not compile, which get no fixes: example.com/shop/internal/broken")

	alone := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(alone, "go.mod"), []byte("module example.com/alone\n\ngo 1.24\n"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(alone, "a.go"), []byte("package alone\n\nvar x = nothing\n"), 0o644))
	_, err = planned(t, alone, func(s *Setup) { s.Store = "memory" })
	require.ErrorContains(t, err, "init needs packages that compile")
}

// A part may use what go.mod requires, whoever imports it now. Of what is
// vendored only the packages in use are there.
func TestWhatAModuleRequires(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"),
		[]byte("module example.com/m\n\ngo 1.24\n\nrequire google.golang.org/protobuf v1.36.0 // indirect\n"), 0o644))
	p := &planner{mod: load.Module{Path: "example.com/m", Dir: dir}}
	part := func(imp string) scaffold.Part { return scaffold.Part{Imports: []string{imp}} }
	require.Empty(t, p.missing(part("google.golang.org/protobuf/proto")))
	require.Equal(t, "google.golang.org/grpc", p.missing(part("google.golang.org/grpc")))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "vendor"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "vendor", "modules.txt"), nil, 0o644))
	require.Equal(t, "google.golang.org/protobuf/proto", p.missing(part("google.golang.org/protobuf/proto")))
}
