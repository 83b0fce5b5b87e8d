// Prometheus' parser and CloudFormation's schema are needed by this test alone.
module github.com/idemlint/idemlint/cmd/idemlint/internal/format/metricstest

go 1.26.7

replace github.com/idemlint/idemlint => ../../../../..

require (
	github.com/awslabs/goformation/v7 v7.14.9
	github.com/idemlint/idemlint v0.0.0-00010101000000-000000000000
	github.com/prometheus/prometheus v0.305.0
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
	github.com/stretchr/testify v1.12.1
	go.yaml.in/yaml/v3 v3.0.5
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/gogo/protobuf v1.3.2 // indirect
	github.com/grafana/regexp v0.0.0-20250905093917-f7b3be9d1853 // indirect
	github.com/prometheus/client_model v0.6.3 // indirect
	github.com/prometheus/common v0.72.1 // indirect
	golang.org/x/text v0.43.0 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)
