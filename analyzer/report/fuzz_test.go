package report

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzDecode reads any file as a saved result, and merges what it takes with
// itself: that is nothing new.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"", "{}", "null", `{"schema":1}`, "{\n\"schema\":\"" + Schema + "\",\n\"endpoints\":[{]}",
		`{"schema":"` + Schema + `"}`,
		`{"schema":"` + Schema + `","endpoints":[{"id":"a"},{"id":"a"}],"findings":[{"id":"f","endpoint":"a","pos":"x.go:1:2"},{"id":"f"}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := Decode(data)
		if err != nil {
			return
		}
		one, err := Merge([]*Document{doc})
		if err != nil {
			return
		}
		again, err := Merge([]*Document{one, one})
		require.NoError(t, err)
		require.Equal(t, one.Endpoints, again.Endpoints)
		require.Equal(t, one.Findings, again.Findings)
	})
}
