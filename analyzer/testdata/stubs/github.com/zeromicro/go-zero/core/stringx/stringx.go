// Package stringx declares what the cases use of go-zero core/stringx.
package stringx

func Remove(strings []string, strs ...string) []string { return nil }
