package analyzer

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/beside"
	"github.com/idemlint/idemlint/analyzer/internal/infra"
	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/template"
)

// maxInfraFiles bounds how many templates of a module are read.
const maxInfraFiles = 1000

// created finds the tables that a text creates with columns of its own, and
// not like, from or as a part of another one.
var created = regexp.MustCompile("(?i)\\bcreate\\s+(?:unlogged\\s+)?table\\s+(?:if\\s+not\\s+exists\\s+)?([\\w.\"`\\[\\]]+)\\s*\\(")

// declare notes where a text creates tables; file is relative to the module.
func (s *schema) declare(file, text string) {
	text = sqlstmt.Unqualified(text)
	for _, m := range created.FindAllStringSubmatchIndex(text, -1) {
		name := text[m[2]:m[3]]
		name = strings.ToLower(strings.Trim(name[strings.LastIndexByte(name, '.')+1:], "\"`[]"))
		body := strings.ToLower(text[m[1]:min(len(text), m[1]+4000)])
		if end := strings.IndexByte(body, ';'); end >= 0 {
			body = body[:end]
		}
		if strings.Contains(body, "like ") || strings.Contains(body, "inherits") || strings.Contains(body, "{{") {
			continue
		}
		s.declared[name] = file
	}
}

// whole reports whether a text in Go code holds definitions of tables to their
// end: all that it opens it closes, and nothing is filled in later.
func whole(text string) bool {
	return strings.Count(text, "(") == strings.Count(text, ")") && !strings.ContainsAny(text, "%") && !strings.Contains(text, "{{")
}

// Declared implements guard.Stores.
func (s *schema) Declared(table string) (string, bool) {
	at, ok := s.declared[strings.ToLower(table)]
	return at, ok
}

// Constraints implements guard.Stores.
func (s *schema) Constraints(table string) []sqlstmt.Constraint {
	return s.tables[strings.ToLower(table)]
}

// Dynamo implements guard.Stores.
func (s *schema) Dynamo() []infra.Table { return s.dynamo }

// addInfra reads the DynamoDB tables that the modules declare.
func (s *schema) addInfra(prog *load.Program) {
	for _, m := range prog.Modules {
		for _, name := range infraFiles(m.Dir) {
			data, err := os.ReadFile(name)
			if err != nil {
				continue // what cannot be read says nothing
			}
			rel := filepath.ToSlash(relative(m.Dir, name))
			var tables []infra.Table
			switch {
			case strings.HasSuffix(name, ".tf"):
				tables = infra.Terraform(rel, data)
			case bytes.Contains(data, []byte("Resources")):
				tables = infra.CloudFormation(rel, data)
			}
			if len(tables) > 0 {
				s.files = append(s.files, name)
				s.dynamo = append(s.dynamo, tables...)
			}
		}
	}
	for _, p := range prog.Packages {
		for _, f := range p.Files {
			name := prog.Fset.Position(f.Package).Filename
			for _, m := range prog.Modules {
				if rel := relative(m.Dir, name); rel != name {
					name = rel
				}
			}
			s.dynamo = append(s.dynamo, infra.CDK(filepath.ToSlash(name), f)...)
		}
	}
}

// infraFiles lists the files below a folder that may declare tables, in the
// order of their names.
func infraFiles(root string) []string {
	return beside.Files(root, maxInfraFiles, func(name string) bool {
		return filepath.Ext(name) == ".tf" || template.Named(name)
	})
}
