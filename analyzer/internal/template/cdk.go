package template

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// cdkPath is what the import paths of the CDK begin with.
const cdkPath = "github.com/aws/aws-cdk-go/"

// parseCDK reads a CDK app in Go by its syntax: functions that are made with
// the folder of their code, and the calls that tie them to routes and queues.
// It follows variables within a file.
func parseCDK(path string, data []byte) []Function {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, data, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	imported := false
	for _, spec := range file.Imports {
		imported = imported || strings.HasPrefix(strings.Trim(spec.Path.Value, "\""), cdkPath)
	}
	if !imported {
		return nil
	}
	c := &cdk{path: path, fset: fset, values: map[string]ast.Expr{}, functions: map[string]*Function{}}
	ast.Inspect(file, c.assigned)
	ast.Inspect(file, c.tied)
	return byName(c.functions)
}

type cdk struct {
	path      string
	fset      *token.FileSet
	values    map[string]ast.Expr  // of variables, by name
	functions map[string]*Function // by variable
}

// assigned notes what variables are, and the functions among them.
func (c *cdk) assigned(n ast.Node) bool {
	as, ok := n.(*ast.AssignStmt)
	if !ok || len(as.Lhs) != 1 || len(as.Rhs) != 1 {
		return true
	}
	id, ok := as.Lhs[0].(*ast.Ident)
	if !ok {
		return true
	}
	c.values[id.Name] = as.Rhs[0]
	call, ok := as.Rhs[0].(*ast.CallExpr)
	if !ok || !strings.HasSuffix(callee(call), "Function") || len(call.Args) < 3 {
		return true
	}
	code := first(call.Args[2], func(n ast.Node) string {
		kv, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return ""
		}
		if key, ok := kv.Key.(*ast.Ident); ok && (key.Name == "Entry" || key.Name == "Code") {
			return first(kv.Value, stringOf)
		}
		return ""
	})
	if code == "" {
		return true
	}
	f := &Function{Name: first(call.Args[1], stringOf), Dir: c.folder(code)}
	c.functions[id.Name] = f
	return true
}

// folder finds the folder of code, which is relative to where cdk runs: the
// nearest folder above the app that has it.
func (c *cdk) folder(code string) string {
	for dir := filepath.Dir(c.path); ; dir = filepath.Dir(dir) {
		found := filepath.Join(dir, filepath.FromSlash(code))
		if info, err := os.Stat(found); err == nil && info.IsDir() {
			return found
		}
		if dir == filepath.Dir(dir) {
			return filepath.Join(filepath.Dir(c.path), filepath.FromSlash(code))
		}
	}
}

// tied reads the calls that tie functions to what calls them.
func (c *cdk) tied(n ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return true
	}
	switch name := callee(call); {
	case name == "AddRoutes": // api.AddRoutes(&AddRoutesOptions{Path, Methods, Integration})
		method, path := "", ""
		ast.Inspect(call, func(n ast.Node) bool {
			kv, ok := n.(*ast.KeyValueExpr)
			if !ok {
				return true
			}
			switch key, _ := kv.Key.(*ast.Ident); {
			case key == nil:
			case key.Name == "Path":
				path = first(kv.Value, stringOf)
			case key.Name == "Methods":
				method = first(kv.Value, func(n ast.Node) string {
					if s, ok := n.(*ast.SelectorExpr); ok {
						if _, m, ok := strings.Cut(s.Sel.Name, "HttpMethod_"); ok {
							return m
						}
					}
					return ""
				})
			}
			return true
		})
		c.add(call, "apigateway", method, path)
	case name == "AddMethod" && len(call.Args) >= 2: // resource.AddMethod("POST", integration)
		c.add(call, "apigateway", first(call.Args[0], stringOf), c.restPath(receiver(call), 0))
	case name == "AddEventSource":
		c.add(call, c.source(call), "ANY", "")
	case name == "AddSubscription":
		c.add(call, "sns", "ANY", "")
	case name == "AddFunctionUrl":
		c.add(call, "function-url", "ANY", "")
	case strings.HasSuffix(name, "LambdaRestApi"):
		c.add(call, "apigateway", "ANY", "/*")
	}
	return true
}

// source is the kind of event source that a call adds, by its constructor.
func (c *cdk) source(call *ast.CallExpr) string {
	for _, p := range []struct{ name, source string }{
		{"Sqs", "sqs"}, {"Kinesis", "kinesis"}, {"DynamoEvent", "dynamodb"}, {"Sns", "sns"}, {"S3", "s3"}, {"Kafka", "kafka"},
	} {
		if first(call, func(n ast.Node) string {
			if id, ok := n.(*ast.Ident); ok && strings.Contains(id.Name, p.name) && strings.Contains(id.Name, "EventSource") {
				return p.source
			}
			return ""
		}) != "" {
			return p.source
		}
	}
	return "event-source"
}

// restPath is the path of a resource of a REST API: the texts that were given
// to AddResource, from the root on.
func (c *cdk) restPath(e ast.Expr, depth int) string {
	if id, ok := e.(*ast.Ident); ok {
		e = c.values[id.Name]
	}
	call, ok := e.(*ast.CallExpr)
	if !ok || depth > 20 || callee(call) != "AddResource" || len(call.Args) == 0 {
		return ""
	}
	return c.restPath(receiver(call), depth+1) + "/" + first(call.Args[0], stringOf)
}

// add ties every function that a call mentions, itself or through a variable,
// to a trigger.
func (c *cdk) add(call *ast.CallExpr, source, method, path string) {
	method = strings.ToUpper(method)
	if method == "" {
		method = "ANY"
	}
	done := map[*Function]bool{}
	var visit func(n ast.Node, depth int)
	visit = func(n ast.Node, depth int) {
		ast.Inspect(n, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			if f := c.functions[id.Name]; f != nil {
				if !done[f] {
					done[f] = true
					f.Triggers = append(f.Triggers, Trigger{Source: source, Method: method, Path: path, File: c.path, Line: c.fset.Position(call.Pos()).Line})
				}
			} else if v := c.values[id.Name]; v != nil && depth < 3 {
				visit(v, depth+1)
			}
			return true
		})
	}
	visit(call, 0)
}

func callee(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

func receiver(call *ast.CallExpr) ast.Expr {
	if s, ok := call.Fun.(*ast.SelectorExpr); ok {
		return s.X
	}
	return nil
}

func stringOf(n ast.Node) string {
	if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		if s, err := strconv.Unquote(lit.Value); err == nil {
			return s
		}
	}
	return ""
}

// first is the first text that a function finds in a tree.
func first(n ast.Node, find func(ast.Node) string) string {
	out := ""
	ast.Inspect(n, func(n ast.Node) bool {
		if n != nil && out == "" {
			out = find(n)
		}
		return out == ""
	})
	return out
}
