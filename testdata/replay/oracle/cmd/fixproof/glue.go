package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// glue connects the harness with the guards of the repaired services: each
// gets a package by which the harness says where keys are kept.
func (w *workshop) glue(modules []string) error {
	var imports, entries strings.Builder
	for _, m := range modules {
		store, dialect := w.storeOf(m)
		g := gluesOf(store, dialect)
		dir := filepath.Join(w.folder(m), "fixproof")
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
		text := fmt.Sprintf("package fixproof\n\nimport (\n%s\n\t\"example.com/%s/%s\"\n)\n\n%s", g.imports, m, guardDir, g.code)
		if m == "functions" {
			more, wraps, guards, err := w.functions()
			if err != nil {
				return err
			}
			text += guards
			imports.WriteString(more)
			entries.WriteString(wraps)
		}
		if err := os.WriteFile(filepath.Join(dir, "fixproof.go"), []byte(text), 0o644); err != nil {
			return err
		}
		fmt.Fprintf(&imports, "\t%s \"example.com/%s/fixproof\"\n", m+"proof", m)
		fmt.Fprintf(&entries, "\tguards[%q] = Guard{\n%s\t}\n", m, strings.ReplaceAll(g.entry, "PROOF", m+"proof"))
	}
	text := "package services\n\nimport (\n\t\"context\"\n\n" + imports.String() +
		"\t\"github.com/idemlint/idemlint/testdata/replay/oracle/world\"\n)\n\nfunc init() {\n" + entries.String() + "}\n"
	return os.WriteFile(filepath.Join(w.dir, "replay", "oracle", "services", "guards.go"), []byte(text), 0o644)
}

// glued is the code for one store.
type glued struct {
	imports, code string // of the service's package
	entry         string // of the harness
}

func gluesOf(store, dialect string) glued {
	switch store {
	case "redis":
		return glued{
			imports: "\t\"github.com/redis/go-redis/v9\"\n",
			code:    "func Use(rdb redis.Cmdable) { idemguard.Use(idemguard.NewRedis(rdb)) }\n",
			entry: `		Use:         func(w *world.World) { PROOF.Use(w.Redis) },
		Prepare:     func(context.Context, *world.World) error { return nil },
		Bookkeeping: world.Places{"redis idem:*"},
`,
		}
	case "dynamodb":
		return glued{
			imports: "\t\"context\"\n\t\"time\"\n\n\t\"github.com/aws/aws-sdk-go-v2/aws\"\n\t\"github.com/aws/aws-sdk-go-v2/service/dynamodb\"\n\t\"github.com/aws/aws-sdk-go-v2/service/dynamodb/types\"\n",
			code: `func Use(db *dynamodb.Client, now func() time.Time) {
	s := idemguard.NewDynamoDB(db)
	s.Now = now
	idemguard.Use(s)
}

func Prepare(ctx context.Context, db *dynamodb.Client) error {
	_, err := db.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: aws.String(idemguard.Table), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}},
	})
	return err
}
`,
			entry: `		Use:         func(w *world.World) { PROOF.Use(clientsOf(w).Dynamo, w.Now) },
		Prepare:     func(ctx context.Context, w *world.World) error { return PROOF.Prepare(ctx, clientsOf(w).Dynamo) },
		Bookkeeping: world.Places{"dynamo idempotency_records"},
`,
		}
	}
	schema := map[string]string{"sqlite": "SchemaSQLite", "postgres": "SchemaPostgres"}[dialect]
	return glued{
		imports: "\t\"database/sql\"\n\t\"time\"\n",
		code: `func Use(db *sql.DB, now func() time.Time) {
	s := idemguard.NewSQL(db)
	s.Now = now
	idemguard.Use(s)
}

var Schema = idemguard.` + schema + "\n",
		entry: `		Use: func(w *world.World) { PROOF.Use(w.DB, w.Now) },
		Prepare: func(ctx context.Context, w *world.World) error {
			_, err := w.DB.ExecContext(ctx, PROOF.Schema)
			return err
		},
		Bookkeeping: world.Places{"sql idempotency_records"},
`,
	}
}

var started = regexp.MustCompile(`lambda\.Start\(idemguard\.(\w+)\((\w+)\.New\(`)

// functions tells the harness, which calls functions without the Lambda
// runtime, which guards their main packages now put around them: the imports
// and the statements for it, and the guards that the service's package has to
// make known.
func (w *workshop) functions() (imports, entries, guards string, err error) {
	mains, err := filepath.Glob(filepath.Join(w.folder("functions"), "cmd", "*", "main.go"))
	if err != nil {
		return "", "", "", err
	}
	var exported []string
	for _, m := range mains {
		data, err := os.ReadFile(m)
		if err != nil {
			return "", "", "", err
		}
		found := started.FindStringSubmatch(string(data))
		if found == nil {
			continue
		}
		wrap, pkg := found[1], found[2]
		if !slices.Contains(exported, wrap) {
			exported = append(exported, wrap)
			guards += "\nvar " + wrap + " = idemguard." + wrap + "\n"
		}
		imports += fmt.Sprintf("\t%q\n", "example.com/functions/"+pkg)
		entries += fmt.Sprintf("\tfunctionGuards[functionName(%s.New(awscfg.Clients{}).Handle)] = functionsproof.%s\n", pkg, wrap)
	}
	if entries != "" {
		imports += "\t\"example.com/functions/awscfg\"\n"
	}
	return imports, entries, guards, nil
}
