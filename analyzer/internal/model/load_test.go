package model

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// in puts rows into the smallest file around them; they start on line 4.
func in(rows string) string {
	return "library: lib\npackages:\n  - path: example.com/lib\n" + rows
}

func TestLoad(t *testing.T) {
	file, err := Load("lib.yml", []byte(`library: lib
doc: 1.2.3
packages:
  - path: example.com/lib
    also: [example.com/fork]
    versions: [1, 2]
    framework: lib
    protocol: event
    routes:
      - {on: [(Router|Group).Get], method: GET, path: arg 0, handler: last 1}
    effects:
      - on: [DB.Exec]
        sql: arg 0
        when:
          - {arg: arg 1, has: true, class: read}
`))
	require.NoError(t, err)
	require.Equal(t, "lib", file.Library)
	p := file.Packages[0]
	require.Equal(t, Pos{"lib.yml", 4}, p.Pos)
	require.Equal(t, Symbols{"Router.Get", "Group.Get"}, p.Routes[0].On, "alternatives are not spelt out")
	require.Equal(t, Pos{"lib.yml", 10}, p.Routes[0].Pos)
	require.Equal(t, Pos{"lib.yml", 12}, p.Effects[0].Pos)
	require.Equal(t, Pos{"lib.yml", 15}, p.Effects[0].When[0].Pos)
	require.Equal(t, Arg("arg 0"), p.Effects[0].SQL)
}

// TestLoadErrors has one mistake per case, which must be the whole error.
func TestLoadErrors(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":             {"", "m.yml:1: file is empty; start it with the key library"},
		"not a mapping":     {"- a\n", "m.yml:1: file must be a mapping with the keys library and packages"},
		"broken YAML":       {"library: lib\npackages: [\n", "m.yml:2: did not find expected node content"},
		"wrong type":        {"library: lib\npackages: 3\n", "m.yml:2: expected a list instead of int `3`"},
		"scalar for list":   {in("    versions: 3\n"), "m.yml:4: expected a list instead of int `3`"},
		"word for number":   {in("    versions: [x]\n"), "m.yml:4: expected a number instead of str `x`"},
		"word for bool":     {in("    neutral: some\n"), "m.yml:4: expected true or false instead of str `some`"},
		"list for mapping":  {in("    shapes:\n      - []\n"), "m.yml:5: expected a mapping instead of seq"},
		"mapping for word":  {in("    effects:\n      - {on: [F], class: {}}\n"), "m.yml:5: expected a word instead of map"},
		"key twice":         {"library: lib\nlibrary: lob\npackages: []\n", `m.yml:2: mapping key "library" already defined at line 1`},
		"second document":   {"library: lib\n---\nlibrary: lob\n", "m.yml:2: a second document starts here; keep one per file"},
		"anchor":            {"library: &a lib\npackages: []\n", "m.yml:1: anchors and aliases are not supported; write the value out"},
		"unknown key":       {"library: lib\nlicence: MIT\npackages:\n  - path: a\n", `m.yml:2: unknown key "licence"; use one of library, doc, packages`},
		"unknown row key":   {in("    wraps:\n      - {on: [F], iner: arg 0}\n"), `m.yml:5: unknown key "iner"; use one of on, inner, middleware, field, keep, server`},
		"no library":        {"packages:\n  - path: a\n", "m.yml:1: library is missing; name the library as people call it"},
		"no packages":       {"library: lib\n", "m.yml:1: packages is missing; list the import paths with their rows"},
		"no path":           {"library: lib\npackages:\n  - neutral: true\n", "m.yml:3: package has no path; write its import path"},
		"path with version": {"library: lib\npackages:\n  - path: a.b/c/v2/d\n", `m.yml:3: path "a.b/c/v2/d" has a version in it; write "a.b/c/d", with versions: [2] if the rows hold for that one alone`},
		"path twice":        {"library: lib\npackages:\n  - path: a\n  - path: b\n    also: [a]\n", "m.yml:4: package a is listed already, at m.yml:3; join the two, or give both disjoint versions"},
		"version twice":     {"library: lib\npackages:\n  - path: a\n    versions: [0, 2]\n  - path: a\n    versions: [1]\n", "m.yml:5: package a is listed already, at m.yml:3; join the two, or give both disjoint versions"},
		"protocol":          {in("    protocol: smtp\n"), `m.yml:3: protocol "smtp" is unknown; use one of http, grpc, connect, twirp, graphql, lambda, event`},

		"no on":          {in("    neutrals:\n      - {}\n"), "m.yml:5: row of neutrals has no on; list the symbols that it is about"},
		"bad symbol":     {in("    neutrals:\n      - {on: [T.M.N]}\n"), `m.yml:5: symbol "T.M.N" is not of the form F, T.M, T.* or with a prefix before *`},
		"bare star":      {in("    neutrals:\n      - {on: ['*']}\n"), `m.yml:5: symbol "*" is not of the form F, T.M, T.* or with a prefix before *`},
		"inner star":     {in("    neutrals:\n      - {on: [T.A*B]}\n"), `m.yml:5: symbol "T.A*B" is not of the form F, T.M, T.* or with a prefix before *`},
		"duplicate":      {in("    neutrals:\n      - {on: [F]}\n      - {on: [G, F]}\n"), "m.yml:6: symbol F has a row of neutrals already, at m.yml:5; keep one"},
		"same row twice": {in("    neutrals:\n      - {on: [T.A, T.(A|B)]}\n"), "m.yml:5: symbol T.A has a row of neutrals already, at m.yml:5; keep one"},
		"neutral effect": {in("    effects:\n      - {on: [F], class: read}\n    neutrals:\n      - {on: [F]}\n"), "m.yml:7: symbol F cannot be neutral, it has a row of effects at m.yml:5; keep one"},

		"shape id":       {in("    shapes:\n      - {handler: func(), compose: wrap}\n"), "m.yml:5: shape has no id; name it, such as std or gin"},
		"shape handler":  {in("    shapes:\n      - {id: x, compose: wrap}\n"), "m.yml:5: handler is missing; write a signature, such as func(context.Context) error"},
		"shape compose":  {in("    shapes:\n      - {id: x, handler: func(), compose: onion}\n"), `m.yml:5: compose "onion" is unknown; use one of wrap, chain, interceptor`},
		"shape param":    {in("    shapes:\n      - {id: x, handler: func(a), compose: wrap, request: [1]}\n"), "m.yml:5: request names parameter 1, but the handler has no such"},
		"shape next":     {in("    shapes:\n      - {id: x, handler: func(a), compose: wrap, next: [a-b]}\n"), `m.yml:5: symbol "a-b" is not of the form F, T.M, T.* or with a prefix before *`},
		"next without":   {in("    shapes:\n      - {id: x, handler: func(a), compose: wrap, next-param: 1}\n"), "m.yml:5: next-param needs interceptor; write the middleware's signature"},
		"service func":   {in("    services:\n      - {func: A*B*, sig: func(iface), impl: arg 0, method: RPC}\n"), `m.yml:5: func "A*B*" must be a name with at most one *, such as Register*Server`},
		"service sig":    {in("    services:\n      - {func: A*, sig: func(iface, impl: arg 0, method: RPC}\n"), `m.yml:5: sig "func(iface" is not a signature; start it with func( and close every parenthesis`},
		"service impl":   {in("    services:\n      - {func: A*, sig: func(iface), impl: rest 0, method: RPC}\n"), `m.yml:5: impl cannot be "rest 0"; start it with arg, field`},
		"service method": {in("    services:\n      - {func: A*, sig: func(iface), impl: arg 0, method: CALL}\n"), `m.yml:5: method "CALL" is neither one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, CONNECT, TRACE, QUERY, RPC, ANY, generated nor an argument selector`},

		"route method":  {in("    routes:\n      - {on: [F], handler: arg 0}\n"), `m.yml:5: method is missing; use one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, CONNECT, TRACE, QUERY, ANY, CONSUMER, or say where it is, such as "arg 0"`},
		"route handler": {in("    routes:\n      - {on: [F], method: GET}\n"), `m.yml:5: handler is missing; say where it is, such as "arg 0"`},
		"route path":    {in("    routes:\n      - {on: [F], method: GET, handler: arg 0, path: arg}\n"), `m.yml:5: path: argument selector "arg" lacks a number`},
		"group child":   {in("    groups:\n      - {on: [F], child: arg 0, inherit: live}\n"), `m.yml:5: child cannot be "arg 0"; start it with result, param, recv`},
		"group inherit": {in("    groups:\n      - {on: [F], child: result 0}\n"), "m.yml:5: inherit is missing; use one of live, copy, replace"},
		"attach reach":  {in("    attach:\n      - {on: [F], middleware: arg 0, reach: some}\n"), `m.yml:5: reach "some" is unknown; use one of all, later, prefix, asked`},
		"mount":         {in("    mounts:\n      - {on: [F], prefix: arg 0}\n"), `m.yml:5: router is missing; say where it is, such as "arg 0"`},
		"wrap":          {in("    wraps:\n      - {on: [F]}\n"), `m.yml:5: inner is missing; say where it is, such as "arg 0"`},
		"serve":         {in("    serves:\n      - {on: [F], handler: x}\n"), `m.yml:5: handler: argument selector "x" starts with the unknown word "x"; write one of ` + selWords()},
		"option shape":  {in("    options:\n      - {on: [F], middleware: arg 0}\n"), "m.yml:5: shape is missing; name the shape of the middleware"},
		"key name":      {in("    keys:\n      - {on: [F], source: header}\n"), "m.yml:5: row of keys needs either name (where the name is) or const (the name itself)"},
		"key both":      {in("    keys:\n      - {on: [F], name: arg 0, const: id, source: header}\n"), "m.yml:5: row of keys needs either name (where the name is) or const (the name itself)"},
		"key source":    {in("    keys:\n      - {on: [F], name: arg 0, source: head}\n"), `m.yml:5: source "head" is unknown; use one of header, metadata, query, path, body, cookie, event-id`},
		"request":       {in("    requests:\n      - {on: [F], into: arg}\n"), `m.yml:5: into: argument selector "arg" lacks a number`},
		"make":          {in("    makes:\n      - {on: [F]}\n"), "m.yml:5: row of makes has no fields; say which argument each field holds, or what it copies"},
		"make field":    {in("    makes:\n      - {on: [F], fields: {a: ''}}\n"), `m.yml:5: fields.a is missing; say where it is, such as "arg 0"`},
		"expression":    {in("    expressions:\n      - {on: [F], args: rest 1}\n"), "m.yml:5: row of expressions needs text, join or ops; say what it stands for in a statement"},
		"context":       {in("    contexts:\n      - {on: [F], value: arg 0}\n"), `m.yml:5: name is missing; say where it is, such as "arg 0"`},
		"context read":  {in("    contexts:\n      - {on: [F], name: arg 0, result: true}\n"), "m.yml:5: result needs value; a call that only reads makes no new context"},
		"call mode":     {in("    calls:\n      - {on: [F], func: arg 0, mode: twice}\n"), `m.yml:5: mode "twice" is unknown; use one of once, first, alone, tx, retry, goroutine, watch`},
		"generator":     {in("    generators:\n      - {on: [F], kind: uuid}\n"), `m.yml:5: kind "uuid" is unknown; use one of id, random, time`},
		"protection":    {in("    protections:\n      - {on: [F], kind: lib}\n"), `m.yml:5: kind "lib" is unknown; use one of middleware, call`},

		"effect without":   {in("    effects:\n      - {on: [F]}\n"), "m.yml:5: row of effects needs class, sql or command; say what a repetition changes"},
		"effect class":     {in("    effects:\n      - {on: [F], class: write}\n"), `m.yml:5: class "write" is unknown; use one of read, idempotent, insert, insert-ignore, guarded, claim, burn, lock, non-idempotent, unknown`},
		"effect both":      {in("    effects:\n      - {on: [F], class: read, sql: arg 0}\n"), "m.yml:5: row of effects has both class and sql; the statement decides, drop class"},
		"effect commands":  {in("    effects:\n      - {on: [F], class: read, commands: {GET: read}}\n"), "m.yml:5: commands needs command; say which argument names the operation"},
		"effect command":   {in("    effects:\n      - {on: [F], command: arg 0, commands: {GET: reads}}\n"), `m.yml:5: commands.GET "reads" is unknown; use one of ` + strings.Join(classes, ", ")},
		"effect lower":     {in("    effects:\n      - {on: [F], command: arg 0, commands: {get: read}}\n"), "m.yml:5: commands.get must be upper case"},
		"effect result":    {in("    effects:\n      - {on: [F], class: claim, result: ok}\n"), `m.yml:5: result "ok" is unknown; use one of bool, count, error, value`},
		"effect text":      {in("    effects:\n      - {on: [F], class: read, text: 'reads {table}'}\n"), "m.yml:5: text has the unknown placeholder {table}; use {0} to {9} for arguments or {recv}"},
		"effect shape":     {in("    effects:\n      - {on: [T.F], class: read, shape: [string]}\n"), `m.yml:5: shape "string" is not a signature; start it with func( and close every parenthesis`},
		"effect dedupe":    {in("    effects:\n      - {on: [F], class: read, dedupe: ['']}\n"), `m.yml:5: dedupe is missing; say where it is, such as "arg 0"`},
		"when without":     {in("    effects:\n      - on: [F]\n        class: read\n        when:\n          - {arg: arg 0, class: claim}\n"), "m.yml:8: condition asks nothing; add has, absent, is, contains, call, keys, bits or from"},
		"when both":        {in("    effects:\n      - on: [F]\n        class: read\n        when:\n          - {arg: arg 0, has: true, absent: true, class: claim}\n"), "m.yml:8: condition asks has and absent, which never hold together"},
		"when class":       {in("    effects:\n      - on: [F]\n        class: read\n        when:\n          - {arg: arg 0, has: true}\n"), "m.yml:8: class is missing; use one of " + strings.Join(classes, ", ")},
		"when arg":         {in("    effects:\n      - on: [F]\n        class: read\n        when:\n          - {has: true, class: claim}\n"), `m.yml:8: arg is missing; say where it is, such as "arg 0"`},
		"when from":        {in("    effects:\n      - on: [F]\n        class: read\n        when:\n          - {arg: arg 0, from: caller, class: claim}\n"), `m.yml:8: from "caller" is unknown; use one of fresh, request`},
		"when call":        {in("    effects:\n      - on: [F]\n        class: read\n        when:\n          - {arg: arg 0, call: [example.com/lib.a-b], class: claim}\n"), `m.yml:8: symbol "a-b" is not of the form F, T.M, T.* or with a prefix before *`},
		"too many symbols": {in("    neutrals:\n      - on: ['(a|b|c|d|e|f|g|h|i|j)(a|b|c|d|e|f|g|h|i|j)(a|b|c|d|e|f|g|h|i|j)(a|b)']\n"), `m.yml:5: symbol "(a|b|c|d|e|f|g|h|i|j)(a|b|c|d|e|f|g|h|i|j)(a|b|c|d|e|f|g|h|i|j)(a|b)" expands to more than 1000`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load("m.yml", []byte(c.text))
			require.EqualError(t, err, c.want)
		})
	}
}

func TestLoadJoinsErrorsByLine(t *testing.T) {
	_, err := Load("m.yml", []byte(in("    wraps:\n      - {on: [F]}\n    routes:\n      - {on: [G], method: GET}\n")))
	require.EqualError(t, err, `m.yml:5: inner is missing; say where it is, such as "arg 0"
m.yml:7: handler is missing; say where it is, such as "arg 0"`)
}

func TestLoadBounds(t *testing.T) {
	_, err := Load("m.yml", []byte(strings.Repeat("#", maxSize+1)))
	require.EqualError(t, err, "m.yml:1: file has 1048577 bytes, more than 1048576; split it")

	_, err = Load("m.yml", []byte("library: lib\npackages: "+strings.Repeat("[", 100)+strings.Repeat("]", 100)))
	require.EqualError(t, err, "m.yml:2: nested deeper than 16 levels")
}

func TestLoadQualifiedCalls(t *testing.T) {
	file, err := Load("m.yml", []byte(in("    effects:\n      - on: [F]\n        class: read\n        when:\n          - {arg: arg 0, call: [example.com/sub/x.T.(A|B), Own], class: claim}\n")))
	require.NoError(t, err)
	require.Equal(t, Symbols{"example.com/sub/x.T.A", "example.com/sub/x.T.B", "Own"}, file.Packages[0].Effects[0].When[0].Call)
}

func FuzzLoad(f *testing.F) {
	f.Add(in("    neutrals:\n      - {on: [F]}\n"))
	f.Add(in("    effects:\n      - {on: [T.*], class: read, when: [{arg: arg 0, has: true, class: claim}]}\n"))
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Load("m.yml", []byte(text))
		if err != nil {
			require.Regexp(t, `^m\.yml:[0-9]+: `, err.Error())
			return
		}
		_, err = NewIndex(file)
		if err != nil {
			require.Regexp(t, `^m\.yml:[0-9]+: shape `, err.Error())
		}
	})
}
