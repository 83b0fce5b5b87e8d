// Package word cuts names into words: those of Go, and those of columns.
package word

import (
	"strings"
	"unicode"
)

// Split cuts a name at underscores and where its case changes, and gives the words
// in lower case: UserID and user_id are user, id.
func Split(name string) []string {
	var words []string
	start := 0
	rs := []rune(name)
	for i := 1; i <= len(rs); i++ {
		if i == len(rs) || rs[i] == '_' || unicode.IsUpper(rs[i]) && (!unicode.IsUpper(rs[i-1]) || i+1 < len(rs) && unicode.IsLower(rs[i+1])) {
			if w := strings.ToLower(strings.Trim(string(rs[start:i]), "_")); w != "" {
				words = append(words, w)
			}
			start = i
		}
	}
	return words
}

// Fold is a name without what names of columns and those of fields differ in:
// underscores and case. UserID and user_id are userid.
func Fold(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }
