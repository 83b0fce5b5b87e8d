// Package spell finds the known word that a misspelt one was probably meant
// to be, for messages about keys, rules and verbs that do not exist.
package spell

import "strings"

// maxLength bounds the words that are compared, in bytes: a longer one is not
// a slip of the keyboard, and the comparison takes quadratic time.
const maxLength = 64

// Nearest returns the word of known that word was probably meant to be, or ""
// when none is close. Case is ignored. Close is one edit (a letter added,
// dropped, changed, or two neighbours swapped) for each three letters, at
// most three, or being the beginning of exactly one known word. Of several
// equally close words the first in known wins.
func Nearest(word string, known []string) string {
	if word == "" || len(word) > maxLength {
		return ""
	}
	word = strings.ToLower(word)
	best, bestDistance := "", min(3, max(1, len(word)/3))+1
	for _, k := range known {
		if d := distance(word, strings.ToLower(k)); d < bestDistance {
			best, bestDistance = k, d
		}
	}
	if best != "" {
		return best
	}
	return completion(word, known)
}

// Hint returns Nearest's word as the end of a message, such as
// `; did you mean "baseline"?`, or "" when no known word is close.
func Hint(word string, known []string) string {
	if n := Nearest(word, known); n != "" {
		return `; did you mean "` + n + `"?`
	}
	return ""
}

// completion returns the only known word that begins with word.
func completion(word string, known []string) string {
	if len(word) < 3 {
		return ""
	}
	found := ""
	for _, k := range known {
		if !strings.HasPrefix(strings.ToLower(k), word) {
			continue
		}
		if found != "" {
			return ""
		}
		found = k
	}
	return found
}

// distance counts the edits between two words: the restricted
// Damerau-Levenshtein distance, on bytes.
func distance(a, b string) int {
	if len(b) > maxLength {
		return len(b)
	}
	var before, last []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(change, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
