package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// change is the new text of a file.
type change struct {
	name string // absolute
	data []byte
	old  []byte // the text before; nil for a file that is new
}

// commit writes all changes, or none: the new texts are written beside the
// files first and then put in their places; when that fails half way the old
// texts are put back. Files keep their permissions. A symbolic link is
// followed only while it stays below root.
func commit(root string, changes []change) error {
	var staged []*staging
	defer func() {
		for _, s := range staged {
			s.drop()
		}
	}()
	for _, c := range changes {
		s, err := stage(root, c)
		if err != nil {
			return err
		}
		staged = append(staged, s)
	}
	for i, s := range staged {
		if err := os.Rename(s.temp, s.name); err != nil {
			err = fmt.Errorf("write %s: %w", s.name, reason(err))
			for _, done := range staged[:i] {
				err = errors.Join(err, done.undo())
			}
			return err
		}
		s.temp = ""
	}
	return nil
}

// staging is a change whose new text is in a file of its own.
type staging struct {
	name, temp string
	old        []byte
	mode       fs.FileMode
	fresh      bool
}

func stage(root string, c change) (*staging, error) {
	s := &staging{name: c.name, mode: 0o666, fresh: true}
	if target, err := filepath.EvalSymlinks(c.name); err == nil {
		if !within(root, target) {
			return nil, fmt.Errorf("%s leads out of the module, to %s: not written", c.name, target)
		}
		info, err := os.Stat(target)
		if err != nil {
			return nil, err
		}
		if s.old, err = os.ReadFile(target); err != nil {
			return nil, err
		}
		s.name, s.mode, s.fresh = target, info.Mode().Perm(), false
	}
	dir := filepath.Dir(s.name)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	if actual, err := filepath.EvalSymlinks(dir); err != nil || !within(root, actual) {
		return nil, fmt.Errorf("%s leads out of the module: not written", dir)
	}
	f, err := os.OpenFile(filepath.Join(dir, "."+filepath.Base(s.name)+".idemlint"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, s.mode)
	if err != nil {
		return nil, err
	}
	s.temp = f.Name()
	_, err = f.Write(c.data)
	if err == nil && !s.fresh {
		err = f.Chmod(s.mode)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		s.drop()
		return nil, err
	}
	return s, nil
}

// drop removes the new text where it was not put in its place.
func (s *staging) drop() {
	if s.temp != "" {
		_ = os.Remove(s.temp)
	}
}

// undo puts the old text back.
func (s *staging) undo() error {
	if s.fresh {
		return os.Remove(s.name)
	}
	return os.WriteFile(s.name, s.old, s.mode)
}

// within says whether a real path lies below a folder.
func within(root, name string) bool {
	if actual, err := filepath.EvalSymlinks(root); err == nil {
		root = actual
	}
	rel, err := filepath.Rel(root, name)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
