//go:build linux

package main

import (
	"fmt"
	"path/filepath"
	"strings"
)

// table shows a folder in Markdown: a row for each step, as it is pasted into
// the documents.
func (m measured) table(dir string, runs int) string {
	var b strings.Builder
	title := dir
	if abs, err := filepath.Abs(dir); err == nil {
		title = filepath.Base(abs)
	}
	turns := "turns"
	if runs == 1 {
		turns = "turn"
	}
	fmt.Fprintf(&b, "%s, %d %s:\n\n", title, runs, turns)
	b.WriteString("| step | wall | CPU | memory | CPU to floor | memory to floor | beside |\n")
	b.WriteString("| --- | ---: | ---: | ---: | ---: | ---: | --- |\n")
	for _, s := range m.steps {
		c, ok := m.costs[s.name]
		if !ok {
			fmt.Fprintf(&b, "| %s | %s | | | | | |\n", s.name, strings.ReplaceAll(m.notes[s.name], "|", `\|`))
			continue
		}
		cpu, memory := m.ratio(s.name)
		fmt.Fprintf(&b, "| %s | %.2f s | %.2f s | %.0f MiB | %.2f × | %.2f × | %s |\n",
			s.name, c.wall, c.cpu, c.bytes/(1<<20), cpu, memory, m.besides(s))
	}
	b.WriteString("\n")
	return b.String()
}

// besides sets a step's CPU time and memory in relation to another step's.
func (m measured) besides(s step) string {
	other, ok := m.costs[s.beside]
	if !ok {
		return ""
	}
	c := m.costs[s.name]
	return fmt.Sprintf("%.2f × CPU, %.2f × memory of %s", c.cpu/other.cpu, c.bytes/other.bytes, s.beside)
}
