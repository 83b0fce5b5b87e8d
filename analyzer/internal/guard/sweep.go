package guard

import "github.com/idemlint/idemlint/analyzer/internal/eval"

// swept reports whether the request removes claims that are old before it
// makes its own: then a claim whose holder died is taken over in time.
func (j *judge) swept(c *Occurrence) bool {
	for _, o := range j.all {
		if o.Event == c.Event {
			return false
		}
		if o.Stmt != nil && o.Stmt.Verb == "DELETE" && o.Table == c.Table && o.Table != "" && o.Given&eval.Clock != 0 {
			return true
		}
	}
	return false
}

// keyedEntry reports whether one attribute of an item is the caller's key; the
// others, such as a token of this attempt, do not make the item another one.
func keyedEntry(item *eval.Val) bool {
	found := false
	eval.Walk(item, func(v *eval.Val) bool {
		if v.Obj == nil {
			return !found
		}
		for _, en := range v.Obj.Entries {
			t := eval.Deep(en.Value)
			found = found || t&eval.Keys != 0 && t&eval.Fresh == 0
		}
		return false
	})
	return found
}
