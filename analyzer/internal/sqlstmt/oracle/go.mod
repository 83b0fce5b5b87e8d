module github.com/idemlint/idemlint/analyzer/internal/sqlstmt/oracle

go 1.25.0

require (
	github.com/idemlint/idemlint v0.0.0
	github.com/pganalyze/pg_query_go/v6 v6.2.2
	github.com/wasilibs/go-pgquery v0.0.0-20260728010200-155ebad2880e
	google.golang.org/protobuf v1.36.11
)

replace github.com/idemlint/idemlint => ../../../..
