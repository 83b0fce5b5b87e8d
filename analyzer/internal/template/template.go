// Package template reads from AWS SAM and CloudFormation templates, and from
// CDK apps in Go, what calls a Lambda function: routes of an API, queues, topics, streams. The code does
// not know; it starts a handler and leaves the rest to its deployment.
package template

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/idemlint/idemlint/analyzer/internal/beside"
)

// Function is a Lambda function of a template.
type Function struct {
	Name string // logical id
	// Dir is the absolute folder of its code.
	Dir      string
	Triggers []Trigger
}

// Trigger is one thing that calls a function.
type Trigger struct {
	Source string // apigateway, function-url, alb, sqs, sns, kinesis, dynamodb, s3, eventbridge, kafka, schedule
	// Method and Path are those of a route: "ANY" and "" for other triggers.
	Method, Path string
	File         string // absolute
	Line         int
}

// maxFiles bounds how many files of a module are read.
const maxFiles = 2000

// Read finds the templates below a folder, and the functions in them, in the
// order of their files and names. A file that is no template says nothing.
// Files lists the names of the templates.
func Read(root string) (functions []Function, files []string) {
	for _, path := range beside.Files(root, maxFiles, func(name string) bool { return Named(name) || filepath.Ext(name) == ".go" }) {
		data, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(data, []byte("AWS::")) && !bytes.Contains(data, []byte(cdkPath)) {
			continue // what cannot be read says nothing
		}
		parse := Parse
		if filepath.Ext(path) == ".go" {
			parse = parseCDK
		}
		if found := parse(path, data); len(found) > 0 {
			functions, files = append(functions, found...), append(files, path)
		}
	}
	return functions, files
}

// Named says whether a file has a name that templates have.
func Named(name string) bool {
	switch filepath.Ext(name) {
	case ".yaml", ".yml", ".json", ".template":
		return true
	}
	return false
}

// Parse reads one template.
func Parse(path string, data []byte) []Function {
	var doc yaml.Node
	if yaml.Unmarshal(data, &doc) != nil || len(doc.Content) != 1 {
		return nil
	}
	t := &reader{path: path, root: doc.Content[0], functions: map[string]*Function{}}
	t.read()
	return byName(t.functions)
}

// byName lists functions in the order of their names.
func byName(functions map[string]*Function) []Function {
	var out []Function
	for _, f := range functions {
		out = append(out, *f)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

type reader struct {
	path      string
	root      *yaml.Node
	functions map[string]*Function
}

func (t *reader) read() {
	t.resources(func(name, kind string, props *yaml.Node) {
		var code *yaml.Node
		switch kind {
		case "AWS::Serverless::Function":
			if code = get(props, "CodeUri"); code == nil {
				code = get(t.root, "Globals", "Function", "CodeUri")
			}
		case "AWS::Lambda::Function":
			code = get(props, "Code")
		default:
			return
		}
		if code == nil || code.Kind != yaml.ScalarNode || strings.Contains(code.Value, "://") {
			return
		}
		f := &Function{Name: name, Dir: filepath.Join(filepath.Dir(t.path), filepath.FromSlash(code.Value))}
		t.functions[name] = f
		t.events(f, get(props, "Events"))
		if u := get(props, "FunctionUrlConfig"); u != nil {
			f.Triggers = append(f.Triggers, t.trigger("function-url", "ANY", "", u))
		}
	})
	t.resources(t.attached)
}

// resources visits the resources of the template in their order.
func (t *reader) resources(visit func(name, kind string, props *yaml.Node)) {
	each(get(t.root, "Resources"), func(name string, r *yaml.Node) {
		props := get(r, "Properties")
		if kind := text(get(r, "Type")); props != nil {
			visit(name, kind, props)
		}
	})
}

// sources are the names of SAM's events.
var sources = map[string]string{
	"SQS": "sqs", "SNS": "sns", "Kinesis": "kinesis", "DynamoDB": "dynamodb", "S3": "s3", "MSK": "kafka", "SelfManagedKafka": "kafka",
	"EventBridgeRule": "eventbridge", "CloudWatchEvent": "eventbridge", "Schedule": "schedule", "ScheduleV2": "schedule", "MQ": "mq",
}

// events reads the events of a SAM function.
func (t *reader) events(f *Function, events *yaml.Node) {
	each(events, func(_ string, e *yaml.Node) {
		props := get(e, "Properties")
		switch kind := text(get(e, "Type")); kind {
		case "Api", "HttpApi":
			f.Triggers = append(f.Triggers, t.trigger("apigateway", text(get(props, "Method")), text(get(props, "Path")), e))
		default:
			if s := sources[kind]; s != "" {
				f.Triggers = append(f.Triggers, t.trigger(s, "ANY", "", e))
			}
		}
	})
}

func (t *reader) trigger(source, method, path string, at *yaml.Node) Trigger {
	method = strings.ToUpper(method)
	if method == "" || method == "*" || method == "X-AMAZON-APIGATEWAY-ANY-METHOD" {
		method = "ANY"
	}
	return Trigger{Source: source, Method: method, Path: path, File: t.path, Line: at.Line}
}

// attached reads the resources that tie a function to what calls it.
func (t *reader) attached(_, kind string, props *yaml.Node) {
	switch kind {
	case "AWS::Lambda::EventSourceMapping":
		if f := t.named(get(props, "FunctionName")); f != nil {
			f.Triggers = append(f.Triggers, t.trigger(t.sourceOf(get(props, "EventSourceArn")), "ANY", "", props))
		}
	case "AWS::Lambda::Url":
		if f := t.named(get(props, "TargetFunctionArn")); f != nil {
			f.Triggers = append(f.Triggers, t.trigger("function-url", "ANY", "", props))
		}
	case "AWS::ApiGatewayV2::Route":
		method, path, _ := strings.Cut(text(get(props, "RouteKey")), " ")
		if method == "$default" {
			method, path = "ANY", "/*"
		}
		if f := t.named(get(t.resource(get(props, "Target")), "IntegrationUri")); f != nil {
			f.Triggers = append(f.Triggers, t.trigger("apigateway", method, path, props))
		}
	case "AWS::ApiGateway::Method":
		if f := t.named(get(props, "Integration", "Uri")); f != nil {
			f.Triggers = append(f.Triggers, t.trigger("apigateway", text(get(props, "HttpMethod")), t.restPath(get(props, "ResourceId"), 0), props))
		}
	case "AWS::SNS::Subscription":
		if f := t.named(get(props, "Endpoint")); f != nil {
			f.Triggers = append(f.Triggers, t.trigger("sns", "ANY", "", props))
		}
	case "AWS::Events::Rule":
		if targets := get(props, "Targets"); targets != nil {
			for _, target := range targets.Content {
				if f := t.named(get(target, "Arn")); f != nil {
					f.Triggers = append(f.Triggers, t.trigger("eventbridge", "ANY", "", target))
				}
			}
		}
	}
}

// restPath is the path of a resource of a REST API: its part behind those of
// its parents.
func (t *reader) restPath(id *yaml.Node, depth int) string {
	props := t.resource(id)
	part := text(get(props, "PathPart"))
	if part == "" || depth > 20 {
		return ""
	}
	return t.restPath(get(props, "ParentId"), depth+1) + "/" + part
}

// sourceOf tells a queue from a stream by the resource that an ARN is of, or
// by the service in the ARN itself.
func (t *reader) sourceOf(arn *yaml.Node) string {
	kind := ""
	for _, word := range mentioned(arn) {
		if r := get(t.root, "Resources", word); r != nil {
			kind = text(get(r, "Type"))
		}
	}
	for _, p := range []struct{ kind, arn, source string }{
		{"AWS::SQS::", ":sqs:", "sqs"}, {"AWS::Kinesis::", ":kinesis:", "kinesis"},
		{"AWS::DynamoDB::", ":dynamodb:", "dynamodb"}, {"AWS::MSK::", ":kafka:", "kafka"},
	} {
		if strings.HasPrefix(kind, p.kind) || strings.Contains(text(arn), p.arn) {
			return p.source
		}
	}
	return "event-source"
}

// named finds the function that a value refers to.
func (t *reader) named(n *yaml.Node) *Function {
	for _, word := range mentioned(n) {
		if f := t.functions[word]; f != nil {
			return f
		}
	}
	return nil
}

// resource finds the properties of the resource that a value refers to.
func (t *reader) resource(n *yaml.Node) *yaml.Node {
	for _, word := range mentioned(n) {
		if r := get(t.root, "Resources", word, "Properties"); r != nil {
			return r
		}
	}
	return nil
}

var word = regexp.MustCompile(`[A-Za-z][A-Za-z0-9]*`)

// mentioned lists the words in a value: whichever way a template refers to a
// resource (!Ref, !GetAtt X.Arn, !Sub, Fn::Join), its name is among them.
func mentioned(n *yaml.Node) []string {
	if n == nil {
		return nil
	}
	var out []string
	if n.Kind == yaml.ScalarNode {
		out = append(out, word.FindAllString(n.Value, -1)...)
	}
	for i, c := range n.Content {
		if n.Kind != yaml.MappingNode || i%2 == 1 { // not the names of functions
			out = append(out, mentioned(c)...)
		}
	}
	return out
}

// get follows keys into mappings; nil when one is missing.
func get(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		var found *yaml.Node
		each(n, func(k string, v *yaml.Node) {
			if k == key && found == nil {
				found = v
			}
		})
		if n = found; n == nil {
			return nil
		}
	}
	return n
}

func each(n *yaml.Node, visit func(key string, value *yaml.Node)) {
	if n == nil || n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		visit(n.Content[i].Value, n.Content[i+1])
	}
}

func text(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}
