package analyzer

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/internal/route"
	"github.com/idemlint/idemlint/analyzer/internal/template"
	"github.com/idemlint/idemlint/analyzer/report"
)

// deployed is what the templates of the modules say about Lambda functions. It
// is read by the engine only, as SQL files are.
type deployed struct {
	functions []template.Function
	files     []string                             // that were read, absolute
	dirs      map[string]string                    // of modules, by path
	trigger   map[*route.Endpoint]template.Trigger // of endpoints that have one
}

func readTemplates(modules []load.Module) *deployed {
	d := &deployed{dirs: map[string]string{}, trigger: map[*route.Endpoint]template.Trigger{}}
	for _, m := range modules {
		d.dirs[m.Path] = m.Dir
		functions, files := template.Read(m.Dir)
		d.functions, d.files = append(d.functions, functions...), append(d.files, files...)
	}
	return d
}

// place puts an endpoint for each trigger in the place of a Lambda function
// whose code the templates mention.
func (d *deployed) place(endpoints []*route.Endpoint) []*route.Endpoint {
	if d == nil || len(d.functions) == 0 {
		return endpoints
	}
	var out []*route.Endpoint
	done := map[*route.Endpoint]bool{} // functions whose routes were told apart, before that
	for _, e := range endpoints {
		switch whole := e.Whole(); {
		case e.Protocol != "lambda":
			out = append(out, e)
		case whole == nil:
			out = append(out, d.placeOne(e, d.triggersOf(e, endpoints))...)
		case !done[whole]:
			done[whole] = true
			out = append(out, d.placeParts(whole, endpoints)...)
		}
	}
	return out
}

// placeOne puts an endpoint for each trigger in the place of one that serves them.
func (d *deployed) placeOne(e *route.Endpoint, triggers []template.Trigger) []*route.Endpoint {
	var out []*route.Endpoint
	for _, t := range triggers {
		if c := e.Placed(t.Source, t.Method, t.Path); c != nil {
			d.trigger[c] = t
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return []*route.Endpoint{e}
	}
	return out
}

// placeParts is placeOne for a function that tells its routes apart: the templates
// say which there are, and where they name one for all paths the function does.
func (d *deployed) placeParts(whole *route.Endpoint, endpoints []*route.Endpoint) []*route.Endpoint {
	triggers := d.triggersOf(whole, endpoints)
	served := make([]bool, len(triggers))
	var out []*route.Endpoint
	paths := false
	for _, e := range endpoints {
		if e.Whole() != whole {
			continue
		}
		paths = paths || e.Split()
		var named, all []template.Trigger
		for i, t := range triggers {
			if e.Placed(t.Source, t.Method, t.Path) == nil {
				continue
			}
			served[i] = true
			if _, catches := route.CatchesAll(t.Path); catches && e.Split() {
				all = append(all, t)
			} else {
				named = append(named, t)
			}
		}
		if len(named) == 0 && len(all) > 0 {
			named = all[:1]
		}
		if len(named) > 0 || len(triggers) == 0 || !e.Split() {
			out = append(out, d.placeOne(e, named)...)
		}
	}
	for i := range triggers {
		if !served[i] && paths {
			out = append(out, d.placeOne(whole, triggers[i:i+1])...)
		}
	}
	return out
}

// triggersOf lists what calls the function that an endpoint serves: the one
// whose folder of code is the program's, or holds no other program.
func (d *deployed) triggersOf(e *route.Endpoint, all []*route.Endpoint) []template.Trigger {
	dir := d.folder(e)
	var out []template.Trigger
	for _, f := range d.functions {
		if f.Dir == dir || below(dir, f.Dir) && !d.shared(f.Dir, dir, all) {
			out = append(out, f.Triggers...)
		}
	}
	return out
}

// folder is the folder of the program that starts an endpoint's function.
func (d *deployed) folder(e *route.Endpoint) string {
	fn := e.Main()
	if fn == nil {
		fn = e.Site.Fn
	}
	return filepath.Join(d.dirs[fn.Unit.Module], filepath.Dir(filepath.FromSlash(fn.Unit.Files[fn.Pos.File])))
}

// shared reports whether another function's program lies in a folder, too.
func (d *deployed) shared(root, own string, all []*route.Endpoint) bool {
	for _, e := range all {
		if e.Protocol == "lambda" {
			if dir := d.folder(e); dir != own && (dir == root || below(dir, root)) {
				return true
			}
		}
	}
	return false
}

func below(dir, root string) bool { return strings.HasPrefix(dir, root+string(filepath.Separator)) }

// redelivers says how each source calls again what failed, or what it got no
// answer from in time.
var redelivers = map[string]string{
	"apigateway":   "API Gateway gives up after 29 s, and its callers try again",
	"function-url": "callers of a function URL try again when no answer comes in time",
	"alb":          "callers of the load balancer try again when no answer comes in time",
	"sqs":          "SQS delivers a message again until the function has succeeded, and sometimes after that",
	"sns":          "SNS calls the function again when it fails, up to 3 times, and can deliver twice",
	"eventbridge":  "EventBridge delivers at least once, and retries for 24 hours",
	"dynamodb":     "the stream repeats a batch until the function succeeds on all of it",
	"kinesis":      "the stream repeats a batch until the function succeeds on all of it",
	"kafka":        "the event source repeats a batch until the function succeeds on all of it",
	"s3":           "S3 delivers at least once, and Lambda retries a failed call twice",
	"schedule":     "Lambda retries a failed asynchronous call twice",
	"event-source": "the event source repeats a batch until the function succeeds on all of it",
	"firehose":     "Firehose calls the function again when it fails",
}

// triggered is the step of a trace that says what calls an endpoint's function
// and how it is retried; nil when neither its types nor a template say so.
func (a *analysis) triggered(e *route.Endpoint) *report.Step {
	text := redelivers[e.Source]
	if text == "" {
		return nil
	}
	at := a.files.registration(e.Site)
	s := &report.Step{Kind: report.StepRoute, Package: e.Site.Fn.Unit.Path, Func: e.Site.Fn.Sym, Pos: at.pos, Text: text, Premise: report.Modelled}
	if a.deployed == nil {
		return s
	}
	if t, ok := a.deployed.trigger[e]; ok {
		s.Pos = position(relative(a.deployed.dirs[e.Site.Fn.Unit.Module], t.File), t.Line, 1)
		s.Text = fmt.Sprintf("%s calls it; %s", t.Source, text)
	}
	return s
}
