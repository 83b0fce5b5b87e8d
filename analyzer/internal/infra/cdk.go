package infra

import (
	"go/ast"
	"go/token"
	"strconv"
	"strings"
)

// cdkPackage is the CDK's package of DynamoDB tables.
const cdkPackage = "github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"

// CDK reads the tables of a stack in Go: literals of awsdynamodb.TableProps
// and TablePropsV2.
func CDK(file string, f *ast.File) []Table {
	pkg := importName(f, cdkPackage)
	if pkg == "" {
		return nil
	}
	var out []Table
	ast.Inspect(f, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		sel, ok := lit.Type.(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != "TableProps" && sel.Sel.Name != "TablePropsV2" {
			return true
		}
		if id, ok := sel.X.(*ast.Ident); !ok || id.Name != pkg {
			return true
		}
		t := Table{ID: "of " + sel.Sel.Name, File: file, Name: text(field(lit, "TableName"))}
		for _, name := range []string{"PartitionKey", "SortKey"} {
			if key := field(lit, name); key != nil {
				t.Keys = append(t.Keys, text(field(key, "Name")))
			}
		}
		if ttl := field(lit, "TimeToLiveAttribute"); ttl != nil {
			t.TTL = text(ttl)
			t.Unsure = t.TTL == ""
		}
		if len(t.Keys) > 0 && t.Keys[0] != "" && t.Keys[len(t.Keys)-1] != "" {
			out = append(out, t)
		}
		return true
	})
	return out
}

// importName is what a file calls a package, "" when it does not import it.
func importName(f *ast.File, path string) string {
	for _, spec := range f.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err != nil || p != path {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path[strings.LastIndexByte(path, '/')+1:]
	}
	return ""
}

// field is the value of a field of a literal, or of a pointer to one; nil when
// it is not set.
func field(e ast.Expr, name string) ast.Expr {
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = u.X
	}
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		return nil
	}
	for _, elt := range lit.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok && id.Name == name {
				return kv.Value
			}
		}
	}
	return nil
}

// text is a text that is written out, in a call such as jsii.String or
// without; "" for any other.
func text(e ast.Expr) string {
	if call, ok := e.(*ast.CallExpr); ok && len(call.Args) == 1 {
		e = call.Args[0]
	}
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		if s, err := strconv.Unquote(lit.Value); err == nil {
			return s
		}
	}
	return ""
}
