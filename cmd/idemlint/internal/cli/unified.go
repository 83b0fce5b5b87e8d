package cli

import (
	"bytes"
	"fmt"
	"strings"
)

// context is how many lines a patch shows around a change.
const contextLines = 3

// unified writes the change of a file's text as a unified diff, as patch and
// git apply take it; nothing when there is none.
func unified(name string, old, data []byte) string {
	if bytes.Equal(old, data) {
		return ""
	}
	a, b := lines(old), lines(data)
	var out strings.Builder
	fmt.Fprintf(&out, "--- a/%s\n+++ b/%s\n", name, name)
	blocks := differences(a, b)
	for i := 0; i < len(blocks); {
		j := i + 1
		for j < len(blocks) && blocks[j].a-blocks[j-1].aEnd <= 2*contextLines {
			j++
		}
		hunk(&out, a, b, blocks[i:j])
		i = j
	}
	return out.String()
}

// lines cuts a text behind its newlines.
func lines(text []byte) []string {
	out := strings.SplitAfter(string(text), "\n")
	if out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

// block says that lines a to aEnd were replaced with lines b to bEnd.
type block struct{ a, aEnd, b, bEnd int }

// differences lists what changed. Fixes change few lines, so that the next
// line which both have is near: it is looked for in growing distance.
func differences(a, b []string) []block {
	var out []block
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		if i < len(a) && j < len(b) && a[i] == b[j] {
			i, j = i+1, j+1
			continue
		}
		d := resync(a, b, i, j)
		out = append(out, d)
		i, j = d.aEnd, d.bEnd
	}
	return out
}

// resync finds the nearest place where two lines in a row are equal again.
func resync(a, b []string, i, j int) block {
	for n := 1; n <= len(a)-i+len(b)-j; n++ {
		for x := 0; x <= n; x++ {
			y := n - x
			if i+x > len(a) || j+y > len(b) {
				continue
			}
			if same(a, b, i+x, j+y) && same(a, b, i+x+1, j+y+1) {
				return block{i, i + x, j, j + y}
			}
		}
	}
	return block{i, len(a), j, len(b)}
}

// same says whether two lines are equal; so are two ends.
func same(a, b []string, i, j int) bool {
	if i >= len(a) || j >= len(b) {
		return i >= len(a) && j >= len(b)
	}
	return a[i] == b[j]
}

// hunk writes neighbouring blocks with the lines around them.
func hunk(out *strings.Builder, a, b []string, blocks []block) {
	first, last := blocks[0], blocks[len(blocks)-1]
	from := max(0, first.a-contextLines)
	to := min(len(a), last.aEnd+contextLines)
	fromB := first.b - (first.a - from)
	toB := last.bEnd + (to - last.aEnd)
	fmt.Fprintf(out, "@@ -%s +%s @@\n", span(from, to), span(fromB, toB))
	at := from
	for _, d := range blocks {
		write(out, " ", a[at:d.a])
		write(out, "-", a[d.a:d.aEnd])
		write(out, "+", b[d.b:d.bEnd])
		at = d.aEnd
	}
	write(out, " ", a[at:to])
}

// span is a range of lines as hunks give it.
func span(from, to int) string {
	if from == to {
		return fmt.Sprintf("%d,0", from)
	}
	return fmt.Sprintf("%d,%d", from+1, to-from)
}

func write(out *strings.Builder, mark string, list []string) {
	for _, l := range list {
		out.WriteString(mark + strings.TrimSuffix(l, "\n") + "\n")
		if !strings.HasSuffix(l, "\n") {
			out.WriteString("\\ No newline at end of file\n")
		}
	}
}
