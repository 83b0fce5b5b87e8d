// A schema's validator and reviewdog's messages are needed by these tests alone.
module github.com/idemlint/idemlint/cmd/idemlint/internal/format/schematest

go 1.26.0

require (
	github.com/idemlint/idemlint v0.0.0
	github.com/reviewdog/reviewdog v0.21.2
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
	github.com/stretchr/testify v1.12.1
	google.golang.org/protobuf v1.36.12
)

require (
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/text v0.42.0 // indirect
)

replace github.com/idemlint/idemlint => ../../../../..
