package main

import (
	"strconv"
	"strings"
)

// normalize rewrites the placeholders of all styles to PostgreSQL's $1, with
// the numbers in names (0 for a named one) that the positions stand for.
func normalize(sql string) (text string, numbers map[int]int) {
	numbers = map[int]int{}
	if strings.Contains(sql, "$1") { // PostgreSQL's own
		return sql, nil
	}
	var b strings.Builder
	next, seen := 1, 0
	put := func(param int) {
		numbers[next] = param
		b.WriteString("$" + strconv.Itoa(next))
		next++
	}
	for i := 0; i < len(sql); {
		rest := sql[i:]
		switch c := rest[0]; {
		case c == '\'' || c == '"':
			n := quoted(rest, c)
			b.WriteString(rest[:n])
			i += n
		case strings.HasPrefix(rest, "--"):
			n := strings.IndexByte(rest+"\n", '\n')
			b.WriteByte(' ')
			i += min(n, len(rest))
		case strings.HasPrefix(rest, "::"):
			b.WriteString("::")
			i += 2
		case c == '?':
			n := span(rest[1:])
			if k, err := strconv.Atoi(rest[1 : 1+n]); err == nil {
				put(k - 1)
				i += 1 + n
				break
			}
			put(seen)
			seen++
			i++
		case (c == ':' || c == '@') && span(rest[1:]) > 0 && (i == 0 || span(sql[i-1:i]) == 0):
			n := 1 + span(rest[1:])
			name := rest[1:n]
			k, err := strconv.Atoi(name)
			if c == '@' && err != nil && name[0] == 'p' {
				k, err = strconv.Atoi(name[1:])
			}
			if err != nil {
				k = 0
			}
			put(k - 1)
			i += n
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String(), numbers
}

// quoted is the length of the quoted text that s starts with.
func quoted(s string, quote byte) int {
	for i := 1; i < len(s); i++ {
		if s[i] == quote {
			return i + 1
		}
	}
	return len(s)
}

// span is the length of the name or number that s starts with.
func span(s string) int {
	n := 0
	for n < len(s) && (s[n] == '_' || s[n] >= '0' && s[n] <= '9' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z') {
		n++
	}
	return n
}
