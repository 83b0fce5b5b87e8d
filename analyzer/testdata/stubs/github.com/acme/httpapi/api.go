// Package httpapi stands for a library of helpers that nothing is known of.
package httpapi

import "net/http"

func IdempotencyKeyFromRequest(r *http.Request) string { return "" }

func QueryParamBool(r *http.Request, name string) bool { return false }
