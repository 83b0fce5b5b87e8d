// The schema's validator is needed by this test alone.
module github.com/idemlint/idemlint/cmd/idemlint/internal/format/schematest

go 1.24.0

require (
	github.com/idemlint/idemlint v0.0.0
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
	github.com/stretchr/testify v1.12.1
)

require (
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/text v0.14.0 // indirect
)

replace github.com/idemlint/idemlint => ../../../../..
