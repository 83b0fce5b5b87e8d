package sqlstmt

// parseMerge classifies MERGE INTO target USING source ON cond WHEN ...
func parseMerge(ts tokens) Stmt {
	s := Stmt{Class: Read, Verb: "MERGE", Why: "merges"}
	i := 1
	if ts.oneOf(i, "top") {
		i = ts.next(i + 1)
	}
	if ts.oneOf(i, "into") {
		i++
	}
	table, _, next := ts.name(i)
	using := ts.find(next, "using")
	if next == i || using == len(ts) {
		s.Class, s.Why = Unknown, "merge is not understood"
		return s
	}
	s.Table = table
	for ts.at(next, "with", "(") {
		next = ts.next(next + 1)
	}
	if ts.oneOf(next, "as") {
		next++
	}
	alias := ""
	if next < using {
		alias = ts[next].low
	}
	t := newTarget(table, alias)
	t.upsert = true
	source := derived(ts)
	first := ts.find(using, "when")
	if on := ts.find(using, "on"); on < first {
		for _, b := range equalities(ts[on+1 : first]) {
			s.Conflict = append(s.Conflict, b.Column)
		}
	}
	s.Returning = ts.find(first, "output", "returning") < len(ts)
	for i := first; i < len(ts); {
		end := ts.find(i+1, "when")
		s.mergeBranch(t, ts[i:end], source)
		i = end
	}
	if s.Class == Insert {
		s.Class, s.Why = InsertIgnore, "inserts when not matched"
	}
	if s.Class == Read {
		s.Class, s.Why = Unknown, "branches of the merge are not known"
	}
	return s
}

// mergeBranch reads WHEN [NOT] MATCHED [AND cond] THEN action.
func (s *Stmt) mergeBranch(t *target, ts tokens, source []Bind) {
	then := ts.find(0, "then")
	action := ts[min(then+1, len(ts)):]
	action = action[:action.find(0, "output", "returning", "option")]
	switch {
	case action.oneOf(0, "insert"):
		if s.Class <= Lock {
			s.Class = Insert // settled once all branches are read
		}
		h := insertHead{table: s.Table}
		var row Stmt
		h.read(&row, action, 1)
		if rest := action[h.behind:]; rest.oneOf(0, "values") {
			row.values(rest[1:], &h)
		}
		resolve(row.Sets, source)
		s.Sets = row.Sets
	case action.oneOf(0, "delete"):
		s.mergeClass(Idempotent, "deletes when matched")
	case action.at(0, "update", "set"):
		s.Upsert = true
		list, most, why := t.assign(action[2:])
		if len(s.Sets) == 0 {
			for _, a := range list {
				s.Sets = append(s.Sets, bind(a.column, a.value))
			}
			resolve(s.Sets, source)
		}
		kind, version := open, false
		if and := ts[:then].find(0, "and"); and < then {
			kind, version = t.guard(ts[and+1:then], list, 0)
		}
		switch {
		case kind == byState:
			s.Version = s.Version || version
			s.mergeClass(Guarded, "updates on a condition that it makes false")
		case kind == byLease:
			s.mergeClass(InsertIgnore, "takes over an expired row only")
		case most >= relative:
			s.mergeClass(NonIdempotent, why)
		case most == unclear:
			s.mergeClass(Unknown, why)
		default:
			s.mergeClass(Idempotent, "merge of absolute values")
		}
	case action.at(0, "do", "nothing"):
	default:
		s.mergeClass(Unknown, "a branch of the merge is not known")
	}
}

// mergeClass takes the highest class of the branches, where the insert of
// rows that are not matched is no more than what the others do.
func (s *Stmt) mergeClass(c Class, why string) {
	if s.Class == Insert || c > s.Class {
		s.Class, s.Why = c, why
	}
}
