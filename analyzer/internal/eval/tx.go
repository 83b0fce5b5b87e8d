package eval

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// beginsTx reports whether a function begins a transaction. Its name says so with
// every driver, and with the wrappers that services write around one.
func beginsTx(name string) bool { return strings.HasPrefix(name, "Begin") }

// CommitsTx reports whether a call commits a transaction: a method, named as every
// driver names it.
func CommitsTx(c *unit.Callee) bool {
	return c.Name == "Commit" && (c.Type != "" || c.Kind == unit.CallInvoke)
}

// givesTx reports whether a function that begins a transaction (as its name may
// say, where what it does is not followed) hands it to its caller, by the name
// of a result's type: *sql.Tx, bun.Tx, pgx.Tx.
func givesTx(sub *Frame) bool {
	for _, r := range sub.Fn.Results {
		t := sub.Fn.TypeAt(r)
		if t != nil && t.Kind == unit.KindTypeParam {
			t = sub.targs[t.Name]
		}
		if t != nil && t.Kind == unit.KindPointer {
			t = t.Elem
		}
		if t != nil && strings.EqualFold(t.Name, "tx") {
			return true
		}
	}
	return false
}
