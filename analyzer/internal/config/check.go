package config

import (
	"errors"
	"strings"
)

// check implements checker.
func (k *Key) check() error {
	given := 0
	for _, name := range []string{k.Field, string(k.Header), string(k.Metadata)} {
		if name != "" {
			given++
		}
	}
	if given != 1 {
		return errors.New("exactly one of field, header and metadata names the key")
	}
	return nil
}

// check implements checker.
func (e *Entry) check() error {
	set := e.Set != Set{}
	switch {
	case e.Match.String() == "":
		return errors.New("match is missing; say which endpoints are meant, such as match: {route: /internal/**}")
	case set && e.Require != "":
		return errors.New("set and require exclude each other; keep one")
	case !set && e.Require == "":
		return errors.New("the entry changes nothing; add set: waived, set: guarded-by NAME or require: full")
	case set && e.Reason == "":
		return errors.New("reason is missing; it is compulsory beside set")
	}
	e.Reason = strings.Join(strings.Fields(e.Reason), " ") // reports show it on one line
	return nil
}

// check implements checker.
func (g *Guard) check() error {
	if g.Package == "" && (g.Wrap != "" || g.Interceptor != "") {
		return errors.New("package is missing; wrap and interceptor are functions of it")
	}
	return nil
}
