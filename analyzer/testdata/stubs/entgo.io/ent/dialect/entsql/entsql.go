// Package entsql declares what the cases use of entgo.io/ent/dialect/entsql.
package entsql

// IndexAnnotation says more of an index.
type IndexAnnotation struct{ Where string }
