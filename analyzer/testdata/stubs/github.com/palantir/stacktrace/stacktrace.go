// Package stacktrace is a stub.
package stacktrace

func Propagate(cause error, msg string, vals ...interface{}) error { return nil }
func RootCause(err error) error                                    { return nil }
