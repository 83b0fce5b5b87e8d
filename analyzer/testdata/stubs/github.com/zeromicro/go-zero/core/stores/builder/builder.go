// Package builder declares what the cases use of go-zero core/stores/builder.
package builder

func RawFieldNames(in any, postgreSql ...bool) []string { return nil }
