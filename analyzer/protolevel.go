package analyzer

import (
	"encoding/binary"
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/internal/route"
	"github.com/idemlint/idemlint/analyzer/internal/rule"
)

// protoLevels are the idempotency levels of RPCs, by /package.Service/Method.
type protoLevels map[string]rule.Level

// of is the level of the RPC that an endpoint serves.
func (l protoLevels) of(e *route.Endpoint) rule.Level {
	return l[strings.TrimPrefix(e.Path, "/twirp")]
}

// descriptorName is what protoc-gen-go calls the file descriptor.
var descriptorName = regexp.MustCompile(`^file_.*_rawDesc$`)

// readLevels reads the descriptors in the generated code of a program.
func readLevels(packages []*load.Package) protoLevels {
	out := protoLevels{}
	for _, p := range packages {
		for _, f := range p.Files {
			for _, d := range f.Decls {
				gen, ok := d.(*ast.GenDecl)
				if !ok || gen.Tok != token.CONST && gen.Tok != token.VAR {
					continue
				}
				for _, s := range gen.Specs {
					if v, ok := s.(*ast.ValueSpec); ok && len(v.Names) == 1 && len(v.Values) == 1 && descriptorName.MatchString(v.Names[0].Name) {
						out.file(literal(v.Values[0]))
					}
				}
			}
		}
	}
	return out
}

// literal is the text of a constant, or of a list of bytes, as protoc-gen-go
// writes descriptors; what is neither is left out.
func literal(e ast.Expr) []byte {
	var out []byte
	ast.Inspect(e, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok {
			return true
		}
		switch lit.Kind {
		case token.STRING:
			if s, err := strconv.Unquote(lit.Value); err == nil {
				out = append(out, s...)
			}
		case token.INT:
			if b, err := strconv.ParseUint(lit.Value, 0, 8); err == nil {
				out = append(out, byte(b))
			}
		}
		return true
	})
	return out
}

// The fields of descriptors that matter, by descriptor.proto.
const (
	filePackage, fileService   = 2, 6
	serviceName, serviceMethod = 1, 2
	methodName, methodOptions  = 1, 4
	optionIdempotencyLevel     = 34
	wireVarint, wireI64        = 0, 1
	wireBytes, wireI32         = 2, 5
	maxLevel                   = uint64(rule.Idempotent)
)

// file reads a FileDescriptorProto.
func (l protoLevels) file(data []byte) {
	pkg := ""
	var services [][]byte
	fields(data, func(num int, b []byte, _ uint64) {
		switch num {
		case filePackage:
			pkg = string(b) + "."
		case fileService:
			services = append(services, b)
		}
	})
	for _, s := range services {
		name := ""
		fields(s, func(num int, b []byte, _ uint64) {
			switch num {
			case serviceName:
				name = string(b)
			case serviceMethod:
				if m, level := method(b); level != rule.LevelUnknown {
					l["/"+pkg+name+"/"+m] = level
				}
			}
		})
	}
}

// method reads a MethodDescriptorProto.
func method(data []byte) (name string, level rule.Level) {
	fields(data, func(num int, b []byte, _ uint64) {
		switch num {
		case methodName:
			name = string(b)
		case methodOptions:
			fields(b, func(num int, _ []byte, n uint64) {
				if num == optionIdempotencyLevel && n <= maxLevel {
					level = rule.Level(n)
				}
			})
		}
	})
	return name, level
}

// fields calls visit for each field of a message in protobuf's wire format,
// with its bytes or its number, up to the first that is broken.
func fields(data []byte, visit func(num int, b []byte, n uint64)) {
	for len(data) > 0 {
		tag, k := binary.Uvarint(data)
		if k <= 0 {
			return
		}
		data = data[k:]
		num := int(tag >> 3)
		switch tag & 7 {
		case wireVarint:
			n, k := binary.Uvarint(data)
			if k <= 0 {
				return
			}
			data = data[k:]
			visit(num, nil, n)
		case wireBytes:
			n, k := binary.Uvarint(data)
			if k <= 0 || n > uint64(len(data)-k) {
				return
			}
			visit(num, data[k:k+int(n)], 0)
			data = data[k+int(n):]
		case wireI64:
			if len(data) < 8 {
				return
			}
			data = data[8:]
		case wireI32:
			if len(data) < 4 {
				return
			}
			data = data[4:]
		default:
			return
		}
	}
}
