package model

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFold(t *testing.T) {
	for _, c := range []struct {
		path, folded string
		major        int
	}{
		{"net/http", "net/http", 1},
		{"math/rand/v2", "math/rand", 2},
		{"github.com/jackc/pgx", "github.com/jackc/pgx", 1},
		{"github.com/jackc/pgx/v5", "github.com/jackc/pgx", 5},
		{"github.com/jackc/pgx/v5/pgxpool", "github.com/jackc/pgx/pgxpool", 5},
		{"github.com/stripe/stripe-go/v84/paymentintent", "github.com/stripe/stripe-go/paymentintent", 84},
		{"gopkg.in/yaml.v3", "gopkg.in/yaml", 3},
		{"gopkg.in/DataDog/dd-trace-go.v1/ddtrace", "gopkg.in/DataDog/dd-trace-go/ddtrace", 1},
		{"example.com/a/v2/b/v3", "example.com/a/b", 2},
		{"k8s.io/api/core/v1", "k8s.io/api/core/v1", 1},
		{"example.com/a/v0/b", "example.com/a/v0/b", 1},
		{"example.com/v2ray/core", "example.com/v2ray/core", 1},
		{"example.com/a/v02", "example.com/a/v02", 1},
		{"example.com/yaml.v3", "example.com/yaml.v3", 1},
		{"", "", 1},
	} {
		folded, major := Fold(c.path)
		require.Equal(t, c.folded, folded, c.path)
		require.Equal(t, c.major, major, c.path)
		again, _ := Fold(folded)
		require.Equal(t, folded, again, "folding %s twice", c.path)
	}
}

func TestSymbolString(t *testing.T) {
	require.Equal(t, "net/http.Get", Symbol{Package: "net/http", Name: "Get"}.String())
	require.Equal(t, "net/http.Client.Do", Symbol{"net/http", "Client", "Do"}.String())
}

func TestExpand(t *testing.T) {
	for text, want := range map[string][]string{
		"DB.Exec":                  {"DB.Exec"},
		"(DB|Tx).Exec":             {"DB.Exec", "Tx.Exec"},
		"(DB|Tx).(Exec|Query)":     {"DB.Exec", "DB.Query", "Tx.Exec", "Tx.Query"},
		"(Get|Head)":               {"Get", "Head"},
		"DB.(Exec|Query)Context":   {"DB.ExecContext", "DB.QueryContext"},
		"DB.(Exec|\n      Query )": {"DB.Exec", "DB.Query"},
	} {
		got, err := expand(text)
		require.NoError(t, err)
		require.Equal(t, want, got, text)
	}
}

func TestExpandIsBounded(t *testing.T) {
	ten := "(a|b|c|d|e|f|g|h|i|j)"
	_, err := expand("T." + ten + ten + ten + ten)
	require.ErrorContains(t, err, "expands to more than 1000")
}
