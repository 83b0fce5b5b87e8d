package world

import (
	"regexp"
	"strings"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
)

var (
	sqlWrite = regexp.MustCompile(`(?i)\b(INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE)\b`)
	sqlTable = regexp.MustCompile("(?i)\\b(?:FROM|INTO|UPDATE|JOIN)\\s+[`\"]?([a-z_][a-z0-9_]*)")
)

// sqlOp names the operation of one statement. It is read off with two
// expressions: the harness only needs to know which tables a statement names
// and whether it may write.
func sqlOp(query string) gate.Op {
	op := gate.Op{Store: "sql"}
	fields := strings.Fields(query)
	if len(fields) > 0 {
		op.Verb = strings.ToUpper(fields[0])
	}
	if w := sqlWrite.FindString(query); w != "" {
		op.Write = true
		if op.Verb == "WITH" {
			op.Verb = strings.ToUpper(w)
		}
	}
	if op.Verb == "SELECT" || op.Verb == "BEGIN" || op.Verb == "COMMIT" {
		op.Write = false
	}
	for i, m := range sqlTable.FindAllStringSubmatch(query, -1) {
		table := strings.ToLower(m[1])
		switch {
		case i == 0:
			op.Place = table
		case table != op.Place && table != "set":
			op.Also = append(op.Also, table)
		}
	}
	return op
}
