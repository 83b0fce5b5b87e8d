package baseline

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzParse reads any file. One that is taken for a baseline loses nothing when
// it is written again.
func FuzzParse(f *testing.F) {
	const entry = "missing-key\tPOST /orders\tapi.Create\tstore.Insert\t0123456789abcdef"
	for _, seed := range []string{
		"", header, header + "\n" + entry + "\n", header + "\r\n" + entry + "\tnote\ttab\r\n",
		header + "\n# comment\n\n" + entry, header + "\n\t\t\t\t\n", header + "\na\tb\n", entry, header + "\n0\t\t\t\t\r\r\r",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Parse("b", data)
		if err != nil {
			require.ErrorContains(t, err, "b")
			return
		}
		again, err := Parse("b", file.Encode())
		require.NoError(t, err)
		require.Equal(t, file.Entries, again.Entries)
		for _, e := range file.Entries {
			require.NotEmpty(t, e.Rule)
			require.NotEmpty(t, e.ID)
			require.Positive(t, e.Line())
		}
		require.Empty(t, file.Added(file.Entries), "a baseline accepts what it lists")
		require.Empty(t, file.Without(file.Entries).Entries)
	})
}
