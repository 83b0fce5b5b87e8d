package model

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func file(t *testing.T, name, text string) *File {
	t.Helper()
	f, err := Load(name, []byte(text))
	require.NoError(t, err)
	return f
}

func index(t *testing.T, files ...*File) *Index {
	t.Helper()
	x, err := NewIndex(files...)
	require.NoError(t, err)
	return x
}

func builtIn(f *File) *File {
	f.builtin = true
	return f
}

func TestLookup(t *testing.T) {
	x := index(t, file(t, "m.yml", in(`    framework: lib
    keys:
      - {on: [Header.Get], name: arg 0, source: header}
      - {on: [Header], name: index, source: header}
    effects:
      - {on: [Send], class: non-idempotent}
`)))
	rows := x.Lookup(Symbol{"example.com/lib", "Header", "Get"})
	require.Equal(t, Arg("arg 0"), rows.Key.Name)
	require.Nil(t, rows.Effect)
	require.Equal(t, "lib", rows.Pkg.Framework)
	require.Equal(t, "http", rows.Pkg.Protocol, "the default is not filled in")
	require.True(t, rows.User)

	require.Equal(t, SelIndex, x.Lookup(Symbol{Package: "example.com/lib", Name: "Header"}).Key.Name.Sel().Kind)
	require.Equal(t, ClassNonIdempotent, x.Lookup(Symbol{Package: "example.com/lib", Name: "Send"}).Effect.Class)
	require.Nil(t, x.Lookup(Symbol{Package: "example.com/lib", Name: "Get"}), "a method is not a function")
	require.Nil(t, x.Lookup(Symbol{"example.com/lib", "Header", "Send"}), "a function is not a method")
	require.Nil(t, x.Lookup(Symbol{Package: "example.com/other", Name: "Send"}))
	require.Same(t, rows, x.Lookup(Symbol{"example.com/lib", "Header", "Get"}))
}

func TestLookupFoldsVersions(t *testing.T) {
	x := index(t, file(t, "m.yml", `library: lib
packages:
  - path: example.com/lib
    versions: [0, 3]
    effects:
      - {on: [F], class: read}
  - path: example.com/lib
    versions: [4]
    effects:
      - {on: [F], class: claim}
  - path: example.com/all/sub
    also: [gopkg.in/all]
    effects:
      - {on: [F], class: burn}
`))
	for path, want := range map[string]Class{
		"example.com/lib":        ClassRead,
		"example.com/lib/v2":     "",
		"example.com/lib/v3":     ClassRead,
		"example.com/lib/v4":     ClassClaim,
		"example.com/lib/v5":     "",
		"example.com/all/sub":    ClassBurn,
		"example.com/all/v9/sub": ClassBurn,
		"gopkg.in/all.v2":        ClassBurn,
		"gopkg.in/all.v2/sub":    "",
	} {
		rows := x.Lookup(Symbol{Package: path, Name: "F"})
		require.Equal(t, want != "", x.Known(path), path)
		if want == "" {
			require.Nil(t, rows, path)
			require.Nil(t, x.PackageOf(path), path)
			continue
		}
		require.Equal(t, want, rows.Effect.Class, path)
	}
}

func TestPatterns(t *testing.T) {
	x := index(t, file(t, "m.yml", in(`    effects:
      - {on: [T.*], class: unknown}
      - {on: [T.Get*], class: read}
      - {on: [T.GetAndDelete], class: burn}
      - {on: [New*], class: insert}
    keys:
      - {on: [T.GetHeader], name: arg 0, source: header}
`)))
	class := func(typ, name string) Class {
		rows := x.Lookup(Symbol{"example.com/lib", typ, name})
		if rows == nil || rows.Effect == nil {
			return ""
		}
		return rows.Effect.Class
	}
	require.Equal(t, ClassUnknown, class("T", "Do"), "T.* is for every method")
	require.Equal(t, ClassRead, class("T", "Get"), "the longer pattern wins")
	require.Equal(t, ClassRead, class("T", "GetAll"))
	require.Equal(t, ClassBurn, class("T", "GetAndDelete"), "an exact symbol wins")
	require.Empty(t, class("T", "GetHeader"), "a pattern is not for symbols that have a row of another kind")
	require.NotNil(t, x.Lookup(Symbol{"example.com/lib", "T", "GetHeader"}).Key)
	require.Equal(t, ClassInsert, class("", "NewThing"))
	require.Empty(t, class("", "Do"), "T.* is not for functions")
	require.Empty(t, class("U", "Get"), "T.Get* is not for other types")
	require.Nil(t, x.Lookup(Symbol{"example.com/lib", "T", "*"}).Key, "a pattern is no symbol")
}

func TestPrecedence(t *testing.T) {
	lib := builtIn(file(t, "lib.yml", in(`    framework: lib
    protocol: event
    effects:
      - {on: [F, G, H, T.Exact], class: non-idempotent}
      - {on: [T.*], class: unknown}
    keys:
      - {on: [F], name: arg 0, source: header}
`)))
	listed := file(t, "listed.yml", in("    effects:\n      - {on: [F, G], class: read}\n"))
	user := file(t, "user.yml", in(`    framework: ours
    effects:
      - {on: [F], class: idempotent}
      - {on: [T.Ex*, T.*], class: burn}
    neutrals:
      - {on: [H]}
`))
	x := index(t, lib, listed, user)
	at := func(typ, name string) *Rows { return x.Lookup(Symbol{"example.com/lib", typ, name}) }

	require.Equal(t, ClassIdempotent, at("", "F").Effect.Class, "the last file wins")
	require.Equal(t, "header", at("", "F").Key.Source, "rows of other kinds stay")
	require.Equal(t, Pos{"user.yml", 6}, at("", "F").Effect.Pos)
	require.Equal(t, ClassRead, at("", "G").Effect.Class)
	require.True(t, at("", "G").User)
	require.True(t, at("", "H").Neutral, "a user's neutral hides the effect")
	require.Nil(t, at("", "H").Effect)
	require.Equal(t, ClassNonIdempotent, at("T", "Exact").Effect.Class, "an exact symbol wins over a user's pattern")
	require.False(t, at("T", "Exact").User)
	require.Equal(t, ClassBurn, at("T", "Execute").Effect.Class)
	require.Equal(t, ClassBurn, at("T", "Do").Effect.Class, "of equal patterns the user's wins")

	require.Equal(t, "ours", at("", "F").Pkg.Framework)
	require.Equal(t, "event", at("", "F").Pkg.Protocol, "what a file leaves out comes from those before it")
	require.Equal(t, at("", "F").Pkg, x.PackageOf("example.com/lib/v3"))
}

func TestUsersEffectHidesNeutral(t *testing.T) {
	lib := builtIn(file(t, "lib.yml", in("    neutrals:\n      - {on: [F]}\n")))
	user := file(t, "user.yml", in("    effects:\n      - {on: [F], class: insert}\n"))
	rows := index(t, lib, user).Lookup(Symbol{Package: "example.com/lib", Name: "F"})
	require.False(t, rows.Neutral)
	require.Equal(t, ClassInsert, rows.Effect.Class)
}

func TestNeutralPackage(t *testing.T) {
	x := index(t, builtIn(file(t, "m.yml", in(`    neutral: true
    effects:
      - {on: [Send], class: non-idempotent}
    calls:
      - {on: [Do], func: arg 0, mode: once}
`))))
	at := func(name string) *Rows { return x.Lookup(Symbol{Package: "example.com/lib", Name: name}) }
	require.True(t, at("Anything").Neutral)
	require.False(t, at("Anything").User)
	require.Same(t, at("Anything"), at("Other"), "one entry is enough")
	require.True(t, at("Do").Neutral, "a call has no effect of its own")
	require.NotNil(t, at("Do").Call)
	require.False(t, at("Send").Neutral)
	require.True(t, x.PackageOf("example.com/lib").Neutral)
}

func TestListsWithoutSymbol(t *testing.T) {
	lib := builtIn(file(t, "lib.yml", in(`    framework: lib
    shapes:
      - {id: one, handler: func(a), compose: wrap}
      - {id: two, handler: func(b), compose: wrap}
    services:
      - {func: Register*, sig: func(iface), impl: arg 0, method: RPC}
    effects:
      - {on: [DB.Exec, Tx.Exec, DB.Query, Exec, T.Ex*], class: read, shape: [func(string) error]}
`)))
	user := file(t, "user.yml", in(`    shapes:
      - {id: two, handler: func(c), compose: chain}
    effects:
      - {on: [Own.Exec], class: claim, shape: [func(int) error]}
`))
	x := index(t, lib, user)

	var shapes []string
	for _, s := range x.Shapes() {
		shapes = append(shapes, s.ID+" "+s.Handler+" "+s.Pkg.Path)
	}
	require.Equal(t, []string{"two func(c) example.com/lib", "one func(a) example.com/lib"}, shapes)
	require.Len(t, x.Services(), 1)
	require.Equal(t, "lib", x.Services()[0].Pkg.Framework)

	exec := x.ShapeMethod("Exec")
	require.Len(t, exec, 2, "one entry per row, not per type")
	require.Equal(t, ClassClaim, exec[0].Class)
	require.Equal(t, ClassRead, exec[1].Class)
	require.Len(t, x.ShapeMethod("Query"), 1)
	require.Empty(t, x.ShapeMethod("Ex*"))
}

func TestUndefinedShape(t *testing.T) {
	f := file(t, "m.yml", in("    routes:\n      - {on: [F], method: GET, handler: arg 0, shape: none}\n    options:\n      - {on: [F], middleware: arg 0, shape: none}\n"))
	_, err := NewIndex(f)
	require.EqualError(t, err, `m.yml:5: shape "none" is not defined in any file; add it under shapes
m.yml:7: shape "none" is not defined in any file; add it under shapes`)
}

func TestLookupConcurrently(t *testing.T) {
	x := index(t, file(t, "m.yml", in("    effects:\n      - {on: [T.Get*], class: read}\n")))
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 200 {
				rows := x.Lookup(Symbol{"example.com/lib", "T", fmt.Sprintf("Get%d", i)})
				if rows == nil || rows.Effect == nil {
					panic("row not found")
				}
				x.Lookup(Symbol{Package: fmt.Sprintf("example.com/%d", i), Name: "F"})
			}
		}()
	}
	wg.Wait()
}
