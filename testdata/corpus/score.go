package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
)

// label is one labelled endpoint: a row of labels.csv.
type label struct {
	repo, moduleDir         string
	method, route, handler  string
	file                    string
	line                    int
	effect, protection      string
	defect, evidence, trust string
}

type labels []label

// of lists the labels of one module.
func (ls labels) of(s service) []label {
	var out []label
	for _, l := range ls {
		if l.repo == s.Repo && l.moduleDir == s.ModuleDir {
			out = append(out, l)
		}
	}
	return out
}

// readLabels reads labels.csv, whose first line names the columns.
func readLabels(file string) (labels, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var out labels
	for n, row := range rows[1:] {
		col := map[string]string{}
		for i, name := range rows[0] {
			col[name] = row[i]
		}
		line, err := strconv.Atoi(col["handler_line"])
		if err != nil {
			return nil, fmt.Errorf("%s:%d: handler_line: %w", file, n+2, err)
		}
		out = append(out, label{
			repo: col["repo"], moduleDir: col["module_dir"],
			method: col["method"], route: col["route"], handler: col["handler"],
			file: col["handler_file"], line: line,
			effect: col["effect"], protection: col["protected"],
			defect: col["defect"], evidence: col["evidence"], trust: col["confidence"],
		})
	}
	return out, nil
}

// must says that a finding is due.
func (l *label) must() bool { return l.effect == "non-idempotent" && l.protection != "yes" }

var onlyTheSchema = regexp.MustCompile(`(?i)2nd attempt|unique|duplicate`)

// neutral says that a finding is neither due nor wrong: the reader was unsure,
// the defect does no harm, or only a constraint in a schema file makes a replay
// harmless.
func (l *label) neutral() bool {
	switch {
	case l.trust == "low":
		return true
	case l.defect != "" && !l.must():
		return true
	}
	return l.effect == "idempotent" && onlyTheSchema.MatchString(l.evidence)
}

// counts are the figures of one or more services.
type counts struct {
	labels, found, effect               int
	right, wrong, missed, silent, other int // findings due, not due, missing; silence where due; neutral
	listed, unknown                     int // endpoints of the reports
}

func (c *counts) add(d counts) {
	c.labels += d.labels
	c.found += d.found
	c.effect += d.effect
	c.right += d.right
	c.wrong += d.wrong
	c.missed += d.missed
	c.silent += d.silent
	c.other += d.other
	c.listed += d.listed
	c.unknown += d.unknown
}

func (c counts) discovery() float64 { return percent(c.found, c.labels) }
func (c counts) classes() float64   { return percent(c.effect, c.labels) }
func (c counts) precision() float64 { return percent(c.right, c.right+c.wrong) }
func (c counts) recall() float64    { return percent(c.right, c.right+c.missed) }

// percent is 100 where there is nothing to get wrong.
func percent(part, whole int) float64 {
	if whole == 0 {
		return 100
	}
	return 100 * float64(part) / float64(whole)
}

func (c counts) String() string {
	return fmt.Sprintf("discovery %.1f %%, effect %.1f %%, precision %.1f %% (%d wrong of %d), recall %.1f %% (%d missed of %d), %d of %d listed unknown",
		c.discovery(), c.classes(), c.precision(), c.wrong, c.right+c.wrong, c.recall(), c.missed, c.right+c.missed, c.unknown, c.listed)
}

// means averages over services; one without a finding that is due or made has
// no say in precision and recall.
func means(each []counts) string {
	mean := func(value func(counts) float64, whole func(counts) int) float64 {
		sum, n := 0.0, 0
		for _, c := range each {
			if whole(c) > 0 {
				sum += value(c)
				n++
			}
		}
		if n == 0 {
			return 100
		}
		return sum / float64(n)
	}
	all := func(c counts) int { return c.labels }
	return fmt.Sprintf("discovery %.1f %%, effect %.1f %%, precision %.1f %%, recall %.1f %%",
		mean(counts.discovery, all), mean(counts.classes, all),
		mean(counts.precision, func(c counts) int { return c.right + c.wrong }),
		mean(counts.recall, func(c counts) int { return c.right + c.missed }))
}

// score compares the labels of a module with its report; wrong has a line for
// each endpoint that is missing or judged otherwise.
func score(rows []label, doc *report.Document) (n counts, wrong []string) {
	n.labels, n.listed = len(rows), len(doc.Endpoints)
	for i := range doc.Endpoints {
		if doc.Endpoints[i].Effect == report.EffectUnknown {
			n.unknown++
		}
	}
	used := map[*report.Endpoint]bool{}
	for i := range rows {
		l := &rows[i]
		e := match(l, doc.Endpoints, used)
		right, speaks := false, false
		if e != nil {
			used[e] = true
			n.found++
			right, speaks = string(e.Effect) == l.effect, len(e.Findings) > 0
		}
		if right {
			n.effect++
		}
		kind := n.finding(l, speaks)
		if !right || kind != "" {
			wrong = append(wrong, describe(l, e, kind))
		}
	}
	return n, wrong
}

// finding counts whether an endpoint is reported; "" when that is right.
func (c *counts) finding(l *label, speaks bool) string {
	switch {
	case l.neutral():
		c.other++
	case l.must() && speaks:
		c.right++
	case l.must():
		c.missed++
		return "missed"
	case speaks:
		c.wrong++
		return "false alarm"
	default:
		c.silent++
	}
	return ""
}

func describe(l *label, e *report.Endpoint, kind string) string {
	got := "not listed"
	if e != nil {
		got = fmt.Sprintf("effect %s, protection %s", e.Effect, e.Protection)
	}
	if kind == "" {
		kind = "effect"
	}
	return fmt.Sprintf("  %s: %s %s %s (%s:%d): labelled effect %s, protection %s %s (%s); found %s",
		kind, l.method, l.route, l.handler, l.file, l.line, l.effect, l.protection, l.defect, l.evidence, got)
}

// match finds the endpoint that a label means: its handler stands within three
// lines of the label's or is called the same in the same file, and of several
// the one whose method and route fit best.
func match(l *label, endpoints []report.Endpoint, used map[*report.Endpoint]bool) *report.Endpoint {
	var best *report.Endpoint
	top := 0
	for i := range endpoints {
		e := &endpoints[i]
		file, line := place(e.HandlerPos)
		if prefix := strings.TrimSuffix(l.moduleDir, "/") + "/"; l.moduleDir != "." && !strings.HasPrefix(file, prefix) {
			file = prefix + file
		}
		near := file == l.file && line >= l.line-3 && line <= l.line+3
		if !near && !(lastPart(e.Handler) == lastPart(l.handler) && file == l.file) {
			continue
		}
		if rank := fit(l, e, near, used[e]); rank > top {
			best, top = e, rank
		}
	}
	return best
}

// fit weighs how well an endpoint fits a label.
func fit(l *label, e *report.Endpoint, near, taken bool) int {
	rank := 1
	if near {
		rank += 2
	}
	if strings.EqualFold(e.Method, l.method) {
		rank += 2
	}
	switch got, want := plain(e.Route), plain(l.route); {
	case got == want:
		rank += 4
	case strings.HasSuffix(got, want), strings.HasSuffix(want, got):
		rank++
	}
	if taken {
		rank--
	}
	return rank
}

var (
	parameter = regexp.MustCompile(`\{[^}]*\}|:[A-Za-z_][A-Za-z0-9_]*|<[^>]*>|\*[A-Za-z0-9_]*`)
	verb      = regexp.MustCompile(`^[A-Z]+\s+`)
	method    = regexp.MustCompile(`\(\*?[A-Za-z0-9_]+(?:\[[^\]]*\])?\)\.[A-Za-z0-9_$]+$`)
)

// plain is a route with its parameters blanked: /users/{id} and /users/:id are
// one.
func plain(route string) string {
	r := verb.ReplaceAllString(strings.TrimSpace(parameter.ReplaceAllString(route, "{}")), "")
	if r = strings.TrimRight(r, "/"); r == "" {
		return "/"
	}
	return r
}

// lastPart is the end of a handler's name: (Server).Create, NewRouter$1, Create.
func lastPart(handler string) string {
	h := strings.ReplaceAll(handler, "-fm", "")
	if m := method.FindString(h); m != "" {
		return strings.ReplaceAll(m, "*", "")
	}
	h = h[strings.LastIndex(h, "/")+1:]
	if _, after, ok := strings.Cut(h, "."); ok {
		return after
	}
	return h
}

// place takes file:line:column apart.
func place(pos string) (file string, line int) {
	parts := strings.Split(pos, ":")
	if len(parts) < 2 {
		return "", 0
	}
	line, _ = strconv.Atoi(parts[1])
	return parts[0], line
}
