//go:build linux

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/idemlint/idemlint/analyzer"
	"github.com/idemlint/idemlint/analyzer/internal/force"
)

// outcome is what one run came to.
type outcome struct {
	Packages, Functions int
	Seconds             float64 // of CPU time
	Slowest             slowest
	Panics              []caught
	// Verdicts are digests of what was said: of each package's functions, and
	// of the report under "".
	Verdicts map[string]string
}

// slowest is the package whose functions took longest to follow, and the one
// of them that took most.
type slowest struct {
	Package, Symbol string
	Seconds         float64
}

// caught is a panic.
type caught struct{ At, Text string }

// follow analyses what patterns name and prints the outcome as JSON.
func follow(patterns []string, prefix string, seed int64) error {
	debug.SetGCPercent(300) // the command, too, lets the heap grow
	o := outcome{Verdicts: map[string]string{}}
	took := map[string]float64{}
	longest := map[string]slowest{}
	said := map[string]*strings.Builder{}
	before := 0.0
	f := force.Options{
		Seed: seed,
		Panic: func(at, text, stack string) {
			o.Panics = append(o.Panics, caught{at, text})
			fmt.Fprintf(os.Stderr, "panic at %s: %s\n%s\n", at, text, stack)
		},
		Function: func(fn force.Followed) {
			o.Functions++
			if before > 0 { // else it is all that came before the first function
				seconds := cpu() - before
				took[fn.Package] += seconds
				if seconds > longest[fn.Package].Seconds {
					longest[fn.Package] = slowest{fn.Package, fn.Symbol, seconds}
				}
			}
			before = cpu()
			if said[fn.Package] == nil {
				said[fn.Package] = &strings.Builder{}
			}
			fmt.Fprintln(said[fn.Package], fn.Symbol, fn.Verdict)
		},
	}
	if prefix == "" {
		f.Everything = true
	} else {
		f.FirstParty = []string{prefix}
	}
	res, err := analyzer.Run(context.Background(), analyzer.Options{Patterns: patterns, Force: f})
	if err != nil {
		return err
	}
	o.Packages = res.Document.Packages.Analysed + res.Document.Packages.Skipped
	for pkg, seconds := range took {
		if seconds > o.Slowest.Seconds {
			o.Slowest = slowest{pkg, longest[pkg].Symbol, seconds}
		}
	}
	for pkg, b := range said {
		o.Verdicts[pkg] = digest(b.String())
	}
	doc, err := json.Marshal(res.Document)
	if err != nil {
		return err
	}
	o.Verdicts[""] = digest(string(doc))
	return json.NewEncoder(os.Stdout).Encode(o)
}

// cpu is the CPU time in seconds that this process has used.
func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// readOutcome reads what follow printed.
func readOutcome(out []byte) (*outcome, error) {
	var o outcome
	if err := json.Unmarshal(out, &o); err != nil {
		return nil, fmt.Errorf("read the outcome: %w", err)
	}
	return &o, nil
}

// differs counts the digests that two runs do not share, and names them.
func (o *outcome) differs(other *outcome) int {
	n := 0
	for pkg, d := range o.Verdicts {
		if other.Verdicts[pkg] != d {
			n++
			fmt.Fprintf(os.Stderr, "two runs differ on %q\n", pkg)
		}
	}
	return n + max(0, len(other.Verdicts)-len(o.Verdicts))
}
