package world

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// expression evaluates the condition and update expressions of one request
// against one item: comparisons, AND, OR, NOT, the two existence functions,
// SET with + and -, if_not_exists and list_append, ADD and REMOVE.
type expression struct {
	names  map[string]string
	values map[string]value
	item   item
	tokens []string
}

var exprToken = regexp.MustCompile(`[#:]?[A-Za-z_][A-Za-z0-9_]*|<>|<=|>=|[=<>(),+-]`)

func (e *expression) read(text string) { e.tokens = exprToken.FindAllString(text, -1) }

func (e *expression) peek() string {
	if len(e.tokens) == 0 {
		return ""
	}
	return e.tokens[0]
}

func (e *expression) next() string {
	t := e.peek()
	if t != "" {
		e.tokens = e.tokens[1:]
	}
	return t
}

func (e *expression) accept(word string) bool {
	if strings.EqualFold(e.peek(), word) {
		e.next()
		return true
	}
	return false
}

func (e *expression) expect(word string) error {
	if !e.accept(word) {
		return fmt.Errorf("want %s before %q", word, e.peek())
	}
	return nil
}

// path resolves the name of an attribute.
func (e *expression) path(token string) (string, error) {
	if !strings.HasPrefix(token, "#") {
		return token, nil
	}
	name, ok := e.names[token]
	if !ok {
		return "", fmt.Errorf("%s is not among the names %v", token, sortedNames(e.names))
	}
	return name, nil
}

func (e *expression) condition(text string) (bool, error) {
	e.read(text)
	ok, err := e.or()
	if err == nil && e.peek() != "" {
		err = fmt.Errorf("unexpected %q", e.peek())
	}
	return ok, err
}

func (e *expression) or() (bool, error) {
	left, err := e.and()
	for err == nil && e.accept("OR") {
		var right bool
		right, err = e.and()
		left = left || right
	}
	return left, err
}

func (e *expression) and() (bool, error) {
	left, err := e.not()
	for err == nil && e.accept("AND") {
		var right bool
		right, err = e.not()
		left = left && right
	}
	return left, err
}

func (e *expression) not() (bool, error) {
	if e.accept("NOT") {
		ok, err := e.not()
		return !ok, err
	}
	if e.accept("(") {
		ok, err := e.or()
		if err != nil {
			return false, err
		}
		return ok, e.expect(")")
	}
	for word, wanted := range map[string]bool{"attribute_exists": true, "attribute_not_exists": false} {
		if e.accept(word) {
			return e.exists(wanted)
		}
	}
	return e.comparison()
}

func (e *expression) exists(wanted bool) (bool, error) {
	if err := e.expect("("); err != nil {
		return false, err
	}
	name, err := e.path(e.next())
	if err != nil {
		return false, err
	}
	_, there := e.item[name]
	return there == wanted, e.expect(")")
}

func (e *expression) comparison() (bool, error) {
	left, err := e.operand()
	if err != nil {
		return false, err
	}
	op := e.next()
	right, err := e.operand()
	if err != nil {
		return false, err
	}
	if left == nil || right == nil {
		return op == "<>", nil
	}
	c := compare(left, right)
	switch op {
	case "=":
		return c == 0, nil
	case "<>":
		return c != 0, nil
	case "<":
		return c < 0, nil
	case "<=":
		return c <= 0, nil
	case ">":
		return c > 0, nil
	case ">=":
		return c >= 0, nil
	}
	return false, fmt.Errorf("unknown operator %q", op)
}

func compare(a, b value) int {
	x, okX := number(a)
	y, okY := number(b)
	if okX && okY {
		return x.Cmp(y)
	}
	return strings.Compare(a.text(), b.text())
}

func number(v value) (*big.Rat, bool) {
	s, ok := v["N"].(string)
	if !ok {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// operand reads a value, an attribute or a function; nil stands for an
// attribute that is not there.
func (e *expression) operand() (value, error) {
	t := e.next()
	switch {
	case strings.HasPrefix(t, ":"):
		v, ok := e.values[t]
		if !ok {
			return nil, fmt.Errorf("%s has no value", t)
		}
		return v, nil
	case strings.EqualFold(t, "if_not_exists"), strings.EqualFold(t, "list_append"):
		a, b, err := e.pair()
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(t, "list_append") {
			x, _ := a["L"].([]any)
			y, _ := b["L"].([]any)
			return value{"L": append(append([]any{}, x...), y...)}, nil
		}
		if a == nil {
			return b, nil
		}
		return a, nil
	case t == "":
		return nil, fmt.Errorf("the expression ends too early")
	}
	name, err := e.path(t)
	return e.item[name], err
}

func (e *expression) pair() (a, b value, err error) {
	if err = e.expect("("); err != nil {
		return nil, nil, err
	}
	if a, err = e.operand(); err != nil {
		return nil, nil, err
	}
	if err = e.expect(","); err != nil {
		return nil, nil, err
	}
	if b, err = e.operand(); err != nil {
		return nil, nil, err
	}
	return a, b, e.expect(")")
}

// update carries out an update expression on now.
func (e *expression) update(text string, now item) error {
	e.read(text)
	for e.peek() != "" {
		clause := strings.ToUpper(e.next())
		for more := true; more; more = e.accept(",") {
			name, err := e.path(e.next())
			if err != nil {
				return err
			}
			if err := e.change(clause, name, now); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *expression) change(clause, name string, now item) error {
	switch clause {
	case "REMOVE":
		delete(now, name)
		return nil
	case "ADD":
		v, err := e.operand()
		if err != nil {
			return err
		}
		sum, err := add(now[name], v, 1)
		now[name] = sum
		return err
	case "SET":
		if err := e.expect("="); err != nil {
			return err
		}
		v, err := e.operand()
		if err != nil {
			return err
		}
		for _, op := range []struct {
			sign string
			by   int64
		}{{"+", 1}, {"-", -1}} {
			if e.accept(op.sign) {
				right, err := e.operand()
				if err != nil {
					return err
				}
				if v, err = add(v, right, op.by); err != nil {
					return err
				}
			}
		}
		now[name] = v
		return nil
	}
	return fmt.Errorf("unknown clause %q", clause)
}

func add(a, b value, sign int64) (value, error) {
	x := new(big.Rat)
	if a != nil {
		n, ok := number(a)
		if !ok {
			return nil, fmt.Errorf("%s is no number", a.text())
		}
		x = n
	}
	y, ok := number(b)
	if !ok {
		return nil, fmt.Errorf("%s is no number", b.text())
	}
	sum := new(big.Rat).Add(x, new(big.Rat).Mul(y, big.NewRat(sign, 1)))
	return value{"N": strings.TrimSuffix(strings.TrimRight(sum.FloatString(6), "0"), ".")}, nil
}
