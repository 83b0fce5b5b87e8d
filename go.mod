module github.com/idemlint/idemlint

go 1.24.0

require (
	github.com/DataDog/go-sqllexer v0.1.9
	github.com/golangci/plugin-module-register v0.1.2
	github.com/hmarr/codeowners v1.2.1
	github.com/stretchr/testify v1.12.1
	go.yaml.in/yaml/v3 v3.0.5
	golang.org/x/mod v0.29.0
	golang.org/x/tools v0.38.0
)

require golang.org/x/sync v0.17.0 // indirect
