// Package compress stands for a library without a row, whose code is out of
// sight.
package compress

import "net/http"

func Middleware(level int) func(http.Handler) http.Handler { return nil }
