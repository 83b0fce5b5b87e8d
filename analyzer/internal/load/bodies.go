package load

import "bytes"

// dropBodies returns src with the bodies of its function declarations emptied
// of all but their line breaks, so that what is left parses quickly and keeps
// its lines. It reads gofmt's layout, where a declaration starts its line;
// bodies it does not recognise stay, and source it cannot follow is returned
// as it came. src is overwritten.
func dropBodies(src []byte) []byte {
	s := bodyScanner{src: src}
	out := src[:0:len(src)] // never longer than what was read
	kept := 0
	for s.pos < len(src) {
		if s.depth == 0 && s.atLineStart() && bytes.HasPrefix(src[s.pos:], []byte("func")) {
			open, end, ok := s.body()
			if !ok {
				continue
			}
			out = append(out, src[kept:open+1]...)
			for range bytes.Count(src[open:end], []byte{'\n'}) {
				out = append(out, '\n')
			}
			kept = end
			continue
		}
		s.next()
	}
	return append(out, src[kept:]...)
}

// bodyScanner moves over Go source knowing just enough of it to find where
// brackets match: strings, runes and comments.
type bodyScanner struct {
	src   []byte
	pos   int
	depth int // of all brackets
}

// atLineStart says whether a line starts here.
func (s *bodyScanner) atLineStart() bool {
	return s.pos == 0 || s.src[s.pos-1] == '\n'
}

// next moves over one token, or one byte of what is no bracket or literal.
func (s *bodyScanner) next() {
	switch c := s.src[s.pos]; c {
	case '(', '[', '{':
		s.depth++
	case ')', ']', '}':
		s.depth--
	case '"', '\'':
		s.quoted(c)
		return
	case '`':
		s.skipPast("`", 1)
		return
	case '/':
		if rest := s.src[s.pos:]; bytes.HasPrefix(rest, []byte("//")) {
			s.skipTo("\n")
			return
		} else if bytes.HasPrefix(rest, []byte("/*")) {
			s.skipPast("*/", 2)
			return
		}
	}
	s.pos++
}

// quoted moves past a string or rune literal; it ends at its line's end.
func (s *bodyScanner) quoted(quote byte) {
	for s.pos++; s.pos < len(s.src); s.pos++ {
		switch s.src[s.pos] {
		case '\\':
			s.pos++
		case quote:
			s.pos++
			return
		case '\n':
			return
		}
	}
	s.pos = len(s.src)
}

// skipTo moves to the next occurrence of what, or to the end.
func (s *bodyScanner) skipTo(what string) {
	i := bytes.Index(s.src[s.pos:], []byte(what))
	if i < 0 {
		s.pos = len(s.src)
		return
	}
	s.pos += i
}

// skipPast moves behind the next occurrence of what after the first skip
// bytes, or to the end.
func (s *bodyScanner) skipPast(what string, skip int) {
	s.pos += skip
	s.skipTo(what)
	s.pos = min(s.pos+len(what), len(s.src))
}

// body moves behind the function that is declared here and returns where its
// body opens and closes. It is not ok when there is no body.
func (s *bodyScanner) body() (open, end int, ok bool) {
	s.pos += len("func")
	for s.pos < len(s.src) {
		switch c := s.src[s.pos]; {
		case s.depth == 0 && c == '\n':
			return 0, 0, false
		case s.depth == 0 && c == '{' && !s.afterTypeKeyword():
			open = s.pos
			if !s.block() {
				return 0, 0, false
			}
			return open, s.pos - 1, true
		}
		s.next()
	}
	return 0, 0, false
}

// afterTypeKeyword says whether the brace here opens a type literal, as in a
// result struct{…}.
func (s *bodyScanner) afterTypeKeyword() bool {
	before := bytes.TrimRight(s.src[:s.pos], " \t")
	return bytes.HasSuffix(before, []byte("struct")) || bytes.HasSuffix(before, []byte("interface"))
}

// block moves behind the block that opens here; false when it never closes.
func (s *bodyScanner) block() bool {
	for s.pos < len(s.src) {
		s.next()
		if s.depth == 0 {
			return true
		}
	}
	return false
}
