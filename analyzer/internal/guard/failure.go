package guard

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
	"github.com/idemlint/idemlint/analyzer/internal/word"
)

// messages are the stores that hold messages for others.
var messages = map[string]bool{
	"kafka": true, "nats": true, "rabbitmq": true, "sqs": true, "sns": true, "pubsub": true, "pulsar": true, "nsq": true,
	"servicebus": true, "eventbridge": true, "kinesis": true, "watermill": true, "mqtt": true, "queue": true,
}

// deadLetter reports whether a message is only sent because the attempt failed:
// a dead letter or an alarm. What succeeds does not send it, and what fails may.
func (j *judge) deadLetter(o *Occurrence) bool {
	if o.Class != model.ClassNonIdempotent || !messages[o.Store] && !slices.ContainsFunc(o.Path, j.alarms) {
		return false
	}
	for _, call := range o.Path {
		fn := call.Frame.Fn
		if fn == nil || call.Item.Instr < 0 {
			continue
		}
		for _, g := range fn.Gates(call.Item.Block) {
			if failed(call.Frame.Conds[g.If], g.Edge) {
				return true
			}
		}
	}
	return false
}

// alarms reports whether a function on the way to a request or a mail is named
// for telling of an error. The same functions are on very many ways.
func (j *judge) alarms(c Call) bool {
	fn := c.Frame.Fn
	if fn == nil {
		return false
	}
	is, known := j.alarming[fn]
	if !known {
		is = tellsOfError(fn)
		if j.alarming == nil {
			j.alarming = map[*link.Func]bool{}
		}
		j.alarming[fn] = is
	}
	return is
}

func tellsOfError(fn *link.Func) bool {
	name, _, _ := strings.Cut(fn.Name, "$")
	words := word.Split(name)
	tells := len(words) > 0 && (words[0] == "notify" || words[0] == "report" || words[0] == "send" || words[0] == "alert")
	return tells && slices.ContainsFunc(words, func(w string) bool {
		return w == "error" || w == "err" || w == "failure" || w == "alert" || w == "alarm"
	})
}

// announces reports whether a message tells again of something that happened
// once: the row that it tells of, or one that guards others, is inserted before
// and fails for a repeat, a caller turns that error into what is stored, and what follows sends that.
// Queues deliver more than once, so whoever receives it has to know it by what
// it tells of.
func (j *judge) announces(o *Occurrence) bool {
	if !messages[o.Store] || o.Class != model.ClassNonIdempotent {
		return false
	}
	answered, guards := false, false
	for _, c := range j.v.Claims {
		if c.Event == o.Event || c.Class != model.ClassInsert || c.Stmt == nil || !heeded(c) {
			return false
		}
		answered = answered || answersRepeat(c)
		guards = guards || !pureRecord(c.Event) || slices.ContainsFunc(j.v.Guarded, func(g *Occurrence) bool {
			return g.Store == c.Store && slices.Contains(j.by[g], c)
		})
	}
	return answered && guards
}

// failed reports whether an edge of a branch is taken when something that the
// attempt rests on went wrong: a write, or reading the message itself. A read
// alone that finds nothing is no failure.
func failed(cond *eval.Val, edge int32) bool {
	if cond == nil || cond.Kind != eval.Binary || len(cond.Args) != 2 || cond.Str != "!=" && cond.Str != "==" {
		return false
	}
	if (cond.Str == "!=") != (edge == 0) {
		return false
	}
	err := cond.Args[0]
	if err.IsNil() {
		err = cond.Args[1]
	} else if !cond.Args[1].IsNil() {
		return false
	}
	if err.Type == nil || err.Type.Str != "error" {
		return false
	}
	writes := false
	for _, from := range err.From {
		writes = writes || from.Event.Class != model.ClassRead && from.Part&eval.PartError != 0
	}
	return writes || decodes(err)
}

// decodes reports whether an error tells that an input could not be read.
func decodes(err *eval.Val) bool {
	found := false
	eval.Walk(err, func(v *eval.Val) bool {
		if v.Kind == eval.Call && v.Ext != nil && v.Ext.Kind != unit.CallBuiltin {
			for _, w := range []string{"Unmarshal", "Decode", "Parse", "FromString", "Validate", "Struct"} {
				found = found || strings.HasPrefix(v.Ext.Name, w)
			}
			return false
		}
		return !found
	})
	return found
}
