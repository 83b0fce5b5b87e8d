package route

import "strings"

// spread puts an endpoint for each place at which its router is mounted in the
// stead of one, and keeps one of those that functions register which several
// programs run.
func (f *Finder) spread() {
	var out []*Endpoint
	seen := map[string]bool{}
	for _, e := range f.endpoints {
		for _, one := range e.places() {
			key := strings.Join([]string{one.Protocol, one.Method, one.fullPath(), one.Name, one.Site.Fn.Sym, itoa(int(one.Site.Instr))}, "\x00")
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
	if e.router == nil || e.Method == "RPC" {
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
