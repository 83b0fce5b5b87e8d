package format

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

var _ = register(Format{Name: "junit", Write: writeJUnit})

// The part of the JUnit report that CI systems read (Jenkins' and GitLab's
// documentation agree on it): a suite for each rule with findings, and a test
// case that failed for each finding.

type junitReport struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string       `xml:"name,attr"`
	Class   string       `xml:"classname,attr"`
	File    string       `xml:"file,attr"`
	Failure junitFailure `xml:"failure"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes a test report in which every finding is a failed test.
func writeJUnit(w io.Writer, in *Input) error {
	var all junitReport
	suites := map[string]int{}
	for _, a := range in.annotations() {
		rule := a.finding.Rule
		n, ok := suites[rule]
		if !ok {
			n = len(all.Suites)
			suites[rule] = n
			all.Suites = append(all.Suites, junitSuite{Name: "idemlint: " + rule})
		}
		place := fmt.Sprintf("%s:%d", a.path, a.pos.Line)
		lines := append([]string{place + ": " + a.headline()}, in.details(&a)...)
		s := &all.Suites[n]
		s.Cases = append(s.Cases, junitCase{
			Name: Clean(a.finding.Message), Class: a.finding.Package, File: a.path,
			Failure: junitFailure{Type: string(a.finding.Severity), Message: a.headline(), Text: strings.Join(lines, "\n")},
		})
		s.Tests++
		s.Failures++
		all.Tests++
		all.Failures++
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
