package idempotency

import _ "embed" // the statement is beside this file

// SchemaPostgres creates the table of the store in PostgreSQL. Run it once, as a
// migration.
//
//go:embed schema_postgres.sql
var SchemaPostgres string
