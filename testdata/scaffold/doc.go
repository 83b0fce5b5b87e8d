// Package scaffold holds the tests of the guard package that "idemlint init"
// writes. Its folder guard is the package itself, which lives where the
// command embeds it.
package scaffold
