package analyzer

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/beside"
	"github.com/idemlint/idemlint/analyzer/internal/config"
	"github.com/idemlint/idemlint/analyzer/internal/infra"
	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// maxSQLFiles bounds how many SQL files of a module are read.
const maxSQLFiles = 4000

// schema is what the SQL files of the modules say about tables.
type schema struct {
	files  []string // absolute, as read
	tables map[string][]sqlstmt.Constraint
	temp   map[string]bool // tables of one session
	mysql  bool            // the code talks to MySQL, and does not ask it for all rows that were found
	// declared holds where tables are created, dynamo those of DynamoDB.
	declared map[string]string
	dynamo   []infra.Table
}

func newSchema() *schema {
	return &schema{tables: map[string][]sqlstmt.Constraint{}, temp: map[string]bool{}, declared: map[string]string{}}
}

// readSchema reads the SQL files of all first-party modules, and those that lie
// beside the modules in the folder of their workspace: migrations and schema
// files. It is read by the engine only; a driver that sees one package at a time
// goes without.
func readSchema(modules []load.Module, dir string) *schema {
	s := newSchema()
	s.read("", sharedSQL(modules, dir))
	for _, m := range modules {
		s.read(m.Dir, sqlFiles(m.Dir))
	}
	return s
}

// sharedSQL lists the SQL files of the workspace that a folder is in which lie in
// none of the modules.
func sharedSQL(modules []load.Module, dir string) []string {
	root, err := config.Root(dir)
	if err != nil {
		return nil
	}
	within := func(name string) bool {
		return slices.ContainsFunc(modules, func(m load.Module) bool { return strings.HasPrefix(name, m.Dir+string(filepath.Separator)) })
	}
	if within(filepath.Join(root, "go.mod")) {
		return nil
	}
	return slices.DeleteFunc(sqlFiles(root), within)
}

// read reads SQL files that belong together, in their order.
func (s *schema) read(dir string, files []string) {
	var texts []string
	for _, name := range files {
		if data, err := os.ReadFile(name); err == nil {
			s.files = append(s.files, name)
			texts = append(texts, string(data))
			s.declare(filepath.ToSlash(relative(dir, name)), string(data))
		}
	}
	s.add(sqlstmt.Unique(texts...))
	s.addTemporary(texts)
}

func (s *schema) addTemporary(texts []string) {
	for _, t := range sqlstmt.TemporaryTables(texts...) {
		s.temp[t] = true
	}
}

// Temporary implements guard.Facts.
func (s *schema) Temporary(table string) bool { return s.temp[strings.ToLower(table)] }

// CountsChanged implements guard.Facts.
func (s *schema) CountsChanged() bool { return s.mysql }

// countsChanged reports whether code talks to MySQL, by the name of its driver or a
// call of it, and nowhere sets clientFoundRows, in a text or the driver's config.
func countsChanged(units []*unit.Unit) bool {
	mysql := false
	for _, u := range units {
		for i := range u.Callees {
			c := &u.Callees[i]
			mysql = mysql || c.Pkg == "gorm.io/driver/mysql" || c.Pkg == "github.com/go-sql-driver/mysql"
		}
		for i := range u.Funcs {
			fn := &u.Funcs[i]
			for k := range fn.Leaves {
				l := &fn.Leaves[k]
				if l.Kind != unit.LeafConst || l.Const != unit.ConstString {
					continue
				}
				if strings.Contains(l.Str, "clientFoundRows=true") {
					return false
				}
				mysql = mysql || l.Str == "mysql"
			}
			for k := range fn.Instrs {
				if in := &fn.Instrs[k]; in.Op == unit.OpFieldAddr && in.Str == "ClientFoundRows" {
					return false
				}
			}
		}
	}
	return mysql
}

// ddl tells the texts in Go code that declare constraints.
var ddl = regexp.MustCompile(`(?i)\b(create\s+(?:temp\s+|temporary\s+)?table|create\s+unique\s+index|alter\s+table)\b`)

// addCode reads the constraints in migrations that are written in Go, in the
// order in which they stand in the code.
func (s *schema) addCode(units []*unit.Unit) {
	s.mysql = countsChanged(units)
	for _, u := range units {
		type text struct {
			pos  unit.Pos
			leaf int
			sql  string
		}
		var texts []text
		for i := range u.Funcs {
			fn := &u.Funcs[i]
			for j := range fn.Leaves {
				l := &fn.Leaves[j]
				if l.Kind == unit.LeafConst && l.Const == unit.ConstString && len(l.Str) > 20 && ddl.MatchString(l.Str) {
					texts = append(texts, text{fn.Pos, j, l.Str})
				}
			}
		}
		sort.SliceStable(texts, func(i, j int) bool {
			a, b := texts[i], texts[j]
			switch {
			case u.Files[a.pos.File] != u.Files[b.pos.File]:
				return u.Files[a.pos.File] < u.Files[b.pos.File]
			case a.pos.Line != b.pos.Line:
				return a.pos.Line < b.pos.Line
			}
			return a.leaf < b.leaf
		})
		all := make([]string, len(texts))
		for i := range texts {
			all[i] = texts[i].sql
		}
		for i, text := range all {
			if whole(text) {
				s.declare(u.Files[texts[i].pos.File], text)
			}
		}
		if len(all) > 0 {
			s.add(sqlstmt.Unique(all...))
			s.addTemporary(all)
		}
	}
}

func (s *schema) add(constraints []sqlstmt.Constraint) {
	for _, c := range constraints {
		s.tables[c.Table] = append(s.tables[c.Table], c)
	}
}

// declaresTables are the endings of files with SQL; the latter two are customary
// for Spanner's.
var declaresTables = map[string]bool{".sql": true, ".sdl": true, ".ddl": true}

// sqlFiles lists the SQL files below a folder, the ways down of migrations
// and other modules left out, in the order of their names.
func sqlFiles(root string) []string {
	return beside.Files(root, maxSQLFiles, func(name string) bool {
		return declaresTables[filepath.Ext(name)] && !strings.Contains(name, "down") && !strings.Contains(name, "rollback")
	})
}

// Unique implements guard.Facts: a constraint all of whose columns are among
// those given, and whose condition the row can meet.
func (s *schema) Unique(table string, columns []string, row func(string) sqlstmt.Cell) (string, bool) {
	for _, c := range s.tables[strings.ToLower(table)] {
		if c.Refuses(columns, row) {
			return c.Name, true
		}
	}
	return "", false
}

// Generated implements guard.Facts.
func (s *schema) Generated(table, column string) bool {
	for _, c := range s.tables[strings.ToLower(table)] {
		if slices.Contains(c.Generated, column) {
			return true
		}
	}
	return false
}
