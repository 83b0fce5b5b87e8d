// Package random stands for a library that no row tells of.
package random

func GetRandomBytes(n uint32) []byte { return nil }
