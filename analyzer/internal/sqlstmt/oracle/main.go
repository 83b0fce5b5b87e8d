// Command oracle classifies SQL a second time, from the syntax tree of
// PostgreSQL's own parser, and compares the result with package sqlstmt,
// which looks at tokens only. It shows where the tokens mislead; it cannot
// show that a rule is wrong that both follow.
//
// Run it in its own folder, where its module is: go run . [files].
//
// It reads the case files of the package and the files given as arguments,
// which hold one Go string literal a line. Statements that PostgreSQL does not
// parse, and those that are known only in part, are counted and left out. The
// last line of the output is the agreement on the class:
//
//	sqloracle: 312/320 (97.5 %)
//
// The exit status is 1 when it is below the limit that -min sets.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
)

func main() {
	cases := flag.String("cases", "../testdata/cases/*.sql", "case files, as a `pattern`")
	least := flag.Float64("min", 0, "lowest agreement in `percent`")
	flag.Parse()
	texts, err := readAll(*cases, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(2)
	}
	if agreement := compareAll(texts); agreement < *least {
		os.Exit(1)
	}
}

// text is one SQL text and where it stands.
type text struct{ pos, sql string }

func readAll(pattern string, files []string) ([]text, error) {
	names, err := filepath.Glob(pattern)
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var out []text
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out = append(out, cases(filepath.Base(name), string(data))...)
	}
	for _, name := range files {
		list, err := literals(name)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// cases are the texts of a case file, without what is expected of them.
func cases(name, data string) []text {
	var out []text
	line := 1
	for block := range strings.SplitSeq(data, "\n\n") {
		var sql []string
		for l := range strings.SplitSeq(block, "\n") {
			if !strings.HasPrefix(l, "-- ") {
				sql = append(sql, l)
			}
		}
		out = append(out, text{
			pos: fmt.Sprintf("%s:%d", name, line),
			sql: strings.ReplaceAll(strings.Join(sql, "\n"), "¤", sqlstmt.Hole),
		})
		line += strings.Count(block, "\n") + 2
	}
	return out
}

// literals reads a file of Go string literals.
func literals(name string) ([]text, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []text
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for n := 1; s.Scan(); n++ {
		sql, err := strconv.Unquote(s.Text())
		if err != nil {
			return nil, fmt.Errorf("%s:%d: not a string literal of Go: %w", name, n, err)
		}
		out = append(out, text{fmt.Sprintf("%s:%d", filepath.Base(name), n), sql})
	}
	return out, s.Err()
}

// compareAll prints every disagreement and the totals; it returns the
// agreement on the class in percent.
func compareAll(texts []text) float64 {
	var total, writing, partial, foreign int
	agreed := map[string]int{}
	aspects := []string{"class", "table", "sets", "where", "conflict"}
	for _, t := range texts {
		if strings.Contains(t.sql, sqlstmt.Hole) {
			partial++
			continue
		}
		want, err := classifyTree(t.sql)
		if err != nil {
			foreign++
			continue
		}
		total++
		if rank(want["class"]) >= rank("Idempotent") {
			writing++
		}
		got := fromTokens(sqlstmt.Parse(t.sql))
		for _, a := range aspects {
			if got[a] == want[a] {
				agreed[a]++
				continue
			}
			fmt.Printf("%s: %s: tokens say %s, the tree says %s\n\t%s\n", t.pos, a, got[a], want[a], strings.Join(strings.Fields(t.sql), " "))
			if a == "class" {
				for _, later := range aspects[1:] { // a consequence
					agreed[later]++
				}
				break
			}
		}
	}
	fmt.Printf("%d texts: %d compared (%d of them write), %d not PostgreSQL's, %d known in part\n", len(texts), total, writing, foreign, partial)
	for _, a := range aspects[1:] {
		fmt.Printf("%s: %d/%d\n", a, agreed[a], total)
	}
	percent := 100 * float64(agreed["class"]) / float64(max(total, 1))
	fmt.Printf("sqloracle: %d/%d (%.1f %%)\n", agreed["class"], total, percent)
	return percent
}

// answer is what is compared, by aspect.
type answer map[string]string

var classNames = []string{"Read", "Lock", "Idempotent", "Guarded", "InsertIgnore", "Insert", "Unknown", "NonIdempotent"}

// fromTokens is the answer of the package: the highest class, and the rest
// from the first statement that has it.
func fromTokens(stmts []sqlstmt.Stmt) answer {
	most := sqlstmt.Max(stmts)
	a := answer{"class": classNames[most]}
	for _, s := range stmts {
		if s.Class != most {
			continue
		}
		a["table"], a["conflict"] = s.Table, strings.Join(s.Conflict, " ")
		a["sets"], a["where"] = binds(s.Sets), binds(s.Where)
		return a
	}
	return a
}

// binds writes columns with their arguments; the text of other values is not
// compared.
func binds(list []sqlstmt.Bind) string {
	var out []string
	for _, b := range list {
		out = append(out, pair(b.Column, b.Param))
	}
	return strings.Join(out, " ")
}

func pair(column string, param int) string {
	if param < 0 {
		return column + "=-"
	}
	return column + "=" + strconv.Itoa(param)
}
