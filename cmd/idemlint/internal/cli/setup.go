package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/idemlint/idemlint/analyzer/report"
)

// Setup is what the flags of "idemlint init" say.
type Setup struct {
	Store, Dialect, KeyHeader string
	TTL                       time.Duration
	Dir, Wire                 string
}

// SetupPlan is what "idemlint init" writes and says.
type SetupPlan struct {
	Root        string // the module's folder
	Files       []SetupFile
	Found, Next []string
	Problems    []report.Problem // what did not compile before
}

// SetupFile is a file to write; unless Edit is set it must not exist.
type SetupFile struct {
	Name string // relative to the module's root, with slashes
	Data []byte
	Edit bool
}

// initialise is "idemlint init".
func initialise(ctx context.Context, a *App, s *settings, args []string) (int, error) {
	if len(args) > 0 {
		return exitError, errors.New("init takes no packages: it sets up the module that it runs in")
	}
	ttl, err := time.ParseDuration(s.setup.ttl)
	if err != nil || ttl <= 0 {
		return exitError, fmt.Errorf("-ttl %s: must be a duration such as 24h", s.setup.ttl)
	}
	if err := validHeader(s.setup.keyHeader); err != nil {
		return exitError, err
	}
	plan, err := a.Setup(ctx, Options{Dir: s.dir, Tags: s.tags, Config: s.config, Cgo: s.cgo, Patterns: []string{"./..."}}, Setup{
		Store: s.setup.store, Dialect: s.setup.dialect, KeyHeader: s.setup.keyHeader, TTL: ttl, Dir: s.setup.dir, Wire: s.setup.wire,
	})
	if err != nil {
		return exitError, err
	}
	if err := plan.free(); err != nil {
		return exitError, err
	}
	undo, err := plan.write()
	if err != nil {
		return exitError, err
	}
	if err := a.compiles(ctx, s, plan); err != nil {
		return exitError, errors.Join(err, undo())
	}
	return exitOK, a.sayPlan(plan)
}

// validHeader refuses what cannot be a header's name, or would not be text in
// Go code.
func validHeader(name string) error {
	for _, r := range name {
		if r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return fmt.Errorf("-key-header %s: must be the name of a header", name)
		}
	}
	if name == "" {
		return errors.New("-key-header must not be empty")
	}
	return nil
}

// free fails when a file would be overwritten.
func (p *SetupPlan) free() error {
	for _, f := range p.Files {
		name := filepath.Join(p.Root, filepath.FromSlash(f.Name))
		if _, err := os.Lstat(name); !f.Edit && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s exists; nothing was written (-dir chooses another folder)", f.Name)
		}
	}
	return nil
}

// write writes all files, or none. The function that it returns takes them
// back.
func (p *SetupPlan) write() (undo func() error, err error) {
	var changes []change
	for _, f := range p.Files {
		c := change{name: filepath.Join(p.Root, filepath.FromSlash(f.Name)), data: f.Data}
		if f.Edit {
			if c.old, err = os.ReadFile(c.name); err != nil {
				return nil, err
			}
		}
		changes = append(changes, c)
	}
	undo = func() error {
		var errs []error
		for _, c := range changes {
			if c.old == nil {
				errs = append(errs, os.Remove(c.name))
				_ = os.Remove(filepath.Dir(c.name)) // when it is empty
			} else {
				errs = append(errs, os.WriteFile(c.name, c.old, 0o666))
			}
		}
		return errors.Join(errs...)
	}
	return undo, commit(p.Root, changes)
}

// compiles says what is wrong with the module, now that it has a guard, that was
// not so before.
func (a *App) compiles(ctx context.Context, s *settings, p *SetupPlan) error {
	res, err := a.Run(ctx, Options{Dir: s.dir, Tags: s.tags, Config: s.config, Cgo: s.cgo, Patterns: []string{"./..."}})
	if err != nil {
		return fmt.Errorf("the package does not fit this module, and was taken back: %w", err)
	}
	if text := broken(p.Problems, res.Document); text != "" {
		return errors.New("the package does not fit this module, and was taken back: " + text)
	}
	return nil
}

// sayPlan prints what was written and what is next.
func (a *App) sayPlan(p *SetupPlan) error {
	var b strings.Builder
	for _, s := range p.Found {
		fmt.Fprintln(&b, "found   "+s)
	}
	for _, f := range p.Files {
		verb := "wrote   "
		if f.Edit {
			verb = "edited  "
		}
		fmt.Fprintln(&b, verb+f.Name)
	}
	for _, s := range p.Next {
		fmt.Fprintln(&b, "next    "+strings.ReplaceAll(s, "\n", "\n          "))
	}
	_, err := fmt.Fprint(a.Stdout, b.String())
	return err
}
