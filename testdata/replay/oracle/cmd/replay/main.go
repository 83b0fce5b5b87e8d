package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/idemlint/idemlint/testdata/replay/oracle/services"
	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

func main() {
	start := time.Now()
	log.SetOutput(io.Discard) // the services log every injected error
	ts, err := trial.MeasureAll(context.Background(), services.All(), world.Embedded, nil, 2)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, t := range ts {
		fmt.Printf("%-10s %-6s %-30s %-15s %-8s", t.Module, t.Method, t.Route, t.Effect, t.Protection)
		for _, d := range t.Defects {
			m := ""
			if !d.Counts {
				m = "~"
			}
			fmt.Printf(" %s%s", m, d.Name)
		}
		fmt.Println()
	}
	b, _ := json.MarshalIndent(ts, "", " ")
	_ = os.WriteFile("/tmp/truth.json", b, 0o644)
	fmt.Println(len(ts), time.Since(start))
}
