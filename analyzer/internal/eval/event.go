package eval

import (
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
)

// Event is something that matters to a replay: a read or change of state, a
// claim, a key that is read.
type Event struct {
	ID   int
	Site link.Site
	// Class is the call's own class, before anybody asks whether its result
	// is looked at.
	Class model.Class
	// KeyRead is the name of the key when the event reads one.
	KeyRead string
	// Declared says that a field's tag names the key: what fills the field may
	// also refuse a request without it, out of sight.
	Declared bool
	Source   string // of the key
	Tag      Tag    // of the key read
	// Webhook is who sends the request, when the event checks its signature.
	Webhook string
	// Secret says that it only reads a header that senders of webhooks put a
	// secret into, which may be any caller's credential.
	Secret bool
	// Name is the call as people write it: (*DB).Exec.
	Name string
	// Text says what happens: inserts into orders.
	Text  string
	Why   string // why the class is unknown, or what decided it
	Store string
	Table string
	Stmt  *sqlstmt.Stmt
	// Partial is set where a statement that a chain stands for lacks some of what
	// the chain sets.
	Partial bool
	// Asks is a mapper's look as the statement that its chain stands for.
	Asks *Event
	// Private is set for a lock that the request made itself: nobody else asks
	// for it.
	Private bool
	// Body is the statement that decides in the routine which the call runs; the
	// values that it binds are not known.
	Body *sqlstmt.Stmt
	Row  *model.Effect
	Recv *Val
	Args []*Val
	// Named are the values of Stmt's named placeholders, as far as they are known.
	Named map[string]*Val
	// Identity is what names the thing written, where the model says so.
	Identity *Val
	// Given are the tags and origins of all that goes into the call.
	Given     Tag
	GivenFrom []Origin
	Local     bool
	// Copy is set for a map or list of a program that has a database, too: it
	// likely holds copies of what is kept there, or collects what is written.
	Copy     bool
	Assumed  bool // judged by a name
	Modelled bool
	// Bundle is set for a claim that is one of several writes of one call, all
	// or nothing: it guards the others.
	Bundle bool
	// Library is the library's guard that makes the claim, nil for one that
	// the program makes itself.
	Library *Library
	Dedupe  *Val // value of a native idempotency field
	TTL     *Val // nil when the call has no place for one
	HasTTL  bool
}

// DependsOn reports whether the outcome of an event, more than its failure,
// decides a value.
func (v *Val) DependsOn(e *Event) bool {
	for _, o := range v.From {
		if o.Event == e && (o.Part&PartValue != 0 || e.Class == model.ClassRead) {
			return true
		}
	}
	return false
}
