package eval

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/lexicon"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// guardWord marks a Resume whose first argument is a library's guard, and the
// second what it stands in front of.
const guardWord = "guard"

// Library is a library's guard as a program uses it.
type Library struct {
	*model.Protection
	Shared bool // its claims are seen by all processes
}

// Protects reports whether a middleware is a library's guard.
func (m *Machine) Protects(mw *Val) bool {
	l, _ := m.library(mw)
	return l != nil
}

// Behind is a handler with a library's guard in front of it.
func (m *Machine) Behind(mw, h *Val) *Val {
	return &Val{Kind: Resume, Str: guardWord, Args: []*Val{mw, h}, Type: h.Type}
}

// library finds the row of a library's guard by the call that made it, or the
// method that it is. One that its configuration lets step aside is none that
// could be counted on.
func (m *Machine) library(mw *Val) (*Library, *Val) {
	for mw.Kind == Result && len(mw.Args) == 1 {
		mw = mw.Args[0]
	}
	if mw.Ext == nil || mw.Kind != Call && (mw.Kind != Func || mw.Fn != nil) {
		return nil, nil
	}
	rows := m.rows(mw.Ext)
	if rows == nil && namedGuard(mw.Ext) {
		return &Library{Protection: takenFor, Shared: true}, mw
	}
	if rows == nil || rows.Protection == nil || rows.Protection.Kind != "middleware" {
		return nil, nil
	}
	p := rows.Protection
	if given(m.pick(p.SkippedBy, mw.Recv, mw.Args)) {
		return nil, nil
	}
	return &Library{p, p.Shared || given(m.pick(p.SharedBy, mw.Recv, mw.Args))}, mw
}

// takenFor is what the middleware of a library without a row is taken to do
// when it is named for it.
var takenFor = &model.Protection{Kind: "middleware", RequiresKey: true, Atomic: true, FailsClosed: true, Replays: true}

// namedGuard reports whether a library's function or method is named for keeping
// repeats away, or its type or package is.
func namedGuard(c *unit.Callee) bool {
	if c.First || c.Pkg == "" {
		return false
	}
	return slices.ContainsFunc(append(strings.Split(c.Pkg, "/"), c.Type, c.Name), lexicon.Dedupes)
}

// given reports whether a setting is there and says something.
func given(v *Val) bool {
	return v != nil && !v.IsNil() && (v.Kind != Const || v.Str != "" && v.Str != "0" && v.Str != "false")
}

// guarded runs what stands behind a library's guard: the guard reads the key
// and claims it, and all that follows depends on the claim's outcome.
func (m *Machine) guarded(f *Frame, i int32, mw *Val, run func()) {
	l, at := m.library(mw)
	if l == nil {
		run()
		return
	}
	outcome := m.libraryClaim(f, i, l, at)
	from := len(f.Items)
	run()
	for k := range f.Items[min(from, len(f.Items)):] {
		it := &f.Items[from+k]
		it.Behind = append(slices.Clone(it.Behind), outcome)
	}
}

func (m *Machine) libraryClaim(f *Frame, i int32, l *Library, mw *Val) *Val {
	f.impure = true
	site := mw.Site
	if site.Fn == nil && mw.Recv != nil {
		site = mw.Recv.Site
	}
	if site.Fn == nil {
		site = link.Site{Fn: f.Fn, Instr: max(i, 0)}
	}
	if site.Fn == nil {
		site = link.Site{Fn: m.Served()}
	}
	name := l.Header
	if v := m.pick(l.HeaderBy, mw.Recv, mw.Args); v != nil {
		if s, ok := v.ConstString(); ok && s != "" {
			name = s
		}
	}
	key := &Val{Kind: Unknown, Tag: FromRequest | StrongKey, Key: name}
	if name != "" {
		read := &Event{ID: m.nextEvent(), Site: site, KeyRead: name, Source: "header", Tag: StrongKey, Text: "reads " + name, Modelled: true}
		f.Items = append(f.Items, Item{Instr: i, Block: f.blockOf(i), Event: read})
	}
	ev := &Event{
		ID: m.nextEvent(), Site: site, Class: model.ClassClaim, Identity: key, Given: key.Tag, Name: CalleeName(mw.Ext),
		Text: "claims the key by " + CalleeName(mw.Ext), Local: !l.Shared, Modelled: true, Assumed: l.Protection == takenFor, Library: l, Store: "library",
	}
	f.Items = append(f.Items, Item{Instr: i, Block: f.blockOf(i), Event: ev})
	return &Val{Kind: Unknown, Tag: key.Tag | Tested, From: []Origin{{Event: ev, Part: PartValue}}}
}

// inlineGuard is a call that asks a library whether a key was seen before, or
// that runs a function unless it was.
func (m *Machine) inlineGuard(f *Frame, i int32, c *unit.Callee, p *model.Protection, recv *Val, args []*Val, t *link.Type) *Val {
	v := m.term(f, i, c, recv, args, t)
	outcome := m.libraryClaim(f, i, &Library{p, p.Shared || given(m.pick(p.SharedBy, recv, args))}, v)
	v.From = mergeOrigins(v.From, outcome.From)
	if fn := m.pick(p.Func, recv, args); fn != nil {
		from := len(f.Items)
		for _, alt := range fn.Alternatives() {
			m.runCallback(f, i, alt, nil, Plain)
		}
		for k := range f.Items[min(from, len(f.Items)):] {
			f.Items[from+k].Behind = append(f.Items[from+k].Behind, outcome)
		}
	}
	return v
}
