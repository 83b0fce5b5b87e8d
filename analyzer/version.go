package analyzer

import "runtime/debug"

// unversioned is the version of a program that does not know it.
const unversioned = "(devel)"

// Version is the module version that idemlint was built from.
func Version() string {
	if bi, ok := debug.ReadBuildInfo(); ok && bi.Main.Path == "github.com/idemlint/idemlint" && bi.Main.Version != "" {
		return bi.Main.Version
	}
	return unversioned
}
