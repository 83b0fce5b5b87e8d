module github.com/idemlint/idemlint/analyzer/idemtest

go 1.24.0
