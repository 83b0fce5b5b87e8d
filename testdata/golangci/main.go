// Command golangci is golangci-lint with idemlint as a module plugin, as
// `golangci-lint custom` would make it from a file .custom-gcl.yml, but from
// the modules of a proxy and without git. The tests of the drivers run it, and
// so does the project on itself. "make bench" runs it with a linter beside idemlint
// that does nothing.
package main

import (
	"fmt"
	"os"
	"runtime"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"github.com/golangci/golangci-lint/v2/pkg/exitcodes"

	_ "github.com/idemlint/idemlint/plugin"
	_ "github.com/idemlint/idemlint/testdata/empty"
)

func main() {
	// Without a version golangci-lint's cache is keyed by the program's content,
	// so that a changed plugin is asked again.
	info := commands.BuildInfo{GoVersion: runtime.Version(), Commit: "?", Date: "?"}
	if err := commands.Execute(info); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitcodes.Failure)
	}
}
