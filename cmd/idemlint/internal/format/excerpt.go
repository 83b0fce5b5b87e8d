package format

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// tabWidth is how wide excerpts show a tab.
const tabWidth = 4

// maxExcerpt bounds the width of an excerpt, in characters; generated lines
// can be very long.
const maxExcerpt = 160

// excerpt writes the source line at a position with what is from there to end
// underlined. Without the source it writes nothing.
func (t *text) excerpt(module, pos, end string) {
	p, e := ParsePos(pos), ParsePos(end)
	line, ok := t.in.Tree.Line(t.in.Tree.Abs(module, p.File), p.Line)
	if !ok {
		return
	}
	from := min(max(p.Column-1, 0), len(line))
	to := len(line)
	if e.Line == p.Line && e.Column > p.Column {
		to = min(e.Column-1, len(line))
	}
	before, marked, rest := expand(line[:from]), expand(line[from:to]), expand(line[to:])
	gutter := fmt.Sprintf("%5d", p.Line)
	t.printf("%s %s\n", t.dim(gutter+" |"), clip(before+marked+rest))
	width := max(1, utf8.RuneCountInString(strings.TrimRight(marked, " ")))
	margin := utf8.RuneCountInString(before)
	if margin < maxExcerpt {
		under := strings.Repeat("^", min(width, maxExcerpt-margin))
		t.printf("%s %s%s\n", t.dim(strings.Repeat(" ", len(gutter))+" |"), strings.Repeat(" ", margin), t.yellow(under))
	}
}

// expand replaces tabs by blanks and makes the rest harmless.
func expand(s string) string {
	return Clean(strings.ReplaceAll(s, "\t", strings.Repeat(" ", tabWidth)))
}

// clip cuts a line that is too long.
func clip(s string) string {
	if r := []rune(s); len(r) > maxExcerpt {
		return string(r[:maxExcerpt]) + "…"
	}
	return s
}
