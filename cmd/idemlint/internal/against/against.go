// Package against compares the endpoints that were found with a list that
// somebody else keeps: an OpenAPI document, or a text with a route a line. An
// inventory that lacks an endpoint is worse than none, as it is trusted.
package against

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/idemlint/idemlint/analyzer/report"
)

// Route is an entry of the other list.
type Route struct {
	Method string // upper case; "" stands for any
	Path   string
	Line   int // in the file, from 1
}

// String returns the entry as routes.txt has it.
func (r Route) String() string { return strings.TrimSpace(r.Method + " " + r.Path) }

// List is the other list.
type List struct {
	Routes []Route
	// Bases are prefixes that the service's routes may have in front of the
	// paths of the list, such as /v1.
	Bases []string
}

// Difference is what only one side has, in its order.
type Difference struct {
	OnlyCode []*report.Endpoint
	OnlyFile []Route
}

// Parse reads a list by what its file is called: OpenAPI or Swagger in YAML or
// JSON, else routes, a line each. Errors begin with the line.
func Parse(name string, data []byte) (*List, error) {
	switch strings.ToLower(path.Ext(name)) {
	case ".yml", ".yaml", ".json":
		return parseOpenAPI(data)
	}
	return parseRoutes(data)
}

// method is how routes.txt may name a method.
var method = regexp.MustCompile(`^[A-Z]+$`)

// parseRoutes reads lines of METHOD and path, or of a path alone. What follows
// a # is a comment.
func parseRoutes(data []byte) (*List, error) {
	l := &List{}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		words := strings.Fields(text)
		r := Route{Line: n}
		switch {
		case len(words) == 0:
			continue
		case len(words) == 1:
			r.Path = words[0]
		case len(words) == 2 && method.MatchString(words[0]):
			r.Method, r.Path = words[0], words[1]
		default:
			return nil, fmt.Errorf("line %d: want METHOD and path, as POST /orders, not %q", n, strings.TrimSpace(text))
		}
		if r.Method == "ANY" {
			r.Method = ""
		}
		if !strings.HasPrefix(r.Path, "/") && r.Method != "CONSUMER" {
			return nil, fmt.Errorf("line %d: the path %q does not begin with a slash", n, r.Path)
		}
		l.Routes = append(l.Routes, r)
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(l.Routes) == 0 {
		return nil, fmt.Errorf("line 1: the file names no route")
	}
	return l, nil
}

// operations are the members of a path item that are methods (OpenAPI 3.1,
// 4.8.9; 3.2 adds query).
var operations = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}

// parseOpenAPI reads the paths of an OpenAPI or Swagger document.
func parseOpenAPI(data []byte) (*List, error) {
	var doc struct {
		BasePath string                          `yaml:"basePath"`
		Servers  []struct{ URL string }          `yaml:"servers"`
		Paths    map[string]map[string]yaml.Node `yaml:"paths"`
	}
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("no OpenAPI document: %w", err)
	}
	if len(doc.Paths) == 0 {
		return nil, fmt.Errorf("line 1: no OpenAPI document: it has no paths")
	}
	l := &List{}
	for p, item := range doc.Paths {
		for _, op := range operations {
			if node, ok := item[op]; ok {
				l.Routes = append(l.Routes, Route{Method: strings.ToUpper(op), Path: p, Line: node.Line})
			}
		}
	}
	sortRoutes(l.Routes)
	l.Bases = append(l.Bases, doc.BasePath)
	for _, s := range doc.Servers {
		if u, err := url.Parse(s.URL); err == nil {
			l.Bases = append(l.Bases, u.Path)
		}
	}
	return l, nil
}

// Compare finds what only one side has. Parameters of every style are the
// same, a slash at the end makes no difference, and an endpoint that serves
// any method is every method's. RPCs and consumers are compared only when the
// list has some.
func Compare(l *List, endpoints []report.Endpoint) Difference {
	var d Difference
	kinds := map[string]bool{"http": true}
	for _, r := range l.Routes {
		kinds[kind(r.Method)] = true
	}
	used := make([]bool, len(l.Routes))
	for i := range endpoints {
		e := &endpoints[i]
		if !kinds[kind(e.Method)] {
			continue
		}
		found := false
		for j, r := range l.Routes {
			if l.same(r, e) {
				used[j], found = true, true
			}
		}
		if !found {
			d.OnlyCode = append(d.OnlyCode, e)
		}
	}
	for j, r := range l.Routes {
		if !used[j] {
			d.OnlyFile = append(d.OnlyFile, r)
		}
	}
	return d
}

// kind is what a method belongs to.
func kind(method string) string {
	switch method {
	case "RPC", "CONSUMER":
		return method
	}
	return "http"
}

// same says whether an entry means an endpoint.
func (l *List) same(r Route, e *report.Endpoint) bool {
	if kind(r.Method) != kind(e.Method) || r.Method != "" && e.Method != "ANY" && !strings.EqualFold(r.Method, e.Method) {
		return false
	}
	if kind(e.Method) != "http" {
		return r.Path == e.Route || r.Path == e.Handler
	}
	got := shape(e.Route)
	if got == shape(r.Path) {
		return true
	}
	for _, base := range l.Bases {
		if base = strings.TrimSuffix(base, "/"); base != "" && got == shape(base+r.Path) {
			return true
		}
	}
	return false
}

// shape is a route in which all parameters look alike.
func shape(route string) string {
	parts := strings.Split(strings.Trim(route, "/"), "/")
	for i, p := range parts {
		switch {
		case p == "":
		case strings.ContainsAny(p, "{}<>*()[]") || p[0] == ':':
			parts[i] = "{}"
		}
	}
	return "/" + strings.Join(parts, "/")
}

// sortRoutes orders entries by where they stand.
func sortRoutes(routes []Route) {
	slices.SortFunc(routes, func(a, b Route) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.String(), b.String()))
	})
}
