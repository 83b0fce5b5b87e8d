package model

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestArgParse(t *testing.T) {
	for text, want := range map[Arg]Selector{
		"":                           {},
		"arg 2":                      {Kind: SelArg, Index: 2},
		"last 1":                     {Kind: SelLast, Index: 1},
		"init 1":                     {Kind: SelInit, Index: 1},
		"rest 0":                     {Kind: SelRest},
		"recv":                       {Kind: SelRecv},
		"result 1":                   {Kind: SelResult, Index: 1},
		"param 1 0":                  {Kind: SelParam, Index: 1},
		"param 0 2":                  {Kind: SelParam, Param: 2},
		"field 0 Method":             {Kind: SelField, Name: "Method"},
		"field 1 Params.Key":         {Kind: SelField, Index: 1, Name: "Params.Key"},
		"field recv query":           {Kind: SelField, Index: RecvIndex, Name: "query"},
		"elem 0 Handler":             {Kind: SelElem, Name: "Handler"},
		"chain Methods 0":            {Kind: SelChain, Name: "Methods"},
		"call 1 SetIdempotencyKey 0": {Kind: SelCall, Index: 1, Name: "SetIdempotencyKey"},
		"call recv Ignore 0":         {Kind: SelCall, Index: RecvIndex, Name: "Ignore"},
		"header 0":                   {Kind: SelHeader},
		"header recv Nats-Msg-Id":    {Kind: SelHeader, Index: RecvIndex, Name: "Nats-Msg-Id"},
		"pattern 0":                  {Kind: SelPattern},
		"const POST":                 {Kind: SelConst, Name: "POST"},
		"index":                      {Kind: SelIndex},
	} {
		got, err := text.Parse()
		require.NoError(t, err, "%q", text)
		require.Equal(t, want, got, "%q", text)
		require.Equal(t, string(text), got.String(), "the text is not canonical")
		require.Equal(t, want, text.Sel())
	}
}

func TestArgParseIgnoresExtraSpace(t *testing.T) {
	got, err := Arg("  field   0  Name ").Parse()
	require.NoError(t, err)
	require.Equal(t, "field 0 Name", got.String())
}

func TestArgParseErrors(t *testing.T) {
	for text, want := range map[Arg]string{
		"argument 0":     `argument selector "argument 0" starts with the unknown word "argument"; write one of arg, last, init, rest, recv, result, param, field, elem, chain, call, header, pattern, const, index`,
		"arg":            `argument selector "arg" lacks a number`,
		"arg x":          `argument selector "arg x": "x" is not a number from 0 to 31`,
		"arg -1":         `argument selector "arg -1": "-1" is not a number from 0 to 31`,
		"arg 32":         `argument selector "arg 32": "32" is not a number from 0 to 31`,
		"arg recv":       `argument selector "arg recv": "recv" is not a number from 0 to 31`,
		"arg 0 1":        `argument selector "arg 0 1" has "1" too many after "arg"`,
		"recv 0":         `argument selector "recv 0" has "0" too many after "recv"`,
		"field 0":        `argument selector "field 0" lacks a name`,
		"field Name":     `argument selector "field Name": "Name" is not a number from 0 to 31`,
		"field 0 a..b":   `argument selector "field 0 a..b": "a..b" is not a name`,
		"chain 0 Name":   `argument selector "chain 0 Name": "0" is not a name`,
		"param 1":        `argument selector "param 1" lacks a number`,
		"const":          `argument selector "const" lacks a word`,
		"header":         `argument selector "header" lacks a number or recv`,
		"call 0 Name":    `argument selector "call 0 Name" lacks a number`,
		"header 0 a b":   `argument selector "header 0 a b" has "b" too many after "header"`,
		"pattern 0 METH": `argument selector "pattern 0 METH" has "METH" too many after "pattern"`,
	} {
		_, err := text.Parse()
		require.EqualError(t, err, want)
		require.Panics(t, func() { text.Sel() }, "an unchecked Arg must not pass for an empty one")
	}
}

func FuzzArgParse(f *testing.F) {
	f.Add("field recv Params.Key")
	f.Add("call 1 Name 0")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Arg(text).Parse()
		if err != nil {
			return
		}
		again, err := Arg(s.String()).Parse()
		require.NoError(t, err)
		require.Equal(t, s, again)
	})
}
