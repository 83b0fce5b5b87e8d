// Corpus runs idemlint on checkouts of real services and compares its reports
// with endpoints that were labelled by hand.
//
//	go run ./testdata/corpus -checkouts DIR [-only TEXT] [-misses] [-min-precision N] [-min-recall N]
//
// DIR holds one folder per service, OWNER+NAME, with its files at the commit
// that services.json names and its modules downloaded. A service without a
// folder is named and not counted. Every service has a line; the last line is
// the figure.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
)

// service is a module of a repository, with the packages that are labelled.
type service struct {
	Repo      string   `json:"repo"`
	Commit    string   `json:"commit"`
	ModuleDir string   `json:"module_dir"`
	Packages  []string `json:"packages"`
}

func main() {
	checkouts := flag.String("checkouts", "", "folder with the checkouts, one OWNER+NAME each")
	data := flag.String("data", "testdata/corpus", "folder with labels.csv and services.json")
	only := flag.String("only", "", "only repositories whose name contains this")
	misses := flag.Bool("misses", false, "print every endpoint that is judged otherwise than labelled")
	minPrecision := flag.Float64("min-precision", 0, "exit 1 when the precision is lower, in percent")
	minRecall := flag.Float64("min-recall", 0, "exit 1 when the recall is lower, in percent")
	flag.Parse()
	total, err := run(context.Background(), os.Stdout, *checkouts, *data, *only, *misses)
	if err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(2)
	}
	if total.precision() < *minPrecision || total.recall() < *minRecall {
		os.Exit(1)
	}
}

// run scores the services whose checkouts are there, and prints their lines.
func run(ctx context.Context, w io.Writer, checkouts, data, only string, misses bool) (counts, error) {
	var total counts
	if checkouts == "" {
		return total, errors.New("no checkouts; say where they are: make corpus CHECKOUTS=DIR, with a folder OWNER+NAME for each service of testdata/corpus/services.json")
	}
	if _, err := os.Stat(checkouts); err != nil {
		return total, err
	}
	text, err := os.ReadFile(filepath.Join(data, "services.json"))
	if err != nil {
		return total, err
	}
	var services []service
	if err := json.Unmarshal(text, &services); err != nil {
		return total, fmt.Errorf("services.json: %w", err)
	}
	labels, err := readLabels(filepath.Join(data, "labels.csv"))
	if err != nil {
		return total, err
	}
	command, remove, err := build(ctx)
	if err != nil {
		return total, err
	}
	defer remove()
	var each []counts
	for _, s := range services {
		dir := filepath.Join(checkouts, strings.ReplaceAll(s.Repo, "/", "+"), s.ModuleDir)
		if !strings.Contains(s.Repo, only) {
			continue
		}
		if _, err := os.Stat(dir); err != nil {
			fmt.Fprintf(w, "%s %s: no checkout at %s (commit %s)\n", s.Repo, s.ModuleDir, dir, s.Commit)
			continue
		}
		doc, status, err := analyse(ctx, command, dir, s.Packages)
		if err != nil {
			return total, fmt.Errorf("%s: %w", s.Repo, err)
		}
		n, wrong := score(labels.of(s), doc)
		if misses {
			for _, line := range wrong {
				fmt.Fprintln(w, line)
			}
		}
		fmt.Fprintf(w, "%s %s: %s (exit %d)\n", s.Repo, s.ModuleDir, n, status)
		each = append(each, n)
		total.add(n)
	}
	if len(each) == 0 {
		return total, fmt.Errorf("no checkout of any service in %s", checkouts)
	}
	fmt.Fprintf(w, "mean over %d services: %s\n", len(each), means(each))
	fmt.Fprintf(w, "corpus: %s\n", total)
	return total, nil
}

// build makes the command from the code of this checkout.
func build(ctx context.Context) (command string, remove func(), err error) {
	dir, err := os.MkdirTemp("", "idemlint-corpus-")
	if err != nil {
		return "", nil, err
	}
	command = filepath.Join(dir, "idemlint")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", command, "github.com/idemlint/idemlint/cmd/idemlint").CombinedOutput()
	if err != nil {
		_ = os.RemoveAll(dir)
		return "", nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return command, func() { _ = os.RemoveAll(dir) }, nil
}

// analyse runs the command in a module. A status of 1 or 2 is an answer: there
// are findings, or not all could be loaded.
func analyse(ctx context.Context, command, dir string, packages []string) (*report.Document, int, error) {
	cmd := exec.CommandContext(ctx, command, append([]string{"report", "-format", "json"}, packages...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "IDEMLINT_CACHE=off")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	status := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		status = exit.ExitCode()
	} else if err != nil {
		return nil, 0, err
	}
	var doc report.Document
	if err := json.Unmarshal(out, &doc); err != nil {
		return nil, status, fmt.Errorf("exit %d and no report: %w\n%s", status, err, stderr.String())
	}
	return &doc, status, nil
}
