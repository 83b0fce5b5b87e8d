package sqlstmt

// split cuts a text's tokens into statements at the semicolons outside of
// brackets and of the bodies of routines.
func split(ts tokens) []tokens {
	var out []tokens
	start := 0
	for i := 0; i < len(ts); {
		if i == start && isRoutine(ts[i:]) {
			i = routineEnd(ts, i)
			continue
		}
		if ts[i].is(";") {
			if i > start {
				out = append(out, ts[start:i])
			}
			start = i + 1
		}
		i = ts.next(i)
	}
	if start < len(ts) {
		out = append(out, ts[start:])
	}
	return out
}

// isRoutine says whether a statement creates something with a body of
// statements.
func isRoutine(ts tokens) bool {
	if !ts.at(0, "create") {
		return false
	}
	for i := 1; i < len(ts) && i < 8; i++ {
		if ts[i].is("trigger", "function", "procedure", "proc", "event") {
			return true
		}
		if ts[i].is("table", "index", "view", "(", ";", "as") {
			return false
		}
	}
	return false
}

// routineEnd is the position of the semicolon behind the routine that starts
// at i: the first one, or the first behind the END of its body.
func routineEnd(ts tokens, i int) int {
	depth := 0
	for ; i < len(ts); i = ts.next(i) {
		switch {
		case ts[i].is("begin"):
			depth++
		case ts[i].is("end") && !ts.oneOf(i+1, "if", "loop", "while", "repeat", "for"):
			depth--
		case ts[i].is(";") && depth <= 0:
			return i
		}
	}
	return i
}
