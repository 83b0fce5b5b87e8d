// Package metrics declares what cases use of a library that serves metrics.
package metrics

import "net/http"

// Handler serves what was measured.
func Handler() http.Handler
