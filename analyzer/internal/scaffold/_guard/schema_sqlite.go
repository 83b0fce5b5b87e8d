package idempotency

import _ "embed" // the statement is beside this file

// SchemaSQLite creates the table of the store in SQLite. Run it once, as a
// migration.
//
//go:embed schema_sqlite.sql
var SchemaSQLite string
