package format

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes text from the analysed code fit for a terminal and for a line
// of its own: control characters, line and paragraph separators, characters
// that change the direction of writing, and bytes that are no UTF-8 are
// written as Go escapes.
func Clean(s string) string {
	if !strings.ContainsFunc(s, unsafeRune) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\x` + hex(int(s[i]), 2))
		case unsafeRune(r) && r < 0x80:
			quoted := strconv.QuoteRune(r) // such as '\n' or '\x1b'
			b.WriteString(quoted[1 : len(quoted)-1])
		case unsafeRune(r):
			b.WriteString(`\u` + hex(int(r), 4))
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

// hex returns n in at least so many hexadecimal digits.
func hex(n, digits int) string {
	s := strconv.FormatInt(int64(n), 16)
	return strings.Repeat("0", max(0, digits-len(s))) + s
}

// unsafeRune says whether r can do more to a terminal than be seen.
func unsafeRune(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// Quote returns s as one word of a shell command, quoted only where needed.
// What cannot be shown is left out: a pasted command holds no control
// characters.
func Quote(s string) string {
	s = strings.Map(func(r rune) rune {
		if unsafeRune(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if s != "" && !strings.ContainsFunc(s, needsQuote) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// needsQuote says whether a shell may take r for more than itself.
func needsQuote(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	}
	return !strings.ContainsRune("_-./:@%+,", r)
}
