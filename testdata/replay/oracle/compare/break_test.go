package compare

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// What is broken on purpose has to be found in the linter's source as it is.
func TestBreakagesFitTheSource(t *testing.T) {
	root := filepath.Join("..", "..", "..", "..")
	for name, files := range breakages {
		for file, edits := range files {
			raw, err := os.ReadFile(filepath.Join(root, file))
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range edits {
				if n := bytes.Count(raw, []byte(e[0])); n != 1 {
					t.Errorf("break %s: %s holds %q %d times", name, file, e[0], n)
				}
			}
		}
	}
}
