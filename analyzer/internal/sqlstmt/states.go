package sqlstmt

// states lists the comparisons of columns that the statement sets with values; nil when
// the condition asks more of such a column, or more than is understood.
func (t *target) states(where tokens) []State {
	var out []State
	for _, cond := range conjuncts(where, 0) {
		c := compare(cond)
		if c.column == "" || cond.find(0, "or") < len(cond) || cond.holed() {
			return nil
		}
		if _, set := t.assigned[c.column]; !set {
			continue
		}
		s := State{Column: c.column, Not: c.op == "<>" || c.op == "not in"}
		switch c.op {
		case "=", "<>":
			s.Values = []Bind{bind(c.column, c.right.unwrap())}
		case "in", "not in":
			list := c.right.unwrap()
			if inner, behind, ok := list.group(1); ok && behind == len(list) && list.oneOf(0, "array") {
				list = inner
			}
			for _, item := range list.split(",") {
				s.Values = append(s.Values, bind(c.column, item))
			}
		default:
			return nil
		}
		out = append(out, s)
	}
	return out
}
