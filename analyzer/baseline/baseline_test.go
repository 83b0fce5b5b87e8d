package baseline

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

func document() *report.Document {
	reason := "said so"
	finding := func(id, rule, endpoint, fn, text string) report.Finding {
		return report.Finding{ID: id, Rule: rule, Status: report.Active, Endpoints: []string{endpoint}, Package: "m/api",
			Trace: []report.Step{
				{Kind: report.StepRoute, Package: "m/api", Func: "m/api.Routes", Pos: "api/r.go:3:1", Text: "served"},
				{Kind: report.StepEffect, Package: "m/store", Func: fn, Pos: "store/s.go:9:1", Text: text},
				{Kind: report.StepClaim, Package: "m/store", Func: "m/store.Claim", Text: "claims"},
			},
			Also: []report.Step{
				{Kind: report.StepCall, Package: "m/api", Func: "m/api.F", Text: "F calls Log"},
				{Kind: report.StepEffect, Package: "m/store", Func: "m/store.Log", Text: "writes; twice"},
			}}
	}
	doc := &report.Document{
		Endpoints: []report.Endpoint{
			{ID: "e1", Method: "POST", Route: "/orders", Handler: "m/api.(*H).Create"},
			{ID: "e2", Method: "POST", Route: "/pay", Handler: "m/api.(*H).Pay"},
			{ID: "e3", Method: "CONSUMER", Handler: "m/api.Consume$1"},
		},
		Findings: []report.Finding{
			finding("f1", "missing-key", "e1", "m/store.(*S).Insert$1", "inserts into orders"),
			finding("f2", "late-claim", "e2", "m/store.Pay", "posts\tto\na bank"),
			finding("f3", "missing-key", "e3", "m/store.(*S).Add", "inserts into events"),
		},
	}
	doc.Findings[2].Status, doc.Findings[2].Reason = report.Waived, &reason
	return doc
}

const text = `# idemlint baseline v1
# Findings accepted for now, one a line: rule, endpoint, handler, effects, id; a note may follow.
# "idemlint baseline write" accepts what is found now, check lists entries that match nothing, prune removes them.
late-claim	POST /pay	m/api.(*H).Pay	Pay: posts\tto\na bank; Log: writes, twice	f2
missing-key	POST /orders	m/api.(*H).Create	(*S).Insert: inserts into orders; Log: writes, twice	f1
`

func TestABaselineIsSortedTextWithoutPositions(t *testing.T) {
	f := New("b", Entries(document()), nil)
	require.Equal(t, text, string(f.Encode()))
	back, err := Parse("b", f.Encode())
	require.NoError(t, err)
	require.Equal(t, text, string(back.Encode()))
}

func TestApply(t *testing.T) {
	f, err := Parse("b", []byte(text+"missing-key\tPOST /gone\tm/api.Gone\tAdd: inserts\tf9\n"))
	require.NoError(t, err)
	doc := document()
	stale := f.Apply(doc)
	require.Equal(t, []report.Status{report.Baselined, report.Baselined, report.Waived},
		[]report.Status{doc.Findings[0].Status, doc.Findings[1].Status, doc.Findings[2].Status})
	require.Len(t, stale, 1)
	require.Equal(t, 6, stale[0].Line())
	require.Equal(t, "missing-key: POST /gone: Add: inserts", stale[0].String())
	require.Equal(t, text, string(f.Without(stale).Encode()))
	require.Empty(t, f.Without(stale).Apply(document()))
}

func TestNotesAndCommentsStay(t *testing.T) {
	noted := strings.Replace(text, "\tf2\n", "\tf2\tPAY-12, by summer\n# not ours:\n", 1)
	f, err := Parse("b", []byte(noted))
	require.NoError(t, err)
	require.Equal(t, "PAY-12, by summer", f.Entries[0].Note)
	require.Equal(t, noted, string(f.Without(nil).Encode()), "prune leaves all other lines alone")
	require.Contains(t, string(New("b", Entries(document()), f).Encode()), "\tf2\tPAY-12, by summer\n")
}

// An entry knows its finding again by what has not changed, and each entry
// accepts one finding.
func TestMatch(t *testing.T) {
	old := Entry{Rule: "r", Endpoint: "POST /a", Handler: "m.A", Effects: "F: inserts into t", ID: "1"}
	change := func(set func(e *Entry)) Entry {
		e := old
		set(&e)
		return e
	}
	tests := []struct {
		name string
		now  Entry
		want bool
	}{
		{"the same", old, true},
		{"function renamed", change(func(e *Entry) { e.Effects = "G: inserts into t" }), true},
		{"other words", change(func(e *Entry) { e.Effects = "F: adds to t" }), true},
		{"registered elsewhere", change(func(e *Entry) { e.ID = "2" }), true},
		{"registered elsewhere, function renamed", change(func(e *Entry) { e.ID, e.Effects = "2", "G: inserts into t" }), true},
		{"handler renamed", change(func(e *Entry) { e.ID, e.Handler = "2", "m.B" }), true},
		{"handler and function renamed", change(func(e *Entry) { e.ID, e.Handler, e.Effects = "2", "m.B", "G: inserts into t" }), true},
		{"route renamed", change(func(e *Entry) { e.ID, e.Endpoint = "2", "POST /b" }), true},
		{"does less", change(func(e *Entry) { e.Effects = "F: inserts into t" }), true},
		{"does more", change(func(e *Entry) { e.Effects = "F: inserts into t; G: posts to a bank" }), false},
		{"does more in the same function", change(func(e *Entry) { e.Effects = "F: posts to a bank; F: inserts into t" }), false},
		{"does more first", change(func(e *Entry) { e.Effects = "G: posts to a bank; F: inserts into t" }), false},
		{"does something else", change(func(e *Entry) { e.Effects = "G: posts to a bank" }), false},
		{"another rule", change(func(e *Entry) { e.Rule = "s" }), false},
		{"another endpoint", change(func(e *Entry) { e.ID, e.Endpoint, e.Handler = "2", "POST /b", "m.B" }), false},
	}
	for _, tt := range tests {
		f := &File{Entries: []Entry{old}}
		require.Equal(t, tt.want, f.match([]Entry{tt.now})[0] == 0, tt.name)
	}
	f := &File{Entries: []Entry{old}}
	byName := change(func(e *Entry) { e.Effects, e.assumed = "A: calls Store.Add, assumed to write by its name", true })
	require.Equal(t, []int{0}, f.match([]Entry{byName}), "a package that does not see what is behind an interface")
	byName.ID = "2"
	require.Equal(t, []int{-1}, f.match([]Entry{byName}))
	renamed := change(func(e *Entry) { e.ID, e.Endpoint = "2", "POST /b" })
	require.Equal(t, []int{-1, 0}, f.match([]Entry{renamed, old}), "a second route to the handler is new")
}

func TestBadBaselines(t *testing.T) {
	tests := map[string]string{
		"":                                  "b:1: the file is empty",
		"missing-key\tx\n":                  "b:1: not a baseline of this idemlint: the first line has to be \"# idemlint baseline v1\"",
		"# idemlint baseline v2\n":          "b:1: not a baseline of this idemlint",
		text + "missing-key POST /x\n":      "b:6: not an entry",
		text + "<<<<<<< HEAD\n":             "b:6: not an entry",
		text + "\tPOST /x\th\te\tf\n":       "b:6: not an entry",
		text + "missing-key\tPOST /x\th\te": "b:6: not an entry",
	}
	for data, want := range tests {
		_, err := Parse("b", []byte(data))
		require.ErrorContains(t, err, want, "%q", data)
	}
	_, err := Parse("b", []byte(strings.ReplaceAll(text, "\n", "\r\n")))
	require.NoError(t, err)

	dir := t.TempDir()
	_, err = Read(filepath.Join(dir, "none"))
	require.ErrorContains(t, err, `there is no such baseline; "idemlint baseline write" makes one`)
	_, err = Read(dir)
	require.ErrorContains(t, err, "not a baseline")
	name := filepath.Join(dir, "b")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
	f, err := Read(name)
	require.NoError(t, err)
	require.Len(t, f.Entries, 2)
}
