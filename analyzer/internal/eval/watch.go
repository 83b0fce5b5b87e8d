package eval

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
	"github.com/idemlint/idemlint/analyzer/internal/word"
)

// observational words name state of a process that watches or carries a
// program and does not serve it.
var observational = wordSet(`metric stat statistic counter count cache cached log logger logging limit limiter bucket
	conn connection client session pool hub listener subscriber watcher timer trace tracer tracing span buf buffer once
	ready health healthy closed closing err error last wg mu mutex lock inflight pending running config cfg option opts ctx
	cancel telemetry monitor monitoring observability`)

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
		for _, w := range word.Split(n) {
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
