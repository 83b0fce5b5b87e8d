// Package colname knows the names of columns and fields that keep the books of a
// row and say nothing of what a request did: how often something was tried, which
// version the row has, when it was used last.
package colname

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/word"
)

// Counts reports whether a name says that it counts how often something was tried,
// went wrong, or was looked at. What bounds that number is no count.
func Counts(name string) bool {
	ws := word.Split(name)
	if slices.ContainsFunc(ws, func(w string) bool { return slices.Contains(bounding, w) }) {
		return false
	}
	number := len(ws) > 1 && slices.Contains([]string{"count", "counter", "cnt", "no", "number"}, ws[len(ws)-1])
	return slices.ContainsFunc(ws, func(w string) bool {
		return slices.Contains(counted, w) || number && slices.Contains(countable, w)
	})
}

// counted are words of numbers that count such things; countable are those that only
// do beside a word for a number.
var (
	counted = []string{
		"error", "errors", "failed", "failure", "failures", "fails", "attempt", "attempts", "retry", "retries", "tries",
		"views", "hits", "pageviews",
	}
	countable = []string{"fail", "try", "delivery", "redelivery", "receive", "view", "hit", "pageview"}
)

// bounding are words of numbers that say how often something may be tried, or how
// much is at stake.
var bounding = []string{"max", "maximum", "limit", "allowed", "left", "remaining", "extra", "amount", "balance", "cost", "fee", "price"}

// Version reports whether a name is that of an optimistic version, by which a row's
// former state is told from its present one.
func Version(name string) bool {
	ws := word.Split(name)
	n := len(ws)
	if n > 1 && ws[n-1] == "id" {
		n--
	}
	if n > 1 && ws[n-2] == "opt" && ws[n-1] == "lock" {
		return true
	}
	return n > 0 && slices.Contains(versions, ws[n-1])
}

var versions = []string{"version", "ver", "revision", "rev", "rowversion", "generation", "etag", "optlock"}

// Moment reports whether a name says when something happened: created_at, UpdatedAt.
func Moment(name string) bool {
	ws := word.Split(name)
	return len(ws) > 1 && ws[len(ws)-1] == "at"
}

// uses are the beginnings of the names of columns that only note when or from
// where something was used last.
var uses = []string{
	"lastlogin", "lastlogged", "lastsignin", "lastauth", "lastseen", "lastused", "lastuse", "lastactive", "lastactivity", "lastaccess",
	"lastvisit", "lastrequest", "lastip", "accessedat", "currentsignin", "signincount",
}

// Uses reports whether a name only notes that something was used.
func Uses(name string) bool {
	name = word.Fold(name)
	return slices.ContainsFunc(uses, func(u string) bool { return strings.HasPrefix(name, u) })
}
