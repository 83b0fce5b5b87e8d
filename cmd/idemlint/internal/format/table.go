package format

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/idemlint/idemlint/analyzer/report"
)

// column is a column of a table for a terminal.
type column struct {
	title string
	cells []string
	// least is how narrow the column may become; 0 means that it is never cut.
	least int
	// drop orders the columns that are left out where there is no room for
	// all, the first one first; 0 means that it always stays.
	drop int
}

// narrow is how wide the column is at least.
func (c *column) narrow() int {
	if w := c.width(); c.least == 0 || w < c.least {
		return w
	}
	return c.least
}

// width is how wide the column is, in characters.
func (c *column) width() int {
	w := utf8.RuneCountInString(c.title)
	for _, s := range c.cells {
		w = max(w, utf8.RuneCountInString(s))
	}
	return w
}

// columnGap separates columns.
const columnGap = "  "

// table writes columns, empty ones left out, in lines of at most width
// characters; 0 is no limit. What has to be cut loses its beginning, because
// routes and positions differ at the end.
func (t *text) table(columns []column, width int) {
	var shown []column
	for _, c := range columns {
		if strings.Join(c.cells, "") != "" {
			shown = append(shown, c)
		}
	}
	shown = dropColumns(shown, width)
	widths := fit(shown, width)
	for row := -1; len(shown) > 0 && row < len(shown[0].cells); row++ {
		var line strings.Builder
		for i, c := range shown {
			cell := c.title
			if row >= 0 {
				cell = c.cells[row]
			}
			if cell == "" {
				cell = "-"
			}
			cell = cutFront(cell, widths[i])
			line.WriteString(cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)) + columnGap)
		}
		text := strings.TrimRight(line.String(), " ")
		if row < 0 {
			text = t.bold(text)
		}
		t.printf("%s\n", text)
	}
}

// dropColumns leaves columns out until the others fit, cut as far as they may
// be.
func dropColumns(columns []column, width int) []column {
	for width > 0 {
		total, first := len(columnGap)*max(0, len(columns)-1), -1
		for i := range columns {
			total += columns[i].narrow()
			if d := columns[i].drop; d > 0 && (first < 0 || d < columns[first].drop) {
				first = i
			}
		}
		if total <= width || first < 0 {
			break
		}
		columns = slices.Delete(columns, first, first+1)
	}
	return columns
}

// fit returns the columns' widths: as wide as needed, and where that is too
// much, the widest of those that may be left out give way first.
func fit(columns []column, width int) []int {
	widths := make([]int, len(columns))
	total := len(columnGap) * max(0, len(columns)-1)
	for i := range columns {
		widths[i] = columns[i].width()
		total += widths[i]
	}
	for ; width > 0 && total > width; total-- {
		widest := -1
		for i, c := range columns {
			if c.least == 0 || widths[i] <= c.least {
				continue
			}
			if widest < 0 || columns[widest].drop == 0 || c.drop > 0 && widths[i] > widths[widest] {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
	}
	return widths
}

// cutFront shortens text to so many characters.
func cutFront(s string, width int) string {
	if n := utf8.RuneCountInString(s); n > width {
		return "…" + string([]rune(s)[n-width+1:])
	}
	return s
}

// Widths below which a column is not cut further.
const (
	leastRoute = 16
	leastAt    = 12
	leastName  = 10
)

// endpointTable lists the document's endpoints, a line each.
func (t *text) endpointTable() {
	columns := []column{
		{title: "METHOD"}, {title: "ROUTE", least: leastRoute}, {title: "EFFECT"}, {title: "PROTECTION"},
		{title: "KEY", least: leastName, drop: 3}, {title: "STORE", least: leastName, drop: 1},
		{title: "OWNER", least: leastName, drop: 2}, {title: "AT", least: leastAt, drop: 4}, {title: "RULES"},
	}
	rules := t.in.Document.RulesOf()
	states := t.in.Document.States()
	for i := range t.in.Document.Endpoints {
		e := &t.in.Document.Endpoints[i]
		said := rulesOf(rules, e)
		if states[e.ID] == report.StateWaived {
			said = "(waived)"
		}
		row := []string{
			e.Method, routeOf(e), string(e.Effect), string(e.Protection), orNone(e.Key), orNone(e.Store),
			orNone(e.Owner), t.in.at(e), said,
		}
		for i := range columns {
			columns[i].cells = append(columns[i].cells, Clean(row[i]))
		}
	}
	t.table(columns, t.in.View.Width)
}
