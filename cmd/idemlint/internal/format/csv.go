package format

import (
	"encoding/csv"
	"io"
	"path/filepath"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Format{Name: "csv", Write: writeCSV, Inventory: true})

// csvHeader names the columns; programs and spreadsheets find them by name.
var csvHeader = []string{
	"id", "module", "package", "protocol", "framework", "method", "route", "state", "effect", "protection",
	"confidence", "key", "store", "owner", "rules", "handler", "handler_pos", "route_pos", "reason",
}

// writeCSV writes the endpoints, a row each (RFC 4180), whatever the view.
func writeCSV(w io.Writer, in *Input) error {
	cw := csv.NewWriter(w)
	if err := cw.Write(csvHeader); err != nil {
		return err
	}
	states, rules := in.Document.States(), in.Document.RulesOf()
	for i := range in.Document.Endpoints {
		e := &in.Document.Endpoints[i]
		row := []string{
			e.ID, e.Module, e.Package, e.Protocol, e.Framework, e.Method, e.Route, string(states[e.ID]),
			string(e.Effect), string(e.Protection), string(e.Confidence), orNone(e.Key), orNone(e.Store), orNone(e.Owner),
			rulesOf(rules, e), e.Handler, inRoot(in, e, e.HandlerPos), inRoot(in, e, e.RoutePos), e.Reason,
		}
		for i := range row {
			row[i] = harmlessCell(row[i])
		}
		if err := cw.Write(row); err != nil {
			return err
		}
	}
	cw.Flush()
	return cw.Error()
}

// inRoot is a position relative to the root of machine formats.
func inRoot(in *Input, e *report.Endpoint, pos string) string {
	if pos == "" {
		return ""
	}
	p := ParsePos(pos)
	name := in.Tree.Abs(e.Module, p.File)
	if rel, err := filepath.Rel(in.Tree.Root, name); err == nil && filepath.IsLocal(rel) {
		name = rel
	}
	return filepath.ToSlash(name) + pos[len(p.File):]
}

// harmlessCell keeps a spreadsheet from taking a cell for a formula.
func harmlessCell(s string) string {
	s = Clean(s)
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}
