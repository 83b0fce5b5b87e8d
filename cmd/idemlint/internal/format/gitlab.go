package format

import (
	"encoding/json"
	"io"

	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Format{Name: "gitlab", Write: writeGitLab})

// gitlabIssue is a finding in GitLab's Code Quality report. GitLab reads no
// other fields.
type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string `json:"path"`
	Lines struct {
		Begin int `json:"begin"`
	} `json:"lines"`
}

// writeGitLab writes a Code Quality report: a JSON list, empty when there is
// nothing to report. The fingerprint is the finding's id, by which GitLab
// knows it again when lines have moved.
func writeGitLab(w io.Writer, in *Input) error {
	issues := []gitlabIssue{}
	for _, a := range in.annotations() {
		issue := gitlabIssue{
			Description: gitlabDescription(in, &a),
			CheckName:   a.finding.Rule,
			Fingerprint: a.finding.ID,
			Severity:    "minor",
			Location:    gitlabLocation{Path: a.path},
		}
		if a.finding.Severity == report.Error {
			issue.Severity = "major"
		}
		issue.Location.Lines.Begin = max(a.pos.Line, 1)
		issues = append(issues, issue)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(issues)
}

// gitlabDescription is one line, as GitLab shows it. Where the line is not
// that of the endpoint, it says where the endpoint is.
func gitlabDescription(in *Input, a *annotation) string {
	text := a.headline()
	if s := a.finding.Changed; s != nil {
		text += Clean(" (this line: " + s.Text + "; reported at " + in.Tree.rootedPos(in.module(a.finding), a.finding.Pos) + ")")
	}
	return text
}
