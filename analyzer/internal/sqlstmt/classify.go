package sqlstmt

import "strings"

// scope is what a statement knows of those around it.
type scope struct {
	depth int
	// ctes are the parts of the WITH clauses around, by name.
	ctes  map[string]cte
	names []string // the names of ctes in order
}

// cte is one part of a WITH clause.
type cte struct {
	stmt Stmt
	body tokens
}

// unit classifies one statement as split gives it; where SQL Server needs no
// semicolon there can be more than one inside.
func unit(ts tokens) []Stmt {
	first := classify(ts, scope{})
	out := []Stmt{first}
	if first.Class == Read && ts.oneOf(0, "set", "declare", "use", "print", "begin") {
		for i := 1; i < len(ts); i = ts.next(i) {
			if ts.oneOf(i, "insert", "update", "delete", "merge", "exec", "execute") && !ts.oneOf(i-1, "for") {
				return append(out, unit(ts[i:])...)
			}
		}
	}
	return out
}

// classify classifies one statement.
func classify(ts tokens, sc scope) Stmt {
	if len(ts) == 0 {
		return Stmt{Class: Read, Why: "empty statement"}
	}
	sc.depth++
	if sc.depth > maxDepth {
		return Stmt{Class: Unknown, Why: "nested too deeply"}
	}
	if ts[0].is("(") {
		if inner, behind, ok := ts.group(0); ok && (behind == len(ts) || ts.oneOf(behind, "union", "intersect", "except", "order", "limit")) {
			if behind == len(ts) {
				return classify(inner, sc)
			}
			return parseSelect(ts, sc)
		}
	}
	if ts[0].kind != word || ts[0].quoted {
		return Stmt{Class: Unknown, Why: "not a statement"}
	}
	if ts[0].hole {
		return Stmt{Class: Unknown, Why: "begins with a part that is not known"}
	}
	s := dispatch(ts, sc)
	if s.Verb == "" {
		s.Verb = strings.ToUpper(ts[0].text)
	}
	return s
}

// dispatch sends a statement to the parser of its verb.
func dispatch(ts tokens, sc scope) Stmt {
	switch ts[0].low {
	case "select", "values", "table":
		return parseSelect(ts, sc)
	case "with":
		return parseWith(ts, sc)
	case "insert", "replace", "upsert":
		return parseInsert(ts, sc)
	case "update":
		return parseUpdate(ts, sc)
	case "delete":
		return parseDelete(ts, sc)
	case "merge":
		return parseMerge(ts)
	case "explain", "describe", "desc":
		return parseExplain(ts, sc)
	case "if":
		return parseIf(ts, sc)
	case "begin":
		return parseBegin(ts, sc)
	case "call", "exec", "execute", "do":
		return parseCall(ts)
	case "copy", "load", "bulk":
		return parseLoad(ts)
	case "lock":
		return Stmt{Class: Lock, Table: tableAfter(ts, "table", "tables"), Why: "locks a table"}
	case "create", "alter", "drop", "rename", "truncate", "grant", "revoke", "comment":
		return parseDefinition(ts)
	case "notify":
		return Stmt{Class: NonIdempotent, Why: Notifies}
	case "set":
		if ts.oneOf(1, "global", "persist") {
			return Stmt{Class: Idempotent, Why: "sets a server variable"}
		}
		return Stmt{Class: Read, Why: "session state"}
	case "refresh":
		return Stmt{Class: Read, Why: "recomputes a view from what is stored"}
	case "analyze", "analyse", "vacuum", "reindex", "optimize", "cluster", "checkpoint", "kill", "flush", "security":
		return Stmt{Class: Idempotent, Why: "maintenance that converges"}
	}
	if sessionVerbs[ts[0].low] {
		return Stmt{Class: Read, Why: "session or transaction control"}
	}
	return Stmt{Class: Unknown, Why: "verb " + ts[0].text + " is not known"}
}

// sessionVerbs change nothing that outlives the session.
var sessionVerbs = map[string]bool{
	"commit": true, "rollback": true, "savepoint": true, "release": true, "start": true, "end": true, "abort": true,
	"pragma": true, "listen": true, "unlisten": true, "declare": true, "fetch": true, "move": true, "close": true,
	"open": true, "show": true, "use": true, "prepare": true, "deallocate": true, "discard": true, "reset": true,
	"unlock": true, "attach": true, "detach": true, "print": true, "go": true, "apply": true, "save": true,
	"waitfor": true, "else": true, "help": true, "list": true, "return": true, "raiserror": true, "throw": true,
}

// parseExplain classifies EXPLAIN: only with ANALYZE is the statement run.
func parseExplain(ts tokens, sc scope) Stmt {
	if !ts.oneOf(0, "explain") || !ts.has("analyze", "analyse") {
		return Stmt{Class: Read, Why: "explains only"}
	}
	i := ts.find(1, "select", "with", "insert", "update", "delete", "merge", "replace", "values", "execute", "create")
	return classify(ts[i:], sc)
}

// parseBegin classifies BEGIN: a transaction, a batch of CQL, or a block of
// SQL Server, whose first statement follows.
func parseBegin(ts tokens, sc scope) Stmt {
	i := 1
	for ts.oneOf(i, "unlogged", "counter", "batch", "try", "catch") {
		i++
	}
	if ts.oneOf(i, "using") { // CQL: USING TIMESTAMP n
		i += 3
	}
	if ts.oneOf(i, "insert", "update", "delete", "merge", "exec", "execute", "if", "with") {
		return classify(ts[i:], sc)
	}
	return Stmt{Class: Read, Why: "opens a transaction"}
}

// parseIf classifies SQL Server's IF cond statement [ELSE statement].
func parseIf(ts tokens, sc scope) Stmt {
	verbs := []string{"insert", "update", "delete", "merge", "select", "exec", "execute", "begin", "set", "print", "with", "raiserror", "throw", "return", "drop", "create", "alter"}
	i := ts.find(1, verbs...)
	if i == len(ts) {
		return Stmt{Class: Unknown, Why: "condition without a statement"}
	}
	racy := ts[1:i].has("exists") || ts[1:i].hasSeq("rowcount") || ts[1:i].has("@@rowcount")
	var parts []Stmt
	for i < len(ts) {
		end := ts.find(i+1, "else")
		body := ts[i:end]
		for body.oneOf(0, "begin") && len(body) > 1 {
			body = body[1:]
		}
		if n := len(body); n > 1 && body.oneOf(n-1, "end") {
			body = body[:n-1]
		}
		s := classify(body, sc)
		if racy && s.Class == Insert {
			s.Class, s.NotExists = NonIdempotent, true
			s.Why = "tests and inserts in two steps: racy without a unique index"
		}
		parts = append(parts, s)
		i = ts.find(end, verbs...)
	}
	return decisive(parts)
}

// decisive is the statement of the highest class; among equals the first.
func decisive(parts []Stmt) Stmt {
	best := parts[0]
	var writes []Stmt
	for _, p := range parts {
		if p.Class > best.Class {
			best = p
		}
		if p.Class >= Idempotent {
			writes = append(writes, p)
		}
	}
	if len(writes) > 1 {
		best.Parts = writes
	}
	return best
}

// parseCall classifies the call of a routine, whose body is not here.
func parseCall(ts tokens) Stmt {
	i := 1
	if ts.at(i+1, "=") { // EXEC @rc = proc
		i += 2
	}
	proc, _, _ := ts.name(i)
	switch {
	case ts.oneOf(0, "do"):
		return Stmt{Class: Unknown, Why: "runs a block of procedural code"}
	case proc == "sp_getapplock":
		return Stmt{Class: Lock, Proc: proc, Why: "takes an application lock"}
	case proc == "sp_releaseapplock":
		return Stmt{Class: Read, Proc: proc, Why: "releases an application lock"}
	case proc == "":
		return Stmt{Class: Unknown, Why: "calls a routine that is not known"}
	}
	return Stmt{Class: Unknown, Proc: proc, Why: "calls routine " + proc}
}

// parseLoad classifies COPY, LOAD DATA and BULK INSERT.
func parseLoad(ts tokens) Stmt {
	if ts.oneOf(0, "copy") {
		table, _, i := ts.name(1)
		if ts.find(1, "from") == len(ts) {
			return Stmt{Class: Read, Why: "copies out"}
		}
		s := Stmt{Class: NonIdempotent, Table: table, Why: "COPY has no conflict clause"}
		if cols, _, ok := ts.group(i); ok {
			for _, c := range cols.split(",") {
				col, _, _ := c.name(0)
				s.Sets = append(s.Sets, Bind{Column: col, Param: -1})
			}
		}
		return s
	}
	s := Stmt{Class: NonIdempotent, Table: tableAfter(ts, "table", "insert"), Why: "loads rows without a conflict clause"}
	switch {
	case ts.find(1, "ignore") < ts.find(1, "into"):
		s.Class, s.Why = InsertIgnore, "loads rows or ignores them"
	case ts.find(1, "replace") < ts.find(1, "into"):
		s.Class, s.Upsert, s.Why = Idempotent, true, "loads rows or replaces them"
	}
	return s
}

// tableAfter is the name behind the first of the given words, else behind
// the verb.
func tableAfter(ts tokens, words ...string) string {
	i := ts.find(1, words...) + 1
	if i > len(ts) {
		i = 1
	}
	for ts.oneOf(i, "if", "not", "exists", "only") {
		i++
	}
	name, _, _ := ts.name(i)
	return name
}

// parseDefinition classifies what defines objects.
func parseDefinition(ts tokens) Stmt {
	s := Stmt{Class: NonIdempotent, Why: "fails when it runs again"}
	if i := ts.find(1, "table", "view", "index", "sequence", "schema", "database", "type"); i < len(ts) && ts.oneOf(i, "table") || ts.oneOf(0, "truncate") {
		s.Table = tableAfter(ts, "table")
	}
	switch {
	case ts.oneOf(0, "truncate", "grant", "revoke", "comment"):
		s.Class, s.Why = Idempotent, ts[0].low+" converges"
	case ts.oneOf(0, "create") && ts.find(1, "temp", "temporary") < ts.find(1, "table", "view"):
		s.Class, s.Why = Read, "temporary table of the session"
	case ts.hasSeq("if", "exists"), ts.hasSeq("if", "not", "exists"):
		s.Class, s.Why = Idempotent, "says what to do when it exists"
	case ts.oneOf(0, "create") && ts.at(1, "or", "replace"), ts.at(0, "create", "or", "alter"):
		s.Class, s.Why = Idempotent, "replaces the definition"
	}
	return s
}
