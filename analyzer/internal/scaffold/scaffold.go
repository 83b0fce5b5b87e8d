// Package scaffold writes the guard package that "idemlint init" gives to a
// team. Its text is real code in the folder _guard, which the module under
// testdata/scaffold compiles and tests; only the package's name, the key's
// header and the lifetime of responses are put in here.
package scaffold

import (
	"embed"
	"fmt"
	"go/format"
	"go/scanner"
	"go/token"
	"go/version"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed _guard/*.go _guard/*.sql
var guard embed.FS

// Part is an adapter for a framework, or a store.
type Part struct {
	Name  string
	files []string
	// Imports are the packages of other modules, or those modules, that its files need.
	Imports []string
	// later are files that need a name which a library has not always had.
	later []later
	// Make, for a store, is the function that makes it.
	Make string
	// Use, for an adapter, is code that uses it. It calls the package
	// idempotency.
	Use string
}

// later is a file that needs a name of a package.
type later struct{ file, pkg, name string }

// Snippet is code that uses an adapter of a package with a name of the team's.
func (p Part) Snippet(pkg string) string { return strings.ReplaceAll(p.Use, "idempotency.", pkg+".") }

var core = []string{"guard.go", "observe.go"}

// adapters and stores are the parts there are.
var (
	adapters = []Part{
		{Name: "net/http", files: []string{"http.go"},
			Use: `mux.HandleFunc("POST /orders", idempotency.WrapFunc(api.placeOrder))
mux.Handle("POST /payments", idempotency.Wrap(payments))`},
		{Name: "gin", files: []string{"http.go", "gin.go"}, Imports: []string{"github.com/gin-gonic/gin"},
			Use: `router.POST("/orders", idempotency.Gin, api.placeOrder)`},
		{Name: "echo", files: []string{"http.go", "echo.go"}, Imports: []string{"github.com/labstack/echo/v4"},
			Use: `e.POST("/orders", api.placeOrder, idempotency.Echo)`},
		{Name: "fiber", files: []string{"http.go", "fiber.go"}, Imports: []string{"github.com/gofiber/fiber/v2"},
			Use: `app.Post("/orders", idempotency.Fiber, api.placeOrder)`},
		{Name: "grpc", files: []string{"grpc.go", "proto.go"}, Imports: []string{"google.golang.org/grpc", "google.golang.org/protobuf"},
			Use: `grpc.NewServer(grpc.ChainUnaryInterceptor(idempotency.Unary), grpc.ChainStreamInterceptor(idempotency.Stream))`},
		{Name: "connect", files: []string{"connect.go", "proto.go"}, Imports: []string{"connectrpc.com/connect", "google.golang.org/protobuf"},
			Use: `shopv1connect.NewOrderServiceHandler(service, connect.WithInterceptors(idempotency.Connect))`},
		{Name: "aws-lambda", files: []string{"http.go", "consume.go", "lambda.go"}, Imports: []string{"github.com/aws/aws-lambda-go/events"},
			later: []later{{"lambda_url.go", "github.com/aws/aws-lambda-go/events", "LambdaFunctionURLRequest"}},
			Use:   `lambda.Start(idempotency.LambdaHTTP(placeOrder))`},
		{Name: "watermill", files: []string{"watermill.go"}, Imports: []string{"github.com/ThreeDotsLabs/watermill/message"},
			Use: `router.AddNoPublisherHandler("orders", topic, subscriber, idempotency.WatermillConsumer(placeOrder))`},
		{Name: "events", files: []string{"consume.go"},
			Use: `err := idempotency.Consume(ctx, "orders", msg.ID, func(ctx context.Context) error {
	return placeOrder(ctx, msg)
})`},
	}
	stores = []Part{
		{Name: "postgres", files: []string{"sql.go", "schema_postgres.go", "schema_postgres.sql"}, Make: "NewSQL"},
		{Name: "sqlite", files: []string{"sql.go", "schema_sqlite.go", "schema_sqlite.sql"}, Make: "NewSQL"},
		{Name: "mysql", files: []string{"mysql.go", "schema_mysql.sql"}, Make: "NewMySQL"},
		{Name: "redis", files: []string{"redis.go"}, Imports: []string{"github.com/redis/go-redis/v9"}, Make: "NewRedis"},
		{Name: "dynamodb", files: []string{"dynamodb.go"}, Imports: []string{"github.com/aws/aws-sdk-go-v2/service/dynamodb"}, Make: "NewDynamoDB"},
		{Name: "memory", files: []string{"memory.go"}, Make: "NewMemory"},
	}
)

// Adapter is the adapter for a framework, by its name in reports.
func Adapter(name string) (Part, bool) { return part(adapters, name) }

// Store is a store, by its name; that of an SQL store is its dialect.
func Store(name string) (Part, bool) { return part(stores, name) }

func part(list []Part, name string) (Part, bool) {
	i := slices.IndexFunc(list, func(p Part) bool { return p.Name == name })
	if i < 0 {
		return Part{}, false
	}
	return list[i], true
}

// Options say what the package is called and how it behaves.
type Options struct {
	Package   string // its name
	KeyHeader string
	TTL       time.Duration
	// GoVersion is that of the module's go directive, such as 1.17; the code
	// keeps to the language of it, from 1.16 on.
	GoVersion string
	// Lacks reports whether the module's version of a package has not got a
	// name; what needs it is left out. nil leaves out nothing.
	Lacks func(pkg, name string) bool
}

// File is a file of the package.
type File struct {
	Name string // base name
	Data []byte
}

// Files are the files of the package with these parts, sorted by name. It
// fails for options that cannot be put into the code.
func Files(o Options, parts ...Part) ([]File, error) {
	names := slices.Clone(core)
	for _, p := range parts {
		names = append(names, p.files...)
		for _, l := range p.later {
			if o.Lacks == nil || !o.Lacks(l.pkg, l.name) {
				names = append(names, l.file)
			}
		}
	}
	slices.Sort(names)
	var out []File
	for _, name := range slices.Compact(names) {
		data, err := guard.ReadFile(path.Join("_guard", name))
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(name, ".go") {
			if data, err = render(o, string(data)); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		out = append(out, File{Name: name, Data: data})
	}
	return out, nil
}

// render puts the options into a file's text.
func render(o Options, text string) ([]byte, error) {
	text = strings.NewReplacer(
		"package idempotency\n", "package "+o.Package+"\n",
		"// Package idempotency ", "// Package "+o.Package+" ",
		"idempotency.Use", o.Package+".Use",
		`const KeyHeader = "Idempotency-Key"`, "const KeyHeader = "+strconv.Quote(o.KeyHeader),
		"TTL = 24 * time.Hour", "TTL = "+duration(o.TTL),
	).Replace(text)
	if version.IsValid("go"+o.GoVersion) && version.Compare("go"+o.GoVersion, "go1.18") < 0 {
		text = withoutAny(text)
	}
	return format.Source([]byte(text))
}

// withoutAny writes interface{} where the code says any, which Go 1.17 does
// not know.
func withoutAny(text string) string {
	fset := token.NewFileSet()
	var sc scanner.Scanner
	sc.Init(fset.AddFile("", -1, len(text)), []byte(text), nil, 0)
	var out strings.Builder
	at := 0
	for {
		pos, tok, lit := sc.Scan()
		if tok == token.EOF {
			return out.String() + text[at:]
		}
		if tok == token.IDENT && lit == "any" {
			from := fset.Position(pos).Offset
			out.WriteString(text[at:from] + "interface{}")
			at = from + len(lit)
		}
	}
}

// duration writes a duration as Go code.
func duration(d time.Duration) string {
	for _, u := range []struct {
		size time.Duration
		name string
	}{{time.Hour, "time.Hour"}, {time.Minute, "time.Minute"}, {time.Second, "time.Second"}} {
		if d >= u.size && d%u.size == 0 {
			return strconv.FormatInt(int64(d/u.size), 10) + " * " + u.name
		}
	}
	return "time.Duration(" + strconv.FormatInt(int64(d), 10) + ")"
}
