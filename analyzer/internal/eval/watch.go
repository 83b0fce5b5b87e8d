package eval

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/lexicon"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// observational words name state of a process that watches or carries a
// program and does not serve it.
var observational = wordSet(`metric stat statistic counter count cache cached log logger logging limit limiter bucket
	conn connection client session pool hub listener subscriber watcher timer trace tracer tracing span buf buffer once
	ready health healthy closed closing err error last wg mu mutex lock inflight pending running config cfg option opts ctx
	cancel telemetry monitor monitoring observability`)

// watching words name packages, and at the end of a name types, whose whole
// purpose is to tell people what a program does.
var watching = wordSet(`telemetry metric tracing otel observability monitoring logging logger audit auditlog statsd sentry
	auditor`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w], set[w+"s"] = true, true
	}
	return set
}

// joined are observational words that names are found to hold without a
// boundary, as package names do: expiringcache.
var joined = []string{"cache", "metric", "logger", "session", "inflight", "telemetry", "monitor"}

// watches reports whether one of the names says that what it names watches a
// program: by a word of it, or by all of it.
func watches(names ...string) bool {
	for _, n := range names {
		low := strings.ToLower(n)
		if observational[low] {
			return true
		}
		for _, w := range joined {
			if strings.Contains(low, w) {
				return true
			}
		}
		for _, w := range lexicon.Words(n) {
			if observational[w] {
				return true
			}
		}
	}
	return false
}

// watchesIn reports whether a function's package or receiver has such a name.
func watchesIn(fn *link.Func) bool {
	return watches(fn.Unit.Path[strings.LastIndexByte(fn.Unit.Path, '/')+1:], fn.Recv)
}

// watcher reports whether a function belongs to a package or type that only
// watches, going by their names.
func watcher(fn *link.Func) bool {
	pkg := fn.Unit.Path
	if watching[strings.ToLower(pkg[strings.LastIndexByte(pkg, '/')+1:])] {
		return true
	}
	if fn.Recv == "" {
		return false
	}
	words := lexicon.Words(fn.Recv)
	return words[0] == "audit" || watching[words[len(words)-1]]
}

// auditRow reports whether a table keeps a trail of what was done rather than
// what is so.
func auditRow(table string) bool {
	for _, w := range lexicon.Words(table) {
		if w == "audit" || w == "audits" {
			return true
		}
	}
	return false
}

// databases are the stores beside which a map of the process is a copy.
var databases = wordSet(`sql mongodb dynamodb redis firestore datastore spanner cassandra badger bolt etcd consul elasticsearch
	opensearch clickhouse`)

// keepsData reports whether the code of a unit, or of what it imports, uses a
// database.
func (m *Machine) keepsData(u *unit.Unit) bool {
	if known, ok := m.data[u.Path]; ok {
		return known
	}
	m.data[u.Path] = false // for cycles, which imports do not have
	found := false
	for i := range u.Callees {
		if rows := m.rows(&u.Callees[i]); rows != nil && rows.Effect != nil && databases[rows.Effect.Store] {
			found = true
			break
		}
	}
	for _, path := range u.Imports {
		if next := m.Prog.Unit(path); !found && next != nil {
			found = m.keepsData(next)
		}
	}
	m.data[u.Path] = found
	return found
}

// onlyWatches reports whether a run is telemetry: it is code of a watcher,
// called by other code, and what it changes it changes itself. Middleware and
// decorators pass on to other code, which then counts.
func (m *Machine) onlyWatches(from, fn *link.Func, run *Frame) bool {
	if from == nil || from.Unit == fn.Unit && from.Recv == fn.Recv || !watcher(fn) || m.home == fn.Unit.Path+"."+fn.Recv {
		return false
	}
	seen := map[*Frame]bool{}
	var own func(f *Frame) bool
	own = func(f *Frame) bool {
		if seen[f] {
			return true
		}
		seen[f] = true
		for i := range f.Items {
			it := &f.Items[i]
			if it.Frame != nil && !own(it.Frame) {
				return false
			}
			if ev := it.Event; ev != nil && (ev.KeyRead != "" || ev.Class != model.ClassRead && ev.Class != model.ClassLock && !sameOwner(ev.Site.Fn, fn)) {
				return false
			}
		}
		return true
	}
	return own(run)
}

// sameOwner reports whether two functions are code of one package, or of one
// type where the type alone is a watcher. A closure belongs to what encloses it.
func sameOwner(a, b *link.Func) bool {
	if a.Unit != b.Unit {
		return false
	}
	return a.Recv == b.Recv || strings.Contains(a.Sym, "."+b.Recv+")") || watching[b.Unit.Path[strings.LastIndexByte(b.Unit.Path, '/')+1:]]
}
