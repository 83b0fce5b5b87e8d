// Package analyzer finds the endpoints of Go services that act twice when a
// request is retried, says why, and how to repair them.
//
// An Engine analyses whole modules: it loads the first-party packages, turns
// each into a symbolic unit, links the units, follows every endpoint through
// its middleware and services down to its effects, and asks the rules. The
// result is a report.Document, from which every output is made.
package analyzer
