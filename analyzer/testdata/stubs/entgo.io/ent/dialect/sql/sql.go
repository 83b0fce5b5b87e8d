// Package sql declares what the cases use of entgo.io/ent/dialect/sql.
package sql

type Selector struct{}

func FieldEQ(name string, v any) func(*Selector) { return nil }

type ConflictOption func()

func ConflictColumns(...string) ConflictOption { return nil }

func ResolveWithNewValues() ConflictOption { return nil }
