package compare

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
)

// name is how an endpoint is called in the output.
func name(t trial.Truth) string {
	if t.Route == "" {
		return t.Module + " " + t.Method + " " + t.Handler
	}
	return t.Module + " " + t.Method + " " + t.Route
}

// Truths prints the table of the measured truth alone.
func Truths(w io.Writer, truths []trial.Truth) error {
	tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(tw, "endpoint\teffect\tprotection\tdefects (~ noted only)")
	for _, t := range truths {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", name(t), t.Effect, t.Protection, defects(t))
	}
	return tw.Flush()
}

func defects(t trial.Truth) string {
	var list []string
	for _, d := range t.Defects {
		mark := "~"
		if d.Counts {
			mark = ""
		}
		list = append(list, mark+string(d.Name))
	}
	return strings.Join(list, " ")
}

// Table prints truth beside verdict.
func (c Comparison) Table(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(tw, "\tendpoint\ttruth\tverdict\tfindings")
	for _, r := range c.Rows {
		mark := "ok"
		if !r.Agrees() {
			mark = "DIFF"
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\n", mark, name(r.Truth), r.Truth.Effect+"/"+r.Truth.Protection, r.verdict(), strings.Join(r.rules(), " "))
	}
	return tw.Flush()
}

func (r Row) verdict() string {
	if r.Verdict == nil {
		return "not found"
	}
	return string(r.Verdict.Effect) + "/" + string(r.Verdict.Protection)
}

func (r Row) rules() []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, f.Rule)
	}
	return out
}

// Differences prints each disagreement: what was observed, then what the
// linter saw.
func (c Comparison) Differences(w io.Writer) {
	for _, r := range c.Rows {
		if r.Agrees() {
			continue
		}
		fmt.Fprintf(w, "\n%s\n  truth   %s/%s %s\n  verdict %s %s\n", name(r.Truth), r.Truth.Effect, r.Truth.Protection, defects(r.Truth), r.verdict(), strings.Join(r.rules(), " "))
		lines(w, "one request", r.Truth.Act)
		lines(w, "operations", r.Truth.Ops)
		for _, d := range r.Truth.Defects {
			if d.Counts {
				lines(w, string(d.Name)+": "+d.When, d.Seen)
			}
		}
		r.trace(w)
	}
}

func (r Row) trace(w io.Writer) {
	if r.Verdict == nil {
		return
	}
	if r.Verdict.Reason != "" {
		fmt.Fprintf(w, "  reason: %s\n", r.Verdict.Reason)
	}
	var steps []string
	for _, s := range r.Verdict.Trace {
		steps = append(steps, fmt.Sprintf("%s %s: %s (%s)", s.Kind, s.Pos, s.Text, s.Premise))
	}
	lines(w, "trace", steps)
	for _, f := range r.Findings {
		lines(w, "finding "+f.Rule, []string{f.Pos + ": " + f.Message})
	}
}

func lines(w io.Writer, title string, list []string) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(w, "  %s\n", title)
	for _, l := range list {
		fmt.Fprintf(w, "    %s\n", l)
	}
}
