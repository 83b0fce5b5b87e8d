module github.com/idemlint/idemlint/analyzer/internal/sqlstmt/oracle

go 1.25.0

require (
	github.com/idemlint/idemlint v0.0.0
	github.com/pganalyze/pg_query_go/v6 v6.2.2
	github.com/wasilibs/go-pgquery v0.0.0-20260728010200-155ebad2880e
	google.golang.org/protobuf v1.36.11
)

require (
	github.com/DataDog/go-sqllexer v0.1.9 // indirect
	github.com/tetratelabs/wazero v1.12.0 // indirect
	github.com/wasilibs/wazero-helpers v0.0.0-20250123031827-cd30c44769bb // indirect
	golang.org/x/sys v0.44.0 // indirect
)

replace github.com/idemlint/idemlint => ../../../..
