package guard

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/lexicon"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/word"
)

// maxAskers is how many functions above a request to another service are asked
// what it is for.
const maxAskers = 4

// asks reports whether a request to another service only asks it something,
// although its method would allow a change: who the caller is, whether a text
// is valid. The nearest function above it whose name says what it does decides.
func asks(o *Occurrence) bool {
	if o.Store != "http" || o.Class != model.ClassNonIdempotent && o.Class != model.ClassUnknown {
		return false
	}
	n := 0
	for _, c := range slices.Backward(o.Path) {
		fn := c.Frame.Fn
		if fn == nil || fn.Wrapper {
			continue
		}
		if n++; n > maxAskers {
			return false
		}
		if question, says := asksByName(fn); says {
			return question
		}
	}
	return false
}

// asksByName says whether a function asks or acts, by its name, and whether the
// name says so at all.
func asksByName(fn *link.Func) (question, says bool) {
	name, _, _ := strings.Cut(fn.Name, "$") // a closure's is its function's
	words := word.Split(name)
	if len(words) == 0 || carries[words[0]] {
		return false, false
	}
	switch first := words[0]; {
	case first == "authorize" || first == "authorise":
		// Of a card's amount it is a reservation, of a user a question.
		return aboutAccess(fn), true
	case questions[first]:
		return true, true
	case first == "get" || first == "fetch" || first == "load" || first == "request" || first == "refresh" || first == "exchange":
		return slices.ContainsFunc(words[1:], func(w string) bool { return facts[w] }), true
	}
	class, ok := lexicon.Class(name)
	return false, ok && class != model.ClassRead
}

// carries are the first words of functions that send whatever they are given.
var carries = set("do send post put patch call exec execute invoke raw round make perform http json api with new retry try run")

// questions are the verbs of functions that only want to know something.
var questions = set(`authenticate verify validate introspect check search query lookup find list describe estimate calculate
	preview resolve translate count match is has can`)

// facts are what other services are asked for by a request that looks like a
// change, tokens of their own among them.
var facts = set(`token tokens auth jwt jwks key keys credential credentials permission permissions user userinfo profile rate rates
	price prices quote quotes status info config balance`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// aboutAccess reports whether a function belongs to a type or package, such as
// authclient/http, that decides who may do what.
func aboutAccess(fn *link.Func) bool {
	elems := strings.Split(fn.Unit.Path, "/")
	for _, n := range append(elems[max(0, len(elems)-2):], fn.Recv) {
		n = strings.ToLower(n)
		for _, w := range []string{"auth", "iam", "policy", "perm", "access", "rbac", "acl", "session", "token"} {
			if strings.Contains(n, w) {
				return true
			}
		}
	}
	return false
}
