package answers

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzDecode reads any file as an index. What it takes it writes and reads
// again to the byte.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"", "{}", "null", "[]", `{"schema":"` + Schema + `"}`,
		`{"schema":"` + Schema + `","inputs":[{"file":"b"},{"file":"a"}],"packages":[{"path":"p","findings":[{"file":"f.go","line":-1}]}]}`,
		`{"schema":"` + Schema + `","more":1}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Decode(data)
		if err != nil {
			return
		}
		for _, p := range file.Packages {
			require.NotNil(t, file.Package(p.Path))
		}
		once, err := file.Encode()
		require.NoError(t, err)
		again, err := Decode(once)
		require.NoError(t, err)
		twice, err := again.Encode()
		require.NoError(t, err)
		require.Equal(t, string(once), string(twice))
		require.Empty(t, Diff(again, again))
	})
}
