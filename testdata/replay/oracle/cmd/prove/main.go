// Prove measures the endpoints that a file names, after fixproof has put
// guards around them. It runs in a copy of the harness beside the repaired
// services.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/idemlint/idemlint/testdata/replay/oracle/services"
	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

// Name is what an endpoint is told by in the file.
type Name struct{ Module, Method, Route, Handler string }

func main() {
	log.SetOutput(io.Discard) // the services log every injected error
	stores := flag.String("stores", string(world.Embedded), "embedded or all")
	wanted := flag.String("endpoints", "", "file with the endpoints to measure")
	out := flag.String("out", "", "file for what was measured")
	flag.Parse()
	if err := run(context.Background(), world.Stores(*stores), *wanted, *out); err != nil {
		fmt.Fprintln(os.Stderr, "prove:", err)
		os.Exit(2)
	}
}

func run(ctx context.Context, stores world.Stores, wanted, out string) error {
	raw, err := os.ReadFile(wanted)
	if err != nil {
		return err
	}
	var names []Name
	if err := json.Unmarshal(raw, &names); err != nil {
		return err
	}
	servers, err := world.StartServers(ctx, stores)
	if err != nil {
		return err
	}
	defer servers.Stop()
	var truths []trial.Truth
	for _, s := range services.All() {
		s := services.Repaired(s, func(e trial.Endpoint) bool { return has(names, s.Module, e) })
		if len(s.Endpoints) == 0 {
			continue
		}
		for _, e := range s.Endpoints {
			one := s
			one.Endpoints = []trial.Endpoint{e}
			found, err := trial.MeasureService(ctx, one, stores, servers)
			if err != nil { // the others may still be proved
				fmt.Fprintln(os.Stderr, "prove:", err)
				continue
			}
			truths = append(truths, found...)
		}
	}
	if raw, err = json.MarshalIndent(truths, "", "  "); err != nil {
		return err
	}
	return os.WriteFile(out, raw, 0o644)
}

// has reports whether an endpoint is among those that are named; functions
// have no route and are told by their handlers.
func has(names []Name, module string, e trial.Endpoint) bool {
	for _, n := range names {
		if n.Module != module {
			continue
		}
		if e.Protocol == "lambda" && n.Handler == e.Handler {
			return true
		}
		if e.Protocol != "lambda" && n.Route == e.Route && (n.Method == e.Method || n.Method == "ANY") {
			return true
		}
	}
	return false
}
