package sqlstmt

// converters are functions whose result stands for their first argument:
// the same argument gives the same value.
var converters = map[string]bool{
	"lower": true, "upper": true, "trim": true, "btrim": true, "ltrim": true, "rtrim": true, "cast": true, "convert": true,
	"try_cast": true, "nullif": true, "uuid_to_bin": true, "bin_to_uuid": true, "unhex": true, "to_timestamp": true,
	"from_unixtime": true, "str_to_date": true, "to_date": true, "unnest": true, "to_jsonb": true,
	"json": true, "jsonb": true, "parse_json": true, "date": true, "datetime": true, "touuid": true, "md5": true,
	"encode": true, "decode": true, "row": true,
}

// bind says where the value of a column comes from.
func bind(column string, value tokens) Bind {
	b := Bind{Column: column, Param: -1}
	if p := argument(value); p != nil {
		b.Param, b.Name = p.index, p.name
		if p.index < 0 && p.name == "" {
			b.Expr = value.String()
		}
		return b
	}
	b.Expr = value.String()
	_, _, b.Read = uncast(value).column()
	// A default for a missing argument: COALESCE($1, now()).
	value = uncast(value)
	if inner, behind, ok := value.group(1); ok && behind == len(value) && value.oneOf(0, "coalesce", "ifnull", "isnull", "nvl") {
		if p := argument(inner.first()); p != nil {
			b.Param, b.Name = p.index, p.name
		}
	}
	return b
}

// argument is the placeholder that a value is, leaving aside brackets, casts
// and conversions; nil when it is something else.
func argument(ts tokens) *token {
	for range maxDepth {
		ts = uncast(ts)
		if len(ts) == 1 && ts[0].kind == param {
			return &ts[0]
		}
		if len(ts) < 3 || !converters[ts[0].low] {
			return nil
		}
		inner, behind, ok := ts.group(1)
		if !ok || behind != len(ts) || len(inner) == 0 {
			return nil
		}
		inner = inner.first()
		ts = inner[:inner.find(0, "as", "using")]
		for ts.oneOf(0, "both", "leading", "trailing", "from") {
			ts = ts[1:]
		}
		// SQL Server's CONVERT names the type first.
		if _, _, isName := ts.column(); isName {
			return nil
		}
	}
	return nil
}

// uncast removes brackets around a value and ::type behind it.
func uncast(ts tokens) tokens {
	for {
		n := len(ts)
		ts = ts.unwrap()
		if i := operandEnd(ts); i > 0 && i < len(ts) && onlyCasts(ts[i:]) {
			ts = ts[:i]
		}
		if ts.oneOf(0, "binary", "distinct", "all") && len(ts) > 1 && !ts[1].is("(") {
			ts = ts[1:]
		}
		if len(ts) == n {
			return ts
		}
	}
}

// operandEnd is the position behind the operand, without operators of its
// own, that ts starts with.
func operandEnd(ts tokens) int {
	if len(ts) == 0 {
		return 0
	}
	i := ts.next(0)
	if ts[0].kind == word {
		_, _, i = ts.name(0)
		i = max(i, 1)
		if ts.oneOf(i, "(") || ts.oneOf(i, "[") {
			i = ts.next(i)
		}
	}
	return i
}

// onlyCasts says whether a run is nothing but ::type, repeated.
func onlyCasts(ts tokens) bool {
	for i := 0; i < len(ts); {
		if !ts[i].is("::") {
			return false
		}
		i = typeEnd(ts, i+1)
	}
	return true
}

// typeEnd is the position behind the type name at i.
func typeEnd(ts tokens, i int) int {
	_, _, end := ts.name(i)
	if end == i {
		return i
	}
	for ts.oneOf(end, "precision", "varying", "with", "without", "time", "zone") {
		end++
	}
	for end < len(ts) && (ts[end].is("(") || ts[end].is("[")) {
		end = ts.next(end)
	}
	return end
}
