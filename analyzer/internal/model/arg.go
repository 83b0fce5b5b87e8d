package model

import (
	"fmt"
	"go/token"
	"strconv"
	"strings"
)

// SelKind is the kind of a Selector, named by the first word of an Arg.
type SelKind int

// The kinds, in the order of the list at Arg.
const (
	SelNone    SelKind = iota // the Arg is empty
	SelArg                    // Index
	SelLast                   // Index
	SelInit                   // Index
	SelRest                   // Index
	SelRecv                   //
	SelResult                 // Index
	SelParam                  // Index is the argument, Param its parameter
	SelField                  // Index is the argument, Name the field
	SelElem                   // Index is the argument, Name the field
	SelChain                  // Name is the method, Param its argument
	SelCall                   // Index is the argument, Name the callee, Param its argument
	SelHeader                 // Index is the argument, Name the header or empty
	SelPattern                // Index
	SelConst                  // Name is the word
	SelIndex                  //
)

// RecvIndex is the Index of a Selector that looks into the receiver instead
// of an argument.
const RecvIndex = -1

// Selector is a parsed Arg. Index counts arguments (results for SelResult)
// from 0, receiver not counted; Param counts parameters of a function
// argument, or arguments of another call, from 0. What does not belong to the
// kind is zero.
type Selector struct {
	Kind         SelKind
	Index, Param int
	Name         string
}

// operand is one word that a kind takes after its own.
type operand int

const (
	opIndex  operand = iota // an argument number, to Index
	opTarget                // an argument number or recv, to Index
	opParam                 // a number, to Param
	opName                  // a Go identifier, or several joined by dots, to Name
	opWord                  // any word, to Name
	opOption                // any word, to Name; may be missing
)

// selSyntax lists the words and operands of each kind, by SelKind.
var selSyntax = [...]struct {
	word     string
	operands []operand
}{
	SelNone:    {"", nil},
	SelArg:     {"arg", []operand{opIndex}},
	SelLast:    {"last", []operand{opIndex}},
	SelInit:    {"init", []operand{opIndex}},
	SelRest:    {"rest", []operand{opIndex}},
	SelRecv:    {"recv", nil},
	SelResult:  {"result", []operand{opIndex}},
	SelParam:   {"param", []operand{opIndex, opParam}},
	SelField:   {"field", []operand{opTarget, opName}},
	SelElem:    {"elem", []operand{opTarget, opName}},
	SelChain:   {"chain", []operand{opName, opParam}},
	SelCall:    {"call", []operand{opTarget, opName, opParam}},
	SelHeader:  {"header", []operand{opTarget, opOption}},
	SelPattern: {"pattern", []operand{opIndex}},
	SelConst:   {"const", []operand{opWord}},
	SelIndex:   {"index", nil},
}

// maxIndex bounds argument and parameter numbers; a larger one is a slip.
const maxIndex = 31

// Parse gives the selector that the text stands for, the zero Selector for an
// empty Arg. The error says what is wrong with the text, without a position.
func (a Arg) Parse() (Selector, error) {
	words := strings.Fields(string(a))
	if len(words) == 0 {
		return Selector{}, nil
	}
	for kind, syntax := range selSyntax {
		if syntax.word == words[0] {
			return parseOperands(a, SelKind(kind), syntax.operands, words[1:])
		}
	}
	return Selector{}, fmt.Errorf("argument selector %q starts with the unknown word %q; write one of %s", a, words[0], selWords())
}

// Sel is Parse for an Arg of a loaded row, whose syntax Load has checked.
func (a Arg) Sel() Selector {
	s, err := a.Parse()
	if err != nil {
		panic("model: row was not checked by Load: " + err.Error())
	}
	return s
}

func selWords() string {
	var words []string
	for _, syntax := range selSyntax[SelArg:] {
		words = append(words, syntax.word)
	}
	return strings.Join(words, ", ")
}

func parseOperands(a Arg, kind SelKind, ops []operand, words []string) (Selector, error) {
	s := Selector{Kind: kind}
	if len(words) > len(ops) {
		return Selector{}, fmt.Errorf("argument selector %q has %q too many after %q", a, strings.Join(words[len(ops):], " "), selSyntax[kind].word)
	}
	for i, op := range ops {
		if i == len(words) {
			if op == opOption {
				break
			}
			return Selector{}, fmt.Errorf("argument selector %q lacks %s", a, op)
		}
		if err := s.set(op, words[i]); err != nil {
			return Selector{}, fmt.Errorf("argument selector %q: %w", a, err)
		}
	}
	return s, nil
}

func (op operand) String() string {
	switch op {
	case opIndex:
		return "a number"
	case opTarget:
		return "a number or recv"
	case opParam:
		return "a number"
	case opName:
		return "a name"
	default:
		return "a word"
	}
}

func (s *Selector) set(op operand, word string) error {
	switch op {
	case opIndex:
		return setNumber(&s.Index, word)
	case opParam:
		return setNumber(&s.Param, word)
	case opTarget:
		if word == "recv" {
			s.Index = RecvIndex
			return nil
		}
		return setNumber(&s.Index, word)
	case opName:
		for part := range strings.SplitSeq(word, ".") {
			if !token.IsIdentifier(part) {
				return fmt.Errorf("%q is not a name", word)
			}
		}
	}
	s.Name = word
	return nil
}

func setNumber(to *int, word string) error {
	n, err := strconv.Atoi(word)
	if err != nil || n < 0 || n > maxIndex {
		return fmt.Errorf("%q is not a number from 0 to %d", word, maxIndex)
	}
	*to = n
	return nil
}

// String is the canonical text of the selector: parsing it gives s again.
func (s Selector) String() string {
	if s.Kind == SelNone {
		return ""
	}
	syntax := selSyntax[s.Kind]
	words := []string{syntax.word}
	for _, op := range syntax.operands {
		switch op {
		case opIndex, opTarget:
			words = append(words, s.index())
		case opParam:
			words = append(words, strconv.Itoa(s.Param))
		default:
			if s.Name != "" {
				words = append(words, s.Name)
			}
		}
	}
	return strings.Join(words, " ")
}

func (s Selector) index() string {
	if s.Index == RecvIndex {
		return "recv"
	}
	return strconv.Itoa(s.Index)
}
