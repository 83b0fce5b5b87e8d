package sqlstmt

import "strings"

// compareOps compare two values at an expression's own level.
var compareOps = []string{"=", "==", "<>", "!=", "<", ">", "<=", ">=", "<=>", "is", "in", "like", "ilike", "between", "@>", "<@", "&&", "~", "!~", "~*", "!~*", "?", "?|", "?&"}

// findCompare is the position of the first comparison at this level; the
// operator ~ before its only operand is none.
func (ts tokens) findCompare() int {
	for i := 0; i < len(ts); i = ts.next(i) {
		if ts[i].is(compareOps...) && (!ts[i].is("~") || i > 0 && operand(ts[i-1])) {
			return i
		}
	}
	return len(ts)
}

var arithmeticOps = []string{"+", "-", "*", "/", "%", "||", "^", "#", "&", "|", "<<", ">>", "#-"}

// evalArithmetic judges a value that combines others; ok is false when no
// operator stands at its own level.
func (t *target) evalArithmetic(ts tokens, column string, depth int) (c change, ok bool) {
	var operands []tokens
	var ops []string
	start := 0
	for i := 0; i < len(ts); i = ts.next(i) {
		if !ts[i].is(arithmeticOps...) || ts[i].kind != op {
			continue
		}
		ops = append(ops, ts[i].low)
		operands = append(operands, ts[start:i])
		start = i + 1
	}
	if len(ops) == 0 {
		return absolute, false
	}
	operands = append(operands, ts[start:])
	// A hole among the operands does not hide that the column is one, too.
	most, known := absolute, absolute
	for _, o := range operands {
		c := t.eval(o, column, depth)
		most = max(most, c)
		if c != unclear {
			known = max(known, c)
		}
	}
	if most >= relative || known != keeps || converges(ops, operands, column) {
		return most, true
	}
	return relative, true
}

// converges says whether applying the operators to the column twice gives
// the same as once: bit masks, merging objects, removing elements, and adding
// to the sets of CQL.
func converges(ops []string, operands []tokens, column string) bool {
	masks, merges := true, true
	objects := mergesObjects(operands, column)
	for i, o := range ops {
		right := operands[i+1]
		masks = masks && (o == "&" || o == "|" || o == "~")
		switch o {
		case "#-":
		case "-":
			merges = merges && len(right) > 0 && (objects || right[0].kind == str || right[0].is("{", "["))
		case "+":
			merges = merges && (right.oneOf(0, "{") || operands[i].oneOf(0, "{"))
		case "||":
			merges = merges && objects
		default:
			merges = false
		}
	}
	return masks || merges
}

// objectMakers are functions whose result is an object of JSON or hstore.
var objectMakers = []string{"jsonb_build_object", "json_build_object", "jsonb_object", "json_object", "to_jsonb", "row_to_json", "hstore", "jsonb_object_agg", "jsonb_strip_nulls"}

// objectColumns are usual names of columns that hold an object; the type of
// the column is not in the text.
var objectColumns = map[string]bool{
	"metadata": true, "meta": true, "attributes": true, "properties": true, "settings": true, "config": true,
	"options": true, "preferences": true, "annotations": true,
}

// mergesObjects says whether the operands of || are objects of JSON rather
// than text or arrays.
func mergesObjects(operands []tokens, column string) bool {
	object := objectColumns[column]
	for _, o := range operands {
		for i, t := range o {
			switch {
			case t.is("jsonb_build_array", "json_build_array", "array"), t.kind == str && strings.HasPrefix(t.text, "'["):
				return false
			case t.is(objectMakers...), t.is("::", "as") && o.oneOf(i+1, "jsonb", "json", "hstore"):
				object = true
			case t.kind == str && (strings.HasPrefix(t.text, `'{"`) || t.text == "'{}'"):
				object = true
			}
		}
	}
	return object
}

// volatileCalls give another value at every run. Times are left out: they
// fill audit columns.
var volatileCalls = map[string]bool{
	"random": true, "rand": true, "uuid": true, "gen_random_uuid": true, "uuid_generate_v1": true, "uuid_generate_v1mc": true,
	"uuid_generate_v4": true, "uuidv4": true, "uuidv7": true, "uuid_generate_v7": true, "gen_random_bytes": true,
	"newid": true, "newsequentialid": true, "nextval": true, "randomblob": true, "random_bytes": true, "sys_guid": true,
	"uuid_short": true, "generateuuidv4": true, "generate_uuid": true, "unordered_unique_rowid": true, "unique_rowid": true,
	"gen_random_ulid": true, "gen_ulid": true, "generate_ulid": true, "setseed": true, "lastval": false,
}

// Steady reports whether a value's text, as [Bind] has it, gives the same again on
// the same rows: nothing in it is drawn or read from a clock, as what a function
// without arguments gives most likely is.
func Steady(expr string) bool {
	words := strings.Fields(strings.ToLower(expr))
	for i, w := range words {
		name := w[strings.LastIndexByte(w, '.')+1:]
		switch {
		case name == "default" || strings.HasPrefix(name, "current_") || strings.HasPrefix(name, "localtime"):
			return false
		case i+2 < len(words) && w == "next" && words[i+1] == "value" && words[i+2] == "for":
			return false
		case i+2 < len(words) && words[i+1] == "(" && (volatileCalls[name] || words[i+2] == ")"):
			return false
		}
	}
	return len(words) > 0
}

// stepCalls build a further value on the one that they are given.
var stepCalls = map[string]bool{
	"array_append": true, "array_cat": true, "array_prepend": true, "json_array_append": true, "json_array_insert": true,
	"jsonb_insert": true, "json_merge": true, "json_merge_preserve": true, "concat": true, "concat_ws": true,
	"date_add": true, "adddate": true, "addtime": true, "date_sub": true, "subdate": true, "timestampadd": true,
	"dateadd": true, "datetime_add": true, "timestamp_add": true, "power": true, "pow": true, "bitxor": true,
	"substr": true, "substring": true, "reverse": true, "repeat": true, "overlay": true, "md5": true, "sha256": true,
	"array_concat": true, "list_append": true, "group_concat": true, "string_agg": true, "add_months": true,
}

// evalCall judges the call of a function.
func (t *target) evalCall(name string, args tokens, column string, depth int) change {
	list := args.split(",")
	switch name {
	case "":
		return unclear
	case "values":
		return absolute // MySQL: the value that the INSERT would have put
	case "if", "iif":
		if len(list) == 3 {
			return t.evalBranches([]branch{{when: list[0], then: list[1]}, {then: list[2]}}, column, depth)
		}
	case "array":
		if args.oneOf(0, "select") {
			return t.evalSelect(args, column, depth)
		}
	case "cast", "convert":
		args = args[:args.find(0, "as", "using")]
		list = args.split(",")
	}
	if volatileCalls[name] {
		return volatile
	}
	most := absolute
	if args.oneOf(0, "select", "with") {
		most = t.evalSelect(args, column, depth)
	} else {
		for i, arg := range list {
			c := t.eval(arg, column, depth)
			if i == 0 && c == keeps && (name == "coalesce" || name == "ifnull" || name == "isnull" || name == "nvl") {
				return keeps // the old value stays once there is one
			}
			most = max(most, c)
		}
	}
	step := stepCalls[name] || len(list) > 1 && (name == "date" || name == "datetime" || name == "strftime")
	if most == keeps && step {
		return relative
	}
	return most
}

// branch is one WHEN .. THEN of a CASE; ELSE has no condition.
type branch struct{ when, then tokens }

// mentions says whether a condition mentions the column, at any level.
func (t *target) mentions(ts tokens, column string) bool {
	for i := 0; i < len(ts); {
		name, qualifier, next := ts.name(i)
		if next == i {
			i++
			continue
		}
		if name == column && t.owns(qualifier) && !ts.oneOf(next, "(") {
			return true
		}
		i = next
	}
	return false
}

// evalCase judges CASE [operand] WHEN .. THEN .. ELSE .. END, given what
// stands between CASE and END.
func (t *target) evalCase(ts tokens, column string, depth int) change {
	var list []branch
	first := ts.find(0, "when")
	operand := ts[:first]
	for i := first; i < len(ts); {
		end := ts.find(i+1, "when", "else")
		body := ts[i+1 : end]
		if ts[i].is("else") {
			list = append(list, branch{then: body})
		} else {
			then := body.find(0, "then")
			cond := body[:then]
			if n := len(operand); n > 0 && n < maxDepth {
				cond = append(append(append(tokens{}, operand...), token{kind: op, text: "=", low: "="}), cond...)
			}
			list = append(list, branch{when: cond, then: body[min(then+1, len(body)):]})
		}
		i = end
	}
	return t.evalBranches(list, column, depth)
}

// evalBranches judges a choice. The conditions do not count, but for a
// choice between constants by the old value, which may toggle or advance.
func (t *target) evalBranches(list []branch, column string, depth int) change {
	most, looks := absolute, false
	absent := t.absent(list, column)
	for _, b := range list {
		c := t.eval(b.then, column, depth)
		if c == relative && absent {
			c = keeps // adds an element only where it is missing
		}
		most = max(most, c)
		looks = looks || t.mentions(b.when, column)
	}
	if most > keeps || !looks {
		return most
	}
	if t.advances(list, column) {
		return relative
	}
	return keeps
}

// absent says whether a condition tests the column for an element.
func (t *target) absent(list []branch, column string) bool {
	for _, b := range list {
		if b.when.has("any", "all", "@>", "array_position", "json_contains", "member", "?") && t.mentions(b.when, column) {
			return true
		}
	}
	return false
}

// advances says whether a choice by the column's old value, applied to one
// of its own results, gives another one: a toggle or the next state.
func (t *target) advances(list []branch, column string) bool {
	type rule struct{ from, to string }
	var rules []rule
	other := "" // the result of ELSE; empty when it keeps the column
	for _, b := range list {
		to := literal(b.then)
		if name, qualifier, ok := b.then.column(); ok && name == column && t.owns(qualifier) {
			to = ""
		} else if to == "" {
			return false
		}
		if b.when == nil {
			other = to
			continue
		}
		c := compare(b.when)
		from := literal(c.right)
		if c.column != column || !t.owns(c.qualifier) || c.op != "=" || from == "" {
			return false
		}
		rules = append(rules, rule{from, to})
	}
	if len(rules) > maxDepth {
		return false
	}
	step := func(v string) string {
		for _, r := range rules {
			if r.from == v {
				if r.to == "" {
					return v
				}
				return r.to
			}
		}
		if other == "" {
			return v
		}
		return other
	}
	for _, r := range append(rules, rule{to: other}) {
		if r.to != "" && step(r.to) != r.to {
			return true
		}
	}
	return false
}

// literal is a constant in a form in which equal ones are equal; empty when
// the run is none.
func literal(ts tokens) string {
	ts = uncast(ts)
	sign := ""
	if len(ts) == 2 && ts[0].is("-") {
		sign, ts = "-", ts[1:]
	}
	if len(ts) != 1 || ts[0].hole {
		return ""
	}
	switch t := ts[0]; {
	case t.kind == num:
		return sign + t.text
	case t.kind == str:
		return strings.Trim(t.text, "'") + stringMark(t.text)
	case t.is("true"):
		return "1"
	case t.is("false"):
		return "0"
	case t.is("null"):
		return "null"
	case t.quoted && strings.HasPrefix(t.text, `"`):
		return strings.Trim(t.text, `"`) // a string of MySQL or SQLite
	}
	return ""
}

// stringMark keeps the string null apart from the value, and the empty string
// from no literal.
func stringMark(text string) string {
	if text == "''" || text == "'null'" {
		return "'"
	}
	return ""
}
