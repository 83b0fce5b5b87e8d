// Package schema declares what the cases use of entgo.io/ent/dialect/sql/schema.
package schema

import "entgo.io/ent/dialect/entsql"

type Column struct {
	Name   string
	Unique bool
}

type Index struct {
	Name    string
	Unique  bool
	Columns []*Column

	Annotation *entsql.IndexAnnotation
}

type Table struct {
	Name       string
	Columns    []*Column
	PrimaryKey []*Column
	Indexes    []*Index
}
