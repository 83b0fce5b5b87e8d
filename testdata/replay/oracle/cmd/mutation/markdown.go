package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// markdown writes the table as docs/mutation.md keeps it.
func (t *table) markdown(w io.Writer) {
	fmt.Fprint(w, `# Mutation

Written by `+"`make mutation ARGS=\"-doc ../../../docs/mutation.md\"`"+`. Each guarded endpoint of the services under testdata/replay that the
replay oracle finds without any defect is a case. Each operator is applied to each guard that a case passes, at the
level of the source. A mutant counts when it compiles and the oracle then sees the defect that the operator is
about. It is reported rightly when the finding on that endpoint is of a rule that names the defect.

| operator | what is done to the guard | made | compiled | counted | reported | by the right rule | rules that are right |
| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |
`)
	for _, r := range t.rows {
		fmt.Fprintf(w, "| %s | %s | %d | %d | %d | %d | %d | %s |\n", r.op.Name, r.op.What, r.made, r.compiled, r.counted, r.reported, r.rightly,
			strings.Join(r.op.Rules, ", "))
	}
	fmt.Fprintf(w, "| **all** | | %d | %d | %d | %d | %d | |\n\n", t.all.made, t.all.compiled, t.all.counted, t.all.reported, t.all.rightly)
	fmt.Fprintf(w, "`%s`; %d unmutated cases, %d of them reported.\n\n## Discarded\n\n", t.line(), len(t.cases), len(t.reportedCases))
	fmt.Fprint(w, "| operator | mutants | reason |\n| --- | ---: | --- |\n")
	for _, r := range t.rows {
		for _, reason := range sorted(r.discarded) {
			fmt.Fprintf(w, "| %s | %d | %s |\n", r.op.Name, r.discarded[reason], reason)
		}
	}
	fmt.Fprint(w, "\n## Missed\n\n")
	if len(t.missed) == 0 {
		fmt.Fprint(w, "None.\n")
		return
	}
	fmt.Fprint(w, "| operator | where | endpoint | the oracle sees | the linter says |\n| --- | --- | --- | --- | --- |\n")
	for _, m := range t.missed {
		says := strings.Join(m.v.Rules, ", ")
		if says == "" {
			says = m.v.Effect + ", " + m.v.Protection + ", no finding"
		}
		fmt.Fprintf(w, "| %s | %s, %s | %s: %s %s%s | %s | %s |\n", m.m.Operator.Name, m.m.Func, filepath.Base(m.m.File), m.m.Module,
			m.o.Truth.Method, m.o.Truth.Route, m.o.Truth.Handler, m.o.Symptom, says)
	}
}
