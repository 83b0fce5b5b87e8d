package diff

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Repo is a git work tree.
type Repo struct {
	// Root is its absolute folder.
	Root string
}

// Open returns the work tree that a folder is in.
func Open(ctx context.Context, dir string) (*Repo, error) {
	out, err := git(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	return &Repo{Root: filepath.FromSlash(strings.TrimSpace(string(out)))}, nil
}

// git runs git in a folder; its error is what git says.
func git(ctx context.Context, dir string, args ...string) ([]byte, error) {
	return gitWith(ctx, dir, "GIT_OPTIONAL_LOCKS=0", args...)
}

// gitWith is git with a variable of the environment. The repository's config may
// name a program that watches the folder, which is not run.
func gitWith(ctx context.Context, dir, env string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-c", "core.fsmonitor=false"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", env)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err == nil {
		return out, nil
	}
	if text := strings.TrimSpace(stderr.String()); text != "" {
		return nil, errors.New(text)
	}
	return nil, fmt.Errorf("git %s: %w", args[0], err)
}

// errDash is said of what git would take for an option.
var errDash = errors.New("no revision begins with a dash")

// commit returns the full name of the commit that a revision means, "" when
// there is none.
func (r *Repo) commit(ctx context.Context, rev string) string {
	if strings.HasPrefix(rev, "-") {
		return ""
	}
	out, err := git(ctx, r.Root, "rev-parse", "--verify", "--quiet", rev+"^{commit}")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// MergeBase returns the commit at which HEAD and a revision part. Where it
// cannot be found, which is the rule in the clones that CI systems make, the
// error says which command brings what is missing.
func (r *Repo) MergeBase(ctx context.Context, rev string) (string, error) {
	shallow := false
	if out, err := git(ctx, r.Root, "rev-parse", "--is-shallow-repository"); err == nil {
		shallow = strings.TrimSpace(string(out)) == "true"
	}
	commit := r.commit(ctx, rev)
	if strings.HasPrefix(rev, "-") {
		return "", errDash
	}
	if commit == "" {
		return "", fmt.Errorf("there is no revision %s here; run %s", rev, r.fetchCommand(ctx, rev, shallow))
	}
	out, err := git(ctx, r.Root, "merge-base", "HEAD", commit)
	switch {
	case err == nil:
		return strings.TrimSpace(string(out)), nil
	case shallow:
		return "", fmt.Errorf("HEAD and %s have no common commit in this shallow clone; run \"git fetch --unshallow\" (actions/checkout: fetch-depth: 0)", rev)
	}
	return "", fmt.Errorf("HEAD and %s have no common commit: there is nothing to compare with", rev)
}

// fetchCommand is what brings a revision that is not here.
func (r *Repo) fetchCommand(ctx context.Context, rev string, shallow bool) string {
	remote, branch, ok := strings.Cut(rev, "/")
	if ok {
		if _, err := git(ctx, r.Root, "remote", "get-url", "--", remote); err != nil {
			ok = false
		}
	}
	if !ok {
		remote, branch = "origin", rev
	}
	refspec := branch
	if ok {
		refspec = fmt.Sprintf("+refs/heads/%s:refs/remotes/%s/%s", branch, remote, branch)
	}
	flag := ""
	if shallow {
		flag = "--unshallow "
	}
	return fmt.Sprintf("\"git fetch %s%s %s\"", flag, remote, refspec)
}

// Since returns what the work tree has changed since a commit: committed or
// not, files that git does not know yet among it.
func (r *Repo) Since(ctx context.Context, commit string) (*Lines, error) {
	patch, err := git(ctx, r.Root, "-c", "core.quotePath=off", "diff", "--unified=0", "--find-renames",
		"--no-ext-diff", "--no-textconv", "--no-color", "--no-relative", "--src-prefix=a/", "--dst-prefix=b/",
		"--ignore-submodules", commit, "--")
	if err != nil {
		return nil, err
	}
	lines := newLines()
	lines.none = len(bytes.TrimSpace(patch)) == 0
	if !lines.none {
		if lines, err = Parse(patch, r.Root); err != nil {
			return nil, fmt.Errorf("git diff %s: %w", commit, err)
		}
	}
	others, err := git(ctx, r.Root, "ls-files", "--others", "--exclude-standard", "-z", "--", "*.go", "*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range strings.Split(string(others), "\x00") {
		if name != "" {
			lines.at(filepath.Join(r.Root, filepath.FromSlash(name))).all = true
			lines.none = false
		}
	}
	return lines, nil
}

// Checkout writes the files of a commit into an empty folder. The repository
// stays as it is.
func (r *Repo) Checkout(ctx context.Context, commit, dir string) error {
	index, err := os.CreateTemp("", "idemlint-index")
	if err != nil {
		return err
	}
	name := index.Name()
	defer func() { _ = os.Remove(name) }()
	if err := errors.Join(index.Close(), os.Remove(name)); err != nil { // git wants to make it
		return err
	}
	env := "GIT_INDEX_FILE=" + name
	if _, err := gitWith(ctx, r.Root, env, "read-tree", commit); err != nil {
		return err
	}
	// Files in large file storage are not source code, and fetching them takes long.
	_, err = gitWith(ctx, r.Root, env, "-c", "filter.lfs.smudge=", "-c", "filter.lfs.process=", "-c", "filter.lfs.required=false",
		"checkout-index", "--all", "--quiet", "--prefix="+filepath.ToSlash(dir)+"/")
	return err
}

// Show returns the content of a file in a revision. The path starts at the
// root of the work tree, or at dir when it begins with ./ or ../, as git has it.
func Show(ctx context.Context, dir, rev, path string) ([]byte, error) {
	r, err := Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	switch {
	case strings.HasPrefix(rev, "-"):
		return nil, errDash
	case r.commit(ctx, rev) == "":
		shallow := false
		return nil, fmt.Errorf("there is no revision %s here; run %s", rev, r.fetchCommand(ctx, rev, shallow))
	}
	return git(ctx, dir, "cat-file", "blob", rev+":"+path)
}
