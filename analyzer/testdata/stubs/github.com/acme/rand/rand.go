// Package rand is a stub of a library of which nothing is known.
package rand

func String(length int) string { return "" }
