package sqlstmt

import (
	"slices"
	"strings"

	"github.com/DataDog/go-sqllexer"
)

// kind sorts tokens as far as the classifier needs it.
type kind uint8

const (
	word  kind = iota // keyword or identifier, quoted or not
	str               // string literal of any quoting
	num               // number without sign
	param             // placeholder of a bound argument
	op                // operator or punctuation
)

// token is one token of a text after the fix-ups.
type token struct {
	kind   kind
	quoted bool   // a word that was written in quotes, so never a keyword
	glued  bool   // nothing separates it from the token before
	hole   bool   // contains a Hole
	text   string // as written; a hole is one Hole byte
	low    string // word: lower case and without quotes; else text
	line   int    // from 1
	// span is the distance to the closing partner of a bracket or a CASE; 0
	// for everything else and for what is never closed.
	span int
	// index and name say which argument a param takes; index is -1 for a
	// named one and for one whose number is not known.
	index int
	name  string
}

// is says whether t is one of the given keywords or operators.
func (t token) is(words ...string) bool {
	if t.quoted || t.kind == str || t.kind == param {
		return false
	}
	return slices.Contains(words, t.low)
}

// holeLetter replaces Hole before the text goes to the lexer, which takes a
// NUL byte for the end of its input. It has to be a letter, so that a hole
// glued to an identifier stays part of it.
const holeLetter = "\ua66e"

// lex splits a text into tokens: comments and space are dropped, brackets
// are paired and placeholders are numbered.
func lex(text string) []token {
	text = strings.ReplaceAll(text, Hole, holeLetter)
	// Without a dialect the lexer does not know the backtick. A quote of
	// the same length keeps every position.
	text = strings.ReplaceAll(text, "`", `"`)
	s := &scanner{text: text, line: 1}
	s.run()
	toks := fixup(s.toks)
	pair(toks)
	number(toks)
	names(toks)
	return toks
}

// scanner drives go-sqllexer. Several of its tokens run on beyond what SQL
// means (an identifier swallows ? / " @ that follow it, a number its sign, an
// operator a comment), and it has no setting against that; there, the scanner
// cuts the token and starts a new lexer behind the cut. Every restart lies
// behind the end of the token that caused it or at most a few bytes before,
// so the whole stays linear.
type scanner struct {
	text  string
	pos   int // start of what is not scanned yet
	line  int
	space bool // something was dropped since the last token
	toks  []token
	lexer *sqllexer.Lexer // nil after a restart
}

func (s *scanner) run() {
	for s.pos < len(s.text) {
		if s.scanDollar() || s.scanMark() {
			continue
		}
		if s.lexer == nil {
			s.lexer = sqllexer.New(s.text[s.pos:])
		}
		t := s.lexer.Scan()
		if t.Type == sqllexer.EOF || t.Value == "" {
			return
		}
		s.take(t.Type, t.Value)
	}
}

// take turns one token of the lexer into ours.
func (s *scanner) take(typ sqllexer.TokenType, v string) {
	switch typ {
	case sqllexer.SPACE, sqllexer.COMMENT, sqllexer.MULTILINE_COMMENT:
		s.drop(len(v))
	case sqllexer.STRING, sqllexer.INCOMPLETE_STRING, sqllexer.DOLLAR_QUOTED_STRING, sqllexer.DOLLAR_QUOTED_FUNCTION:
		s.takeString(v)
	case sqllexer.QUOTED_IDENT:
		s.takeQuoted(v)
	case sqllexer.NUMBER:
		if v[0] == '+' || v[0] == '-' {
			s.add(op, v[:1])
			v = v[1:]
		}
		s.add(num, v)
	case sqllexer.POSITIONAL_PARAMETER:
		s.add(param, v)
	case sqllexer.BIND_PARAMETER:
		s.takeName(v)
	case sqllexer.OPERATOR, sqllexer.JSON_OP, sqllexer.PUNCTUATION, sqllexer.WILDCARD:
		s.takeOperator(v)
	case sqllexer.ERROR:
		// A comment, string or quoted name that never ends.
		if strings.HasPrefix(v, "/*") {
			s.drop(len(v))
			return
		}
		s.add(str, v)
	case sqllexer.SYSTEM_VARIABLE:
		s.add(word, v)
	case sqllexer.UNKNOWN:
		s.drop(len(v))
	default:
		s.takeWord(v)
	}
}

// scanDollar takes what starts with a dollar sign and is no $1: the lexer
// would look for a second dollar anywhere in the text.
func (s *scanner) scanDollar() bool {
	rest := s.text[s.pos:]
	if rest[0] != '$' || len(rest) > 1 && isDigit(rest[1]) {
		return false
	}
	if strings.HasPrefix(rest, "$"+holeLetter) {
		s.add(param, rest[:1+len(holeLetter)]) // fmt's "$%d"
		s.restart()
		return true
	}
	n := 1
	for n < len(rest) && rest[n] != '$' && wordLen(rest[n:n+1]) > 0 {
		n++
	}
	switch {
	case n < len(rest) && rest[n] == '$':
		tag := rest[:n+1]
		end := strings.Index(rest[n+1:], tag)
		if end < 0 {
			s.add(str, rest)
		} else {
			s.add(str, rest[:end+2*len(tag)])
		}
	case n > 1:
		s.add(param, rest[:n]) // SQLite's $name
	default:
		s.add(op, rest[:1])
	}
	s.restart()
	return true
}

// scanMark takes a ? that the lexer would glue to a following ||.
func (s *scanner) scanMark() bool {
	if !strings.HasPrefix(s.text[s.pos:], "?||") {
		return false
	}
	s.add(op, "?")
	s.restart()
	return true
}

func (s *scanner) restart() { s.lexer = nil }

// add appends the token that has the text v, which starts at pos.
func (s *scanner) add(k kind, v string) {
	t := token{kind: k, line: s.line, glued: !s.space && len(s.toks) > 0, index: -1}
	s.drop(len(v))
	s.space = false
	t.hole = strings.Contains(v, holeLetter)
	if t.hole {
		v = strings.ReplaceAll(v, holeLetter, Hole)
	}
	t.text, t.low = v, v
	if k == word {
		if v[0] == '"' {
			t.quoted = true
			t.low = strings.Trim(v, `"`)
		}
		t.low = strings.ToLower(t.low)
	}
	s.toks = append(s.toks, t)
}

// drop moves behind n bytes that become no token.
func (s *scanner) drop(n int) {
	s.line += strings.Count(s.text[s.pos:s.pos+n], "\n")
	s.pos += n
	s.space = true
}

func (s *scanner) takeString(v string) {
	last := len(s.toks) - 1
	// The lexer takes the backslash of ESCAPE '\' for an escape.
	if last >= 0 && s.toks[last].is("escape") && strings.HasPrefix(v, `'\'`) {
		s.add(str, v[:3])
		s.restart()
		return
	}
	// 'it''s' comes as two strings.
	n := len(v)
	for s.pos+n < len(s.text) && s.text[s.pos+n] == '\'' {
		more := len(s.lexer.Scan().Value)
		if more == 0 {
			break
		}
		n += more
	}
	s.add(str, s.text[s.pos:s.pos+n])
	if last < 0 || !s.toks[last+1].glued {
		return
	}
	// E'..' comes as a word and a string.
	if prev := s.toks[last]; prev.is("e", "n", "b", "x") {
		prev.kind = str
		prev.text += s.toks[last+1].text
		prev.low = prev.text
		prev.hole = prev.hole || s.toks[last+1].hole
		s.toks = append(s.toks[:last], prev)
	}
}

// takeQuoted splits "a"."b", which the lexer gives as one token.
func (s *scanner) takeQuoted(v string) {
	for {
		end := strings.Index(v, `"."`)
		if end < 1 {
			break
		}
		s.add(word, v[:end+1])
		s.add(op, ".")
		v = v[end+2:]
	}
	s.add(word, v)
}

// takeName takes @name, and cuts it where a hole begins: what follows is
// rather the rest of the statement than the rest of the name.
func (s *scanner) takeName(v string) {
	if end := strings.Index(v, holeLetter); end > 1 {
		v = v[:end]
		s.restart()
	}
	s.add(param, v)
}

// takeWord splits a word at the characters that the lexer glues to it.
func (s *scanner) takeWord(v string) {
	for v != "" {
		n := wordLen(v)
		switch {
		case n > 0:
			s.addWord(v[:n])
		case v[0] == '"':
			end := strings.IndexByte(v[1:], '"')
			if end < 0 {
				s.restart() // the name has a space and ends behind this token
				return
			}
			n = end + 2
			s.add(word, v[:n])
		case strings.Trim(v, `/!@#?`) == "":
			s.restart() // may begin an operator or a comment
			return
		default:
			n = 1
			s.add(op, v[:1])
		}
		v = v[n:]
	}
}

// clauseWords are keywords that are often written directly before or behind
// a part that is concatenated.
var clauseWords = map[string]bool{
	"select": true, "from": true, "where": true, "set": true, "values": true, "and": true, "or": true,
	"order": true, "limit": true, "offset": true, "into": true, "update": true, "on": true, "join": true,
	"returning": true, "by": true, "in": true, "group": true, "having": true,
}

// addWord adds a word; a clause's keyword is separated from a hole.
func (s *scanner) addWord(v string) {
	first, last := strings.Index(v, holeLetter), strings.LastIndex(v, holeLetter)
	if first > 0 && clauseWords[strings.ToLower(v[:first])] {
		s.add(word, v[:first])
		s.addWord(v[first:])
		return
	}
	if tail := last + len(holeLetter); last >= 0 && clauseWords[strings.ToLower(v[tail:])] {
		s.add(word, v[:tail])
		s.add(word, v[tail:])
		return
	}
	s.add(word, v)
}

// operators of more than one byte, longest first within a first byte.
var operators = []string{
	"->>", "->", "#>>", "#>", "#-", "@>", "@@", "@?", "<=>", "<=", "<>", "<@", "<<", ">=", ">>",
	"!=", "!~*", "!~", "~*", "||", "|/", "&&", "::", ":=", "==", "+=", "-=", "*=", "/=", "?|", "?&",
}

// takeOperator splits a run of operator characters.
func (s *scanner) takeOperator(v string) {
	for v != "" {
		if strings.HasPrefix(v, "--") || strings.HasPrefix(v, "/*") {
			s.restart() // a comment that the lexer glued to an operator
			return
		}
		n := 1
		for _, o := range operators {
			if strings.HasPrefix(v, o) {
				n = len(o)
				break
			}
		}
		s.add(op, v[:n])
		v = v[n:]
	}
}

// wordLen is the length of the identifier that v starts with.
func wordLen(v string) int {
	n := 0
	for n < len(v) && (isLetter(v[n]) || isDigit(v[n]) || v[n] == '$' && n > 0) {
		n++
	}
	return n
}

// isLetter takes every byte of a character beyond ASCII for a letter.
func isLetter(c byte) bool {
	return c == '_' || c >= 0x80 || c|0x20 >= 'a' && c|0x20 <= 'z'
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
