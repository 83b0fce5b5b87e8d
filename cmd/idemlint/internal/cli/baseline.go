package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/idemlint/idemlint/analyzer/baseline"
)

// baselineOff as the value of -baseline leaves the config's out.
const baselineOff = "off"

// maxListed bounds the entries that a run lists in passing.
const maxListed = 10

// baselineCommand is "idemlint baseline". It looks at the whole module or
// workspace: a part would take the rest for repaired.
func baselineCommand(ctx context.Context, a *App, s *settings, args []string) (int, error) {
	work := map[string]func(s *settings, b *baselineRun) (int, error){
		"write": a.writeBaseline, "check": a.checkBaseline, "prune": a.pruneBaseline,
	}
	if len(args) != 1 || work[args[0]] == nil {
		return exitError, errors.New("baseline needs one of write, check and prune, and takes no packages: it holds those of the whole module or workspace")
	}
	opts, err := s.options(ctx)
	if err != nil {
		return exitError, err
	}
	if opts.Baseline == baselineOff || opts.BaselineData != nil {
		return exitError, fmt.Errorf("-baseline %s: baseline needs a file", s.baseline)
	}
	where, err := a.Baseline(opts)
	if err != nil {
		return exitError, err
	}
	b := &baselineRun{where: where, name: s.shown(where.File)}
	b.old, err = baseline.Read(where.File)
	if err != nil && (args[0] != "write" || !missing(where.File)) {
		return exitError, err
	}
	opts.Dir, opts.Baseline = where.Root, baselineOff
	if b.result, err = a.run(ctx, s, opts); err != nil {
		return exitError, err
	}
	if !b.result.Document.Complete {
		return exitError, errors.New("the analysis is incomplete: what was not analysed would be taken for repaired")
	}
	return work[args[0]](s, b)
}

// baselineRun is what the baseline commands work on.
type baselineRun struct {
	where  Baseline
	name   string         // as messages have it
	old    *baseline.File // nil when there is none yet
	result *Result        // with no finding accepted
}

// missing says whether a file is not there.
func missing(name string) bool {
	_, err := os.Stat(name)
	return errors.Is(err, fs.ErrNotExist)
}

// shown returns a file name relative to the folder of the run, where that is
// shorter.
func (s *settings) shown(name string) string {
	if rel, err := filepath.Rel(s.dir, name); err == nil && len(rel) < len(name) {
		return rel
	}
	return name
}

// writeBaseline accepts what is found, and says what that adds and removes.
func (a *App) writeBaseline(s *settings, b *baselineRun) (int, error) {
	found := baseline.Entries(b.result.Document)
	added, gone := found, []baseline.Entry(nil)
	if b.old != nil {
		added, gone = b.old.Added(found), b.old.Apply(b.result.Document)
	}
	file := baseline.New(b.where.File, found, b.old)
	if err := replace(b.where.File, file.Encode()); err != nil {
		return exitError, err
	}
	if s.quiet {
		return exitOK, nil
	}
	var out bytes.Buffer
	if len(added) > 0 {
		fmt.Fprintf(&out, "accepted:\n%s\n", list(added, len(added)))
	}
	if len(gone) > 0 {
		fmt.Fprintf(&out, "removed, as they match nothing:\n%s\n", list(gone, len(gone)))
	}
	fmt.Fprintf(&out, "%s holds %s\n", b.name, entryCount(len(file.Entries)))
	if !b.where.Named {
		fmt.Fprintf(&out, "nothing names it yet: write \"baseline: %s\" into the config, or pass -baseline %s\n", filepath.Base(b.name), b.name)
	}
	_, err := a.Stdout.Write(out.Bytes())
	return exitOK, err
}

// checkBaseline lists the entries that match nothing.
func (a *App) checkBaseline(_ *settings, b *baselineRun) (int, error) {
	stale := b.old.Apply(b.result.Document)
	if len(stale) == 0 {
		return exitOK, nil
	}
	_, err := fmt.Fprintf(a.Stdout, "%s: these entries match nothing; \"idemlint baseline prune\" removes them:\n%s\n", b.name, list(stale, len(stale)))
	return exitFindings, err
}

// pruneBaseline removes the entries that match nothing, and adds none.
func (a *App) pruneBaseline(s *settings, b *baselineRun) (int, error) {
	stale := b.old.Apply(b.result.Document)
	if len(stale) == 0 {
		return exitOK, nil
	}
	if err := replace(b.where.File, b.old.Without(stale).Encode()); err != nil {
		return exitError, err
	}
	if s.quiet {
		return exitOK, nil
	}
	_, err := fmt.Fprintf(a.Stdout, "removed from %s:\n%s\n", b.name, list(stale, len(stale)))
	return exitOK, err
}

// replace writes a file, so that it is never there by half.
func replace(name string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // it is gone when all went well
	if _, err := tmp.Write(data); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	if err := os.Chmod(tmp.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}

// entryCount is a number of entries in words.
func entryCount(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

// list writes entries a line each, at most so many.
func list(entries []baseline.Entry, limit int) string {
	var lines []string
	for i, e := range entries {
		if i == limit {
			lines = append(lines, fmt.Sprintf("  and %d more", len(entries)-limit))
			break
		}
		at := ""
		if e.Line() > 0 {
			at = fmt.Sprintf("line %d: ", e.Line())
		}
		lines = append(lines, "  "+at+e.String())
	}
	return strings.Join(lines, "\n")
}
