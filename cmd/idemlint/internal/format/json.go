package format

import (
	"encoding/json"
	"io"
)

var _ = register(Format{Name: "json", Write: writeJSON, Fixes: true})

// writeJSON writes the document, whatever the view.
func writeJSON(w io.Writer, in *Input) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(in.Document)
}
