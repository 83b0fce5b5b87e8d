// Package metricstest reads the metrics of a report as those do that they are
// for: with Prometheus' own parser, and by the schema of CloudFormation, whose
// template docs/cloudwatch-dashboard.yml shows what is in CloudWatch.
package metricstest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/awslabs/goformation/v7/schema"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/idemlint/idemlint/analyzer/report"
	"github.com/idemlint/idemlint/cmd/idemlint/internal/format"
)

// write returns the report that the format's own tests use in a format.
func write(t *testing.T, name string, change func(doc *report.Document)) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "shop.json"))
	require.NoError(t, err)
	var doc report.Document
	require.NoError(t, json.Unmarshal(data, &doc))
	if change != nil {
		change(&doc)
	}
	var b bytes.Buffer
	require.NoError(t, format.Lookup(name).Write(&b, &format.Input{Document: &doc, Tree: &format.Tree{}, Time: time.UnixMilli(1_790_000_000_000)}))
	return b.Bytes()
}

// samples parses OpenMetrics text as Prometheus does when it scrapes.
func samples(t *testing.T, text []byte) map[string]float64 {
	t.Helper()
	p := textparse.NewOpenMetricsParser(text, labels.NewSymbolTable())
	got := map[string]float64{}
	for {
		entry, err := p.Next()
		if errors.Is(err, io.EOF) {
			return got
		}
		require.NoError(t, err, "%s", text)
		if entry != textparse.EntrySeries {
			continue
		}
		series, _, value := p.Series()
		require.NotContains(t, got, string(series), "twice")
		var l labels.Labels
		p.Labels(&l)
		require.NotEmpty(t, l.Get("__name__"))
		got[string(series)] = value
	}
}

func TestOpenMetrics(t *testing.T) {
	got := samples(t, write(t, "openmetrics", nil))
	require.InDelta(t, 1, got[`idemlint_endpoints{module="example.com/shop",protocol="http",state="at-risk"}`], 0)
	require.InDelta(t, 1, got[`idemlint_endpoints{module="example.com/shop",protocol="http",state="waived"}`], 0)
	require.InDelta(t, 0, got[`idemlint_endpoints{module="example.com/shop",protocol="http",state="protected"}`], 0)
	require.InDelta(t, 0, got[`idemlint_coverage_ratio{module="example.com/shop"}`], 0)
	require.InDelta(t, 1, got[`idemlint_owner_endpoints{owner="team-orders",state="at-risk"}`], 0)
	require.InDelta(t, 1, got[`idemlint_complete`], 0)
}

func TestOpenMetricsOfStrangeText(t *testing.T) {
	evil := "a\"b\\c\nd} 1\n# EOF\n\xff\x00é"
	got := samples(t, write(t, "openmetrics", func(doc *report.Document) {
		doc.Revision, doc.Tool = evil, evil
		doc.Endpoints[1].Owner, doc.Endpoints[1].Module, doc.Endpoints[0].Protocol = &evil, evil, evil
		doc.Findings[0].Rule = evil
	}))
	require.Greater(t, len(got), 20)
	require.NotEmpty(t, samples(t, write(t, "openmetrics", func(doc *report.Document) { *doc = report.Document{} })))
}

// emfSchema is what CloudWatch demands of a log event, by the specification of
// its Embedded Metric Format and the JSON schema in it
// (docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
// Its editions differ: 9 or 30 dimensions, names of 255 or 1024 characters.
// The smaller figures stand here, and the units that the report uses.
const emfSchema = `{
  "type": "object", "required": ["_aws"],
  "properties": {"_aws": {
    "type": "object", "required": ["Timestamp", "CloudWatchMetrics"], "additionalProperties": false,
    "properties": {
      "Timestamp": {"type": "integer", "minimum": 1},
      "CloudWatchMetrics": {"type": "array", "items": {
        "type": "object", "required": ["Namespace", "Dimensions", "Metrics"], "additionalProperties": false,
        "properties": {
          "Namespace": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^(.*)$"},
          "Dimensions": {"type": "array", "minItems": 1, "items": {
            "type": "array", "minItems": 1, "maxItems": 9, "items": {"type": "string", "minLength": 1, "maxLength": 255}}},
          "Metrics": {"type": "array", "minItems": 1, "maxItems": 100, "items": {
            "type": "object", "required": ["Name"], "additionalProperties": false, "properties": {
              "Name": {"type": "string", "minLength": 1, "maxLength": 255},
              "Unit": {"enum": ["Percent", "Count", "None"]}}}}}}}}}}}`

func TestEMF(t *testing.T) {
	schema := compile(t, emfSchema)
	evil := "::\x01é" + strings.Repeat("x", 3000)
	lines := bytes.Split(bytes.TrimSpace(write(t, "emf", func(doc *report.Document) { doc.Endpoints[0].Owner = &evil })), []byte("\n"))
	require.Len(t, lines, 4, "the module, its protocol, two owners")
	for _, line := range lines {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
		require.NoError(t, err)
		require.Less(t, len(line), 256<<10, "no log event is longer")
		require.NoError(t, schema.Validate(value))
		event := value.(map[string]any)
		directive := event["_aws"].(map[string]any)["CloudWatchMetrics"].([]any)[0].(map[string]any)
		for _, m := range directive["Metrics"].([]any) {
			require.IsType(t, json.Number(""), event[m.(map[string]any)["Name"].(string)], "the value of each metric is a number at the root")
		}
		for _, d := range directive["Dimensions"].([]any)[0].([]any) {
			require.Regexp(t, `^[!-9;-~][ -~]*$`, event[d.(string)])
			require.LessOrEqual(t, len(event[d.(string)].(string)), 1024)
		}
	}
}

// compile reads a JSON Schema.
func compile(t *testing.T, text string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("schema.json", doc))
	s, err := c.Compile("schema.json")
	require.NoError(t, err)
	return s
}

// template reads the CloudFormation template; short forms such as !Ref become
// the long ones.
func template(t *testing.T) map[string]any {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "..", "docs", "cloudwatch-dashboard.yml"))
	require.NoError(t, err)
	var root yaml.Node
	require.NoError(t, yaml.Unmarshal(data, &root))
	return plain(t, root.Content[0]).(map[string]any)
}

// plain turns a node into what JSON has.
func plain(t *testing.T, n *yaml.Node) any {
	t.Helper()
	var v any
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plain(t, n.Content[i+1])
		}
		v = m
	case yaml.SequenceNode:
		list := []any{}
		for _, c := range n.Content {
			list = append(list, plain(t, c))
		}
		v = list
	default:
		if strings.HasPrefix(n.Tag, "!!") {
			require.NoError(t, n.Decode(&v))
			if i, ok := v.(int); ok {
				v = json.Number(fmt.Sprint(i))
			}
		} else {
			v = n.Value
		}
	}
	switch {
	case n.Tag == "!Ref":
		return map[string]any{"Ref": v}
	case strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!"):
		return map[string]any{"Fn::" + n.Tag[1:]: v}
	}
	return v
}

// definitions cuts CloudFormation's schema down to what the named definitions
// need: compiling all of it takes minutes.
func definitions(t *testing.T, names ...string) map[string]any {
	t.Helper()
	var whole struct {
		Definitions map[string]any `json:"definitions"`
	}
	require.NoError(t, json.Unmarshal([]byte(schema.CloudformationSchema), &whole))
	kept := map[string]any{}
	var keep func(name string)
	keep = func(name string) {
		if kept[name] != nil {
			return
		}
		require.Contains(t, whole.Definitions, name)
		kept[name] = whole.Definitions[name]
		text, err := json.Marshal(kept[name])
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`"#/definitions/([^"]+)"`).FindAllStringSubmatch(string(text), -1) {
			keep(m[1])
		}
	}
	for _, name := range names {
		keep(name)
	}
	return kept
}

func TestTheTemplateIsValid(t *testing.T) {
	tmpl := template(t)
	check := func(definition string, value any) {
		t.Helper()
		text, err := json.Marshal(map[string]any{"$ref": "#/definitions/" + definition, "definitions": definitions(t, definition)})
		require.NoError(t, err)
		require.NoError(t, compile(t, string(text)).Validate(resolved(value)))
	}
	for _, p := range tmpl["Parameters"].(map[string]any) {
		check("Parameter", p)
	}
	for _, r := range tmpl["Resources"].(map[string]any) {
		check(r.(map[string]any)["Type"].(string), r)
	}
	for _, name := range references(tmpl) {
		known := strings.HasPrefix(name, "AWS::")
		for _, part := range []string{"Parameters", "Resources"} {
			_, ok := tmpl[part].(map[string]any)[name]
			known = known || ok
		}
		require.True(t, known, "%s is declared nowhere", name)
	}
}

// resolved puts in a value for each intrinsic function, as the schema knows
// none.
func resolved(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 1 {
			if list, ok := v["Fn::If"].([]any); ok {
				return resolved(list[1])
			}
			if ref, ok := v["Ref"]; ok && ref == "MinimumCoverage" {
				return json.Number("80")
			}
			for key := range v {
				if key == "Ref" || strings.HasPrefix(key, "Fn::") {
					return "value"
				}
			}
		}
		m := map[string]any{}
		for key, value := range v {
			m[key] = resolved(value)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = resolved(v[i])
		}
		return list
	}
	return v
}

// references lists all names that Ref and Sub use.
func references(v any) []string {
	var names []string
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			text, isText := value.(string)
			switch {
			case key == "Ref" && isText:
				names = append(names, text)
			case key == "Fn::Sub" && isText:
				for _, m := range regexp.MustCompile(`\$\{([\w:]+)`).FindAllStringSubmatch(text, -1) {
					names = append(names, m[1])
				}
			default:
				names = append(names, references(value)...)
			}
		}
	case []any:
		for _, value := range v {
			names = append(names, references(value)...)
		}
	}
	return names
}

// The dashboard shows metrics that the report has.
func TestTheDashboardShowsWhatIsThere(t *testing.T) {
	body := template(t)["Resources"].(map[string]any)["Dashboard"].(map[string]any)["Properties"].(map[string]any)["DashboardBody"].(map[string]any)["Fn::Sub"].(string)
	filled := regexp.MustCompile(`\$\{[\w:.]+\}`).ReplaceAllString(body, "1")
	var dashboard struct {
		Widgets []struct {
			Type       string
			X, Width   int
			Properties struct{ Metrics [][]any }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(filled), &dashboard))
	require.Len(t, dashboard.Widgets, 5)
	events := string(write(t, "emf", nil))
	for _, w := range dashboard.Widgets {
		require.LessOrEqual(t, w.X+w.Width, 24)
		for _, m := range w.Properties.Metrics {
			if len(m) > 1 {
				require.Contains(t, events, fmt.Sprintf(`"Name":%q`, m[1]))
			}
		}
	}
}
