package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"

	"github.com/idemlint/idemlint/testdata/replay/oracle/compare"
	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
)

// workshop is a folder with copies of services and harness.
type workshop struct {
	ctx                           context.Context
	bin, root, dir, store, stores string
}

// row counts what became of a service's findings.
type row struct {
	module                                               string
	findings, fixable, offered, applied, compiled, clean int
	proven, provable                                     int
	repaired                                             []name
	notes                                                []string
}

// name is how prove is told of an endpoint.
type name struct{ Module, Method, Route, Handler string }

// withFix are the rules for which a fix exists that guards the endpoint; for
// those in alsoFixed it does where the endpoint's own key is the guard's.
var (
	withFix   = []string{"missing-key", "key-unused", "event-without-dedupe"}
	alsoFixed = []string{"check-then-act", "late-claim"}
)

const guardDir = "internal/idemguard"

// copy copies services, shop and harness, and points them at the repository.
func (w *workshop) copy() error {
	if err := os.CopyFS(filepath.Join(w.dir, "replay"), os.DirFS(filepath.Join(w.root, "testdata", "replay"))); err != nil {
		return err
	}
	if err := os.CopyFS(filepath.Join(w.dir, "shop"), os.DirFS(filepath.Join(w.root, "testdata", "shop"))); err != nil {
		return err
	}
	root, err := filepath.Abs(w.root)
	if err != nil {
		return err
	}
	if err := edit(filepath.Join(w.dir, "shop", "go.mod"), "=> ../../", "=> "+root+"/"); err != nil {
		return err
	}
	mod := filepath.Join(w.dir, "replay", "oracle", "go.mod")
	return edit(mod, "github.com/idemlint/idemlint => ../../..", "github.com/idemlint/idemlint => "+root)
}

// edit replaces a text in a file, which has to hold it.
func edit(file, old, text string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !bytes.Contains(data, []byte(old)) {
		return fmt.Errorf("%s: nothing to replace: %q", file, old)
	}
	return os.WriteFile(file, bytes.Replace(data, []byte(old), []byte(text), 1), 0o644)
}

// folder is where a service's copy is.
func (w *workshop) folder(module string) string {
	if module == "shop" {
		return filepath.Join(w.dir, module)
	}
	return filepath.Join(w.dir, "replay", module)
}

// storeOf is the store that a service's guard gets, and the dialect.
func (w *workshop) storeOf(module string) (store, dialect string) {
	if module == "functions" {
		return "dynamodb", ""
	}
	if w.store == "redis" && module != "shop" {
		return "redis", ""
	}
	if w.stores == "all" && module != "shop" {
		return "sql", "postgres"
	}
	return "sql", "sqlite"
}

// repair runs init and -fix in a service's copy and looks at what came of it.
func (w *workshop) repair(module string) (*row, error) {
	dir, r := w.folder(module), &row{module: module}
	store, dialect := w.storeOf(module)
	args := []string{"init", "-store", store, "-dir", guardDir}
	if dialect != "" {
		args = append(args, "-dialect", dialect)
	}
	if out, err := w.idemlint(dir, args...); err != nil {
		return nil, fmt.Errorf("init: %w\n%s", err, out)
	}
	before, err := compare.Run(w.ctx, w.bin, dir, nil)
	if err != nil {
		return nil, err
	}
	offered := w.count(r, before)
	if out, err := w.idemlint(dir, "-fix", "-fail-on", "never"); err != nil {
		return nil, fmt.Errorf("-fix: %w\n%s", err, out)
	}
	r.applied = w.appliedIn(dir, offered)
	if out, err := command(w.ctx, dir, "go", "build", "./..."); err != nil {
		r.notes = append(r.notes, "does not compile: "+firstLine(out))
		return r, nil
	}
	r.compiled = r.applied
	after, err := compare.Run(w.ctx, w.bin, dir, nil)
	if err != nil {
		return nil, err
	}
	for _, f := range after.Findings {
		if f.Fix != nil && f.Status == report.Active {
			r.notes = append(r.notes, "applying the fixes again changes something: "+f.Rule+": "+f.Message)
		}
	}
	for _, f := range offered {
		if left := remains(after, endpointOf(before, f)); left != "" {
			r.notes = append(r.notes, "still found: "+left)
			continue
		}
		r.clean++
	}
	return r, nil
}

// count counts the findings and gives those with a fix; their endpoints are
// to be proved.
func (w *workshop) count(r *row, doc report.Document) []report.Finding {
	var offered []report.Finding
	for _, f := range doc.Findings {
		if f.Status != report.Active {
			continue
		}
		r.findings++
		if !slices.Contains(withFix, f.Rule) && (f.Fix == nil || !slices.Contains(alsoFixed, f.Rule)) {
			continue
		}
		r.fixable++
		if f.Fix == nil {
			r.notes = append(r.notes, "no fix: "+f.Rule+": "+f.Message)
			continue
		}
		offered = append(offered, f)
		e := endpointOf(doc, f)
		r.repaired = append(r.repaired, name{r.module, e.Method, e.Route, e.Handler})
	}
	r.offered = len(offered)
	return offered
}

// appliedIn counts the fixes whose new text is in the files that they change.
func (w *workshop) appliedIn(dir string, offered []report.Finding) int {
	n := 0
	for _, f := range offered {
		all := true
		for _, e := range f.Fix.Edits {
			data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(e.File)))
			all = all && err == nil && bytes.Contains(data, []byte(e.New))
		}
		if all {
			n++
		}
	}
	return n
}

func endpointOf(doc report.Document, f report.Finding) report.Endpoint {
	for _, e := range doc.Endpoints {
		if slices.Contains(f.Endpoints, e.ID) {
			return e
		}
	}
	return report.Endpoint{}
}

// remains is a finding about an endpoint that is left, "" when there is none.
func remains(doc report.Document, e report.Endpoint) string {
	for _, f := range doc.Findings {
		o := endpointOf(doc, f)
		if o.Method == e.Method && o.Route == e.Route && o.RoutePos[:strings.IndexByte(o.RoutePos+":", ':')] == e.RoutePos[:strings.IndexByte(e.RoutePos+":", ':')] && o.Handler == e.Handler {
			return f.Rule + ": " + f.Message
		}
	}
	return ""
}

// idemlint runs the linter and gives its standard output; findings are no
// error.
func (w *workshop) idemlint(dir string, args ...string) (string, error) {
	out, err := command(w.ctx, dir, w.bin, args...)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 1 {
		err = nil
	}
	return out, err
}

func command(ctx context.Context, dir, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if err != nil {
		return out.String() + errs.String(), err
	}
	return out.String(), nil
}

func firstLine(s string) string {
	for _, l := range strings.Split(s, "\n") {
		if l != "" && !strings.HasPrefix(l, "#") {
			return l
		}
	}
	return s
}

// prove measures the repaired endpoints.
func (w *workshop) prove(rows []*row) error {
	var names []name
	var proved []string
	for _, r := range rows {
		if r.compiled != r.offered || r.offered == 0 {
			continue
		}
		r.provable = len(r.repaired)
		if r.module == "shop" {
			if err := w.proveShop(r); err != nil {
				return err
			}
			continue
		}
		names = append(names, r.repaired...)
		proved = append(proved, r.module)
	}
	if len(names) == 0 {
		return nil
	}
	if err := w.glue(proved); err != nil {
		return err
	}
	oracle := filepath.Join(w.dir, "replay", "oracle")
	list, out := filepath.Join(w.dir, "endpoints.json"), filepath.Join(w.dir, "truth.json")
	raw, err := json.Marshal(names)
	if err != nil {
		return err
	}
	if err := os.WriteFile(list, raw, 0o644); err != nil {
		return err
	}
	if text, err := command(w.ctx, oracle, "go", "run", "./cmd/prove", "-stores", w.stores, "-endpoints", list, "-out", out); err != nil {
		return fmt.Errorf("prove: %w\n%s", err, text)
	}
	if raw, err = os.ReadFile(out); err != nil {
		return err
	}
	var truths []trial.Truth
	if err := json.Unmarshal(raw, &truths); err != nil {
		return err
	}
	for _, r := range rows {
		if r.module != "shop" {
			r.judge(truths)
		}
	}
	return nil
}

// judge counts the endpoints that were found safe.
func (r *row) judge(truths []trial.Truth) {
	for _, n := range r.repaired {
		found := false
		for _, t := range truths {
			same := t.Protocol == "lambda" && t.Handler == n.Handler ||
				t.Protocol != "lambda" && t.Route == n.Route && (t.Method == n.Method || n.Method == "ANY")
			if t.Module != r.module || !same {
				continue
			}
			found = true
			if t.Protection == trial.Full {
				r.proven++
				break
			}
			note := fmt.Sprintf("not safe: %s %s %s", n.Method, n.Route, t.Protection)
			for _, d := range t.Defects {
				if d.Counts {
					note += fmt.Sprintf("; %s (%s)", d.Name, d.When)
				}
			}
			r.notes = append(r.notes, note)
			break
		}
		if !found {
			r.notes = append(r.notes, fmt.Sprintf("not measured: %s %s %s", n.Method, n.Route, n.Handler))
		}
	}
}
