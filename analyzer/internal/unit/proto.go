package unit

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"io"
	"sort"
	"strconv"
	"strings"
)

// RPC is what a proto file says about a method of a service, as far as the
// code that protoc-gen-go made of it still has it.
type RPC struct {
	Name string // /package.Service/Method
	// Level is the idempotency_level: NoSideEffects, Idempotent or "".
	Level string
	// HTTP lists the routes of google.api.http, each as "POST /v1/orders".
	HTTP []string
}

// The levels that a proto file can promise.
const (
	NoSideEffects = "NO_SIDE_EFFECTS"
	Idempotent    = "IDEMPOTENT"
)

// maxDescriptor bounds a descriptor that is read, in bytes.
const maxDescriptor = 8 << 20

// rpcs reads the descriptors in a package: constants named file_…_rawDesc in
// code that protoc-gen-go has made since 1.36.6, variables of that name before,
// and compressed ones named fileDescriptor… before protoc-gen-go 1.20.
func (b *builder) rpcs() []RPC {
	var out []RPC
	scope := b.src.Pkg.Pkg.Scope()
	for _, name := range scope.Names() {
		if c, ok := scope.Lookup(name).(*types.Const); ok && descriptorName(name) && c.Val().Kind() == constant.String {
			out = append(out, fileRPCs([]byte(constant.StringVal(c.Val())))...)
		}
	}
	for _, f := range b.src.Syntax {
		for _, decl := range f.Decls {
			if g, ok := decl.(*ast.GenDecl); ok && g.Tok == token.VAR {
				for _, spec := range g.Specs {
					out = append(out, varRPCs(spec.(*ast.ValueSpec))...)
				}
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

func descriptorName(name string) bool {
	return strings.HasPrefix(name, "file_") && strings.HasSuffix(name, "_rawDesc") || strings.HasPrefix(name, "fileDescriptor")
}

func varRPCs(spec *ast.ValueSpec) []RPC {
	if len(spec.Names) != 1 || len(spec.Values) != 1 || !descriptorName(spec.Names[0].Name) {
		return nil
	}
	value := spec.Values[0]
	if call, ok := value.(*ast.CallExpr); ok && len(call.Args) == 1 {
		value = call.Args[0] // string([]byte{…})
	}
	lit, ok := value.(*ast.CompositeLit)
	if !ok || len(lit.Elts) > maxDescriptor {
		return nil
	}
	data := make([]byte, 0, len(lit.Elts))
	for _, e := range lit.Elts {
		l, ok := e.(*ast.BasicLit)
		if !ok {
			return nil
		}
		n, err := strconv.ParseUint(l.Value, 0, 8)
		if err != nil {
			return nil
		}
		data = append(data, byte(n))
	}
	return fileRPCs(data)
}

// fileRPCs reads the services of a FileDescriptorProto. What does not parse
// says nothing.
func fileRPCs(data []byte) []RPC {
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil
		}
		if data, err = io.ReadAll(io.LimitReader(z, maxDescriptor)); err != nil {
			return nil
		}
	}
	pkg := ""
	var services [][]byte
	eachField(data, func(num int, _ uint64, bytes []byte) {
		switch num {
		case 2:
			pkg = string(bytes)
		case 6:
			services = append(services, bytes)
		}
	})
	var out []RPC
	for _, s := range services {
		name := ""
		var methods [][]byte
		eachField(s, func(num int, _ uint64, bytes []byte) {
			switch num {
			case 1:
				name = string(bytes)
			case 2:
				methods = append(methods, bytes)
			}
		})
		if pkg != "" {
			name = pkg + "." + name
		}
		for _, m := range methods {
			out = append(out, methodRPC("/"+name+"/", m))
		}
	}
	return out
}

// The numbers of fields in MethodOptions.
const (
	fieldIdempotencyLevel = 34
	fieldHTTPRule         = 72295728
)

func methodRPC(prefix string, data []byte) RPC {
	r := RPC{}
	eachField(data, func(num int, _ uint64, bytes []byte) {
		switch num {
		case 1:
			r.Name = prefix + string(bytes)
		case 4:
			eachField(bytes, func(num int, n uint64, bytes []byte) {
				switch {
				case num == fieldIdempotencyLevel && n == 1:
					r.Level = NoSideEffects
				case num == fieldIdempotencyLevel && n == 2:
					r.Level = Idempotent
				case num == fieldHTTPRule:
					r.HTTP = append(r.HTTP, httpRule(bytes)...)
				}
			})
		}
	})
	return r
}

// httpRule lists the routes of a google.api.HttpRule.
func httpRule(data []byte) []string {
	var out []string
	eachField(data, func(num int, _ uint64, bytes []byte) {
		switch num {
		case 2, 3, 4, 5, 6:
			out = append(out, map[int]string{2: "GET", 3: "PUT", 4: "POST", 5: "DELETE", 6: "PATCH"}[num]+" "+string(bytes))
		case 8:
			kind, path := "", ""
			eachField(bytes, func(num int, _ uint64, bytes []byte) {
				switch num {
				case 1:
					kind = string(bytes)
				case 2:
					path = string(bytes)
				}
			})
			out = append(out, kind+" "+path)
		case 11:
			out = append(out, httpRule(bytes)...)
		}
	})
	return out
}

// eachField walks the fields of a message in the wire format, and stops where
// the data is not one.
func eachField(data []byte, f func(num int, n uint64, bytes []byte)) {
	for len(data) > 0 {
		tag, n := binary.Uvarint(data)
		if n <= 0 || tag>>3 == 0 || tag>>3 > 1<<29 {
			return
		}
		data = data[n:]
		var size int // of what is passed over
		switch tag & 7 {
		case 0:
			v, n := binary.Uvarint(data)
			if n <= 0 {
				return
			}
			f(int(tag>>3), v, nil)
			data = data[n:]
			continue
		case 1:
			size = 8
		case 5:
			size = 4
		case 2:
			v, n := binary.Uvarint(data)
			if n <= 0 || v > uint64(len(data)-n) {
				return
			}
			f(int(tag>>3), 0, data[n:n+int(v)])
			data = data[n+int(v):]
			continue
		default:
			return // groups do not occur in descriptors
		}
		if len(data) < size {
			return
		}
		data = data[size:]
	}
}
