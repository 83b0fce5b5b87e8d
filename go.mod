module github.com/idemlint/idemlint

go 1.24.0
