package analyzer

import (
	"go/ast"
	"go/types"
	"strings"
	"time"

	"github.com/idemlint/idemlint/analyzer/internal/fix"
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/rule"
	"github.com/idemlint/idemlint/analyzer/report"
)

// repairs are the fixes that change the statement that is wrong, by rule. Each
// has the sentence that says what it does.
var repairs = map[string]struct {
	message string
	edits   func(*repairing) []report.Edit
}{
	"claim-error-ignored":  {"end the request when the claim fails", (*repairing).claimError},
	"claim-result-ignored": {"end the request when it was not the first", (*repairing).claimResult},
	"empty-key":            {"refuse requests without a key", (*repairing).requireKey},
	"optional-key":         {"refuse requests without a key", (*repairing).requireKey},
	"key-per-attempt":      {"make the key once, before the first attempt", (*repairing).hoist},
	"no-expiry":            {"let the claim expire", (*repairing).expire},
	"outbound-without-key": {"hand on the caller's key", (*repairing).forward},
}

// repairing is a finding to be repaired.
type repairing struct {
	*analysis
	j *judged
	p *rule.Problem
}

// at is the call at a site, with its file; nil where it may not be changed.
func (r *repairing) at(s link.Site) (*fix.Source, *ast.CallExpr) {
	if s.Fn == nil {
		return nil, nil
	}
	src, call := r.fixer.source(r.files, s), r.files.call(s)
	if src == nil || call == nil {
		return nil, nil
	}
	return src, call
}

// claim is the call that the finding stands at.
func (r *repairing) claim() (*fix.Source, *ast.CallExpr) {
	if r.p.At == nil {
		return nil, nil
	}
	return r.at(r.p.At.Site)
}

func (r *repairing) claimError() []report.Edit {
	src, call := r.claim()
	if call == nil {
		return nil
	}
	return fix.ClaimError(src, call)
}

// claimResult has nothing for consumers: whether a message that was claimed
// before may be dropped, or has to come again, the code does not say.
func (r *repairing) claimResult() []report.Edit {
	src, call := r.claim()
	if call == nil || r.j.endpoint.Protocol == "event" || r.j.endpoint.Method == "CONSUMER" {
		return nil
	}
	return fix.ClaimResult(src, call)
}

func (r *repairing) expire() []report.Edit {
	src, call := r.claim()
	if call == nil {
		return nil
	}
	l := fix.Lifetime{Length: time.Duration(r.cfg.Guard.TTL)}
	if c := r.cfg.NoExpiry.Constant; c.Package != "" {
		if l.Constant = r.constant(string(c.Package), string(c.Name)); l.Constant == nil {
			return nil
		}
	}
	return fix.Expiry(src, call, l)
}

// constant is a constant of a first-party package, nil for none.
func (r *repairing) constant(pkg, name string) *types.Const {
	p := r.fixer.packages[pkg]
	if p == nil || p.IllTyped {
		return nil
	}
	c, _ := p.Types.Scope().Lookup(name).(*types.Const)
	return c
}

// requireKey refuses requests in the handler alone: middleware may also stand
// in front of routes whose callers need no key.
func (r *repairing) requireKey() []report.Edit {
	read := r.key()
	if read == nil || r.j.endpoint.Handler == nil || read.Site.Fn != r.j.endpoint.Handler {
		return nil
	}
	src, call := r.at(read.Site)
	if call == nil {
		return nil
	}
	return fix.RequireKey(src, call)
}

// key is the one read of the caller's key, nil where there are several.
func (r *repairing) key() *guard.Occurrence {
	if len(r.j.verdict.Keys) != 1 {
		return nil
	}
	return r.j.verdict.Keys[0]
}

func (r *repairing) hoist() []report.Edit {
	src, call := r.at(r.p.Made.Site)
	if call == nil {
		return nil
	}
	return fix.Hoist(src, call, r.p.Made.Loop)
}

// forward hands the key on where it is read in the same function.
func (r *repairing) forward() []report.Edit {
	src, call := r.claim()
	read := r.key()
	if call == nil || read == nil || read.Site.Fn != r.p.At.Site.Fn || r.p.At.Row == nil {
		return nil
	}
	_, from := r.at(read.Site)
	if from == nil {
		return nil
	}
	return fix.Forward(src, from, call, placesOf(r.p.At.Row))
}

// placesOf lists where a library's call takes a key: a method that sets it
// before a field, which may want a pointer.
func placesOf(row *model.Effect) []fix.Place {
	var methods, fields []fix.Place
	for _, d := range row.Dedupe {
		switch s := d.Sel(); s.Kind {
		case model.SelCall:
			methods = append(methods, fix.Place{Arg: s.Index, Method: s.Name})
		case model.SelField:
			name := s.Name[strings.LastIndexByte(s.Name, '.')+1:]
			methods = append(methods, fix.Place{Arg: s.Index, Method: "Set" + name})
			fields = append(fields, fix.Place{Arg: s.Index, Field: name})
		}
	}
	return append(methods, fields...)
}
