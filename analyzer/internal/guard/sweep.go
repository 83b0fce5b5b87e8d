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
