package schematest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/reviewdog/reviewdog/proto/rdf"
	"google.golang.org/protobuf/encoding/protojson"
)

// sarifFile is what the limits are about.
type sarifFile struct {
	Runs []struct {
		Tool struct {
			Driver struct {
				Name  string
				Rules []struct {
					ID, Name         string
					ShortDescription struct{ Text string }
					FullDescription  struct{ Text string }
					Help             struct{ Text, Markdown string }
					Properties       struct{ Tags []string }
				}
			}
		}
		Results []sarifResult
	}
}

type sarifResult struct {
	RuleID    string
	RuleIndex int
	Message   struct{ Text string }
	Locations []struct {
		PhysicalLocation struct {
			ArtifactLocation struct{ URI string }
			Region           struct{ StartLine, EndLine int }
		}
	}
	PartialFingerprints map[string]string
	CodeFlows           []struct{ ThreadFlows []struct{ Locations []any } }
	RelatedLocations    []struct{ ID int }
}

// sarifLimits checks what GitHub documents for SARIF uploads beyond the
// schema: what has to be there, and how much of it is kept.
func sarifLimits(data []byte) error {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write(data); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	var f sarifFile
	if err := json.Unmarshal(data, &f); err != nil {
		return err
	}
	var errs []error
	demand := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	demand(zipped.Len() <= 10<<20, "compressed to %d bytes", zipped.Len())
	demand(len(f.Runs) == 1, "%d runs", len(f.Runs))
	for _, run := range f.Runs {
		demand(run.Tool.Driver.Name != "", "no tool")
		demand(len(run.Tool.Driver.Rules) <= 25_000, "too many rules")
		for _, r := range run.Tool.Driver.Rules {
			demand(r.ID != "" && len(r.Name) <= 255, "name of rule %s", r.ID)
			demand(r.ShortDescription.Text != "" && len(r.ShortDescription.Text) <= 1024, "short description of rule %s", r.ID)
			demand(r.FullDescription.Text != "" && r.Help.Text != "" && r.Help.Markdown != "", "texts of rule %s", r.ID)
			demand(len(r.Properties.Tags) <= 10, "tags of rule %s", r.ID)
		}
		demand(len(run.Results) <= 25_000, "too many results")
		for i, r := range run.Results {
			demand(r.RuleIndex < len(run.Tool.Driver.Rules), "result %d: rule index %d", i, r.RuleIndex)
			if problem := resultProblem(r); problem != "" {
				errs = append(errs, fmt.Errorf("result %d: %s", i, problem))
			}
		}
	}
	return errors.Join(errs...)
}

var link = regexp.MustCompile(`[^\\]\]\((\d+)\)`)

// resultProblem says what is wrong with a result.
func resultProblem(r sarifResult) string {
	switch {
	case r.Message.Text == "" || r.RuleID == "":
		return "no message or rule"
	case len(r.Locations) != 1:
		return "not one location"
	case r.PartialFingerprints["idemlint/v1"] == "":
		return "no fingerprint"
	}
	if region := r.Locations[0].PhysicalLocation.Region; region.EndLine > 0 && region.EndLine != region.StartLine {
		return "more than one line: an alert is shown in a pull request only if all its lines are in the diff"
	}
	for _, m := range link.FindAllStringSubmatch(r.Message.Text, -1) {
		id, _ := strconv.Atoi(m[1])
		if !slices.ContainsFunc(r.RelatedLocations, func(l struct{ ID int }) bool { return l.ID == id }) {
			return "a link to no related location: " + m[0]
		}
	}
	for _, flow := range r.CodeFlows {
		for _, thread := range flow.ThreadFlows {
			if n := len(thread.Locations); n == 0 || n > 1000 {
				return fmt.Sprintf("%d steps in a flow", n)
			}
		}
	}
	return ""
}

// rdjsonlProblem decodes each line into reviewdog's own message, in which an
// unknown field is an error.
func rdjsonlProblem(data []byte) error {
	for i, line := range bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")) {
		if len(data) == 0 {
			return nil
		}
		var d rdf.Diagnostic
		if err := protojson.Unmarshal(line, &d); err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
		start := d.GetLocation().GetRange().GetStart()
		switch {
		case d.GetMessage() == "" || d.GetCode().GetValue() == "" || d.GetSource().GetName() == "":
			return fmt.Errorf("line %d: message, code or source is missing", i+1)
		case d.GetSeverity() != rdf.Severity_ERROR && d.GetSeverity() != rdf.Severity_WARNING:
			return fmt.Errorf("line %d: severity %v", i+1, d.GetSeverity())
		case d.GetLocation().GetPath() == "" || start.GetLine() < 1 || start.GetColumn() < 1:
			return fmt.Errorf("line %d: no location", i+1)
		}
	}
	return nil
}

// gitlabProblem checks the fields that GitLab reads, and that there are no
// others.
func gitlabProblem(data []byte) error {
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) {
		return errors.New("GitLab reads no byte order mark")
	}
	var issues []struct {
		Description *string `json:"description"`
		CheckName   *string `json:"check_name"`
		Fingerprint *string `json:"fingerprint"`
		Severity    *string `json:"severity"`
		Location    *struct {
			Path  *string `json:"path"`
			Lines *struct {
				Begin *int `json:"begin"`
			} `json:"lines"`
		} `json:"location"`
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&issues); err != nil {
		return err
	}
	if issues == nil {
		return errors.New("null is no list")
	}
	seen := map[string]bool{}
	for i, is := range issues {
		switch {
		case is.Description == nil || is.CheckName == nil || is.Fingerprint == nil || is.Severity == nil,
			is.Location == nil || is.Location.Path == nil || is.Location.Lines == nil || is.Location.Lines.Begin == nil:
			return fmt.Errorf("issue %d: a field is missing", i)
		case !slices.Contains([]string{"info", "minor", "major", "critical", "blocker"}, *is.Severity):
			return fmt.Errorf("issue %d: severity %s", i, *is.Severity)
		case *is.Location.Lines.Begin < 1 || strings.HasPrefix(*is.Location.Path, "./"):
			return fmt.Errorf("issue %d: location", i)
		case seen[*is.Fingerprint]:
			return fmt.Errorf("issue %d: a second one with the fingerprint %s, which GitLab drops", i, *is.Fingerprint)
		}
		seen[*is.Fingerprint] = true
	}
	return nil
}

var workflowCommand = regexp.MustCompile(`^::(error|warning) file=([^,:]+),line=\d+,endLine=\d+(,col=\d+,endColumn=\d+)?,title=[^,:]+::(.+)$`)

// githubProblem checks the form of workflow commands and the limits of what
// GitHub shows of one step.
func githubProblem(data []byte) error {
	counts := map[string]int{}
	for _, line := range strings.Split(string(data), "\n") {
		if !strings.HasPrefix(line, "::") {
			continue
		}
		m := workflowCommand.FindStringSubmatch(line)
		if m == nil {
			return fmt.Errorf("not a workflow command: %s", line)
		}
		counts[m[1]]++
		if path.IsAbs(m[2]) || len(m[4]) > 64<<10 {
			return fmt.Errorf("path or length: %s", line)
		}
	}
	if counts["error"] > 10 || counts["warning"] > 10 {
		return fmt.Errorf("GitHub shows 10 of a level: %v", counts)
	}
	return nil
}
