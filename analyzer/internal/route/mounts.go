package route

import (
	"slices"
	"strings"
)

// spread puts an endpoint for each place at which its router is mounted in the
// stead of one, and keeps one of those that functions register which several
// programs run.
func (f *Finder) spread() {
	var out []*Endpoint
	seen := map[string]bool{}
	for _, e := range f.endpoints {
		for _, one := range e.places() {
			key := strings.Join([]string{one.Protocol, one.Method, one.fullPath(), one.Name, one.Site.Fn.Sym, itoa(int(one.Site.Instr)), one.behind()}, "\x00")
			if !seen[key] {
				seen[key] = true
				out = append(out, one)
			}
		}
	}
	f.endpoints = out
}

// places lists the endpoint once for each place of its router.
func (e *Endpoint) places() []*Endpoint {
	if e.router == nil {
		return []*Endpoint{e}
	}
	var out []*Endpoint
	for _, r := range e.router.places(0) {
		one := *e
		one.router = r
		out = append(out, &one)
	}
	return out
}

// behind names what stands around an RPC, whose route does not tell the servers
// apart for which a helper registers it, and what a consumer's loop hands events to.
func (e *Endpoint) behind() string {
	if e.Method != "RPC" {
		return e.hands
	}
	list := slices.Concat(e.around, e.wraps)
	for r, n := e.router, 0; r != nil && n < maxWrapped; n++ {
		next := r.parent
		if next == nil && len(r.mounted) > 0 {
			next = r.mounted[0].parent
			list = append(list, r.mounted[0].outer)
		}
		list = append(list, r.inline...)
		for _, a := range r.attach {
			list = append(list, a.mw)
		}
		r = next
	}
	var names strings.Builder
	for _, v := range list {
		for _, a := range v.Alternatives() {
			switch {
			case a.Fn != nil:
				names.WriteString(a.Fn.Sym)
			case a.Ext != nil:
				names.WriteString(a.Ext.Sym)
			}
			names.WriteByte(',')
		}
	}
	return names.String()
}

// places lists a router once for each place at which it, or one that it hangs
// below, is mounted.
func (r *router) places(depth int) []*router {
	if depth > maxWrapped {
		return []*router{r}
	}
	var out []*router
	switch {
	case r.parent != nil:
		for _, p := range r.parent.places(depth + 1) {
			c := *r
			c.parent = p
			out = append(out, &c)
		}
	case len(r.mounted) > 0:
		for _, m := range r.serving() {
			for _, p := range m.parent.places(depth + 1) {
				c, at := *r, m
				at.parent = p
				c.mounted = []mount{at}
				out = append(out, &c)
			}
		}
	default:
		out = []*router{r}
	}
	return out[:min(len(out), maxExpanded)]
}

// serving lists the mounts of a router that serve something of their own: one
// that sees whole paths and is mounted at the root serves all from there.
func (r *router) serving() []mount {
	for _, m := range r.mounted {
		if m.whole && strings.Trim(m.prefix, "/") == "" {
			return []mount{m}
		}
	}
	return r.mounted
}
