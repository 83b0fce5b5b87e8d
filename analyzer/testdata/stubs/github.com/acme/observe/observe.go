// Package observe measures handlers while it runs them.
package observe

import "net/http"

// Metrics is what was measured.
type Metrics struct{ Code int }

// Capture runs a handler.
func Capture(h http.Handler, w http.ResponseWriter, r *http.Request) Metrics { return Metrics{} }

// CaptureFunc runs a function that serves.
func CaptureFunc(w http.ResponseWriter, r *http.Request, f func(http.ResponseWriter, *http.Request)) Metrics {
	return Metrics{}
}

// Chain runs the rest of a chain.
type Chain struct{}

func (*Chain) Next(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {}

// Named keeps a handler under a name, and runs nothing.
func Named(name string, h http.Handler) {}

// Describe says who answers a request, and runs nothing: it cannot answer.
func Describe(h http.Handler, r *http.Request) string { return "" }
