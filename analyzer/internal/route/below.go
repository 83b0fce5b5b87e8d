package route

import "github.com/idemlint/idemlint/analyzer/internal/eval"

// chosen are prefixes that routers have for one endpoint, by their keys, where
// each of them stands for several: a group made of an element of a table, say,
// has the path of that element for which the handler was taken, too.
type chosen map[string]string

// several lists the routers from this one up whose prefix is one of several
// values, and these.
func (r *router) several() (routers []*router, prefixes []*eval.Val) {
	for n := 0; r != nil && n < 20; n++ {
		if _, n := eval.FirstChoice(r.given, nil); n > 0 {
			routers, prefixes = append(routers, r), append(prefixes, r.given)
		}
		switch {
		case r.parent != nil:
			r = r.parent
		case len(r.mounted) > 0:
			r = r.mounted[0].parent
		default:
			r = nil
		}
	}
	return routers, prefixes
}

// choose gives routers the prefixes that go with a registration.
func (f *Finder) choose(routers []*router, prefixes []*eval.Val) chosen {
	if len(routers) == 0 {
		return nil
	}
	out := chosen{}
	for i, r := range routers {
		out[r.key] = f.text(prefixes[i])
	}
	return out
}
