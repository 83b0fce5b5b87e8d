package mutate

import (
	"context"
	"encoding/json"
	"expvar"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

// HarnessVar is the name under which the mutants find the harness.
const HarnessVar = "idemlint/mutation"

// OutcomePrefix starts the lines that hold outcomes.
const OutcomePrefix = "outcome "

// Step tells which copy of which function makes a mutant.
type Step struct {
	Mutant   int          `json:"mutant"`
	Function int          `json:"function"`
	Site     int          `json:"site"`
	Symptoms []trial.Name `json:"symptoms"`
}

// Outcome is what the oracle saw of a mutant, or of an unmutated case.
type Outcome struct {
	Mutant int `json:"mutant"` // 0 for the case itself
	// Endpoint is the index in the service's list.
	Endpoint int         `json:"endpoint"`
	Truth    trial.Truth `json:"truth"`
	Sites    []int       `json:"sites,omitempty"` // of a case
	// Symptom is the defect that makes the mutant count, "" when none did.
	Symptom trial.Name `json:"symptom,omitempty"`
	Reason  string     `json:"reason,omitempty"` // why it does not count
}

// selection is the harness's side of the dispatchers.
type selection struct {
	mu     sync.Mutex
	picked map[int]int
	hits   map[int]bool
	starts int
}

func (s *selection) String() string { return `"mutants"` }

func (s *selection) Hit(site int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hits[site] = true
}

func (s *selection) Pick(function int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.picked[function]
}

func (s *selection) Start() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.starts
}

func (s *selection) started() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.starts++
}

func (s *selection) pick(function, copy int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.picked, s.hits = map[int]int{function: copy}, map[int]bool{}
}

func (s *selection) taken() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []int
	for site := range s.hits {
		out = append(out, site)
	}
	slices.Sort(out)
	return out
}

// maxTries is on how many endpoints a mutant of a shared guard is tried.
const maxTries = 3

// Serve measures the cases of a service and then each mutant on a case that
// passes it, and writes the outcomes as JSON, one a line behind OutcomePrefix. It has to run in a
// program that Build built.
func Serve(ctx context.Context, svc trial.Service, steps []Step, out io.Writer) error {
	sel := &selection{}
	sel.pick(-1, 0)
	expvar.Publish(HarnessVar, sel)
	start := svc.Start
	svc.Start = func(w *world.World) (*trial.App, error) {
		sel.started()
		return start(w)
	}
	w, err := world.Open(world.Embedded, nil)
	if err != nil {
		return err
	}
	defer w.Close()
	b, err := trial.NewBench(ctx, svc, w)
	if err != nil {
		return err
	}
	defer b.Close()
	s := &server{b: b, sel: sel, svc: svc, out: out}
	if err := s.cases(ctx); err != nil {
		return err
	}
	for _, st := range steps {
		if err := s.mutant(ctx, st); err != nil {
			return err
		}
	}
	return nil
}

type server struct {
	b     *trial.Bench
	sel   *selection
	svc   trial.Service
	out   io.Writer
	clean []Outcome // the cases
}

// cases measures the endpoints that pass a claim; those without any defect
// are the cases.
func (s *server) cases(ctx context.Context) error {
	for i, e := range s.svc.Endpoints {
		s.sel.pick(-1, 0)
		if err := s.b.Touch(ctx, e); err != nil {
			return err
		}
		sites := s.sel.taken()
		if len(sites) == 0 {
			continue
		}
		t, err := s.b.Measure(ctx, e)
		if err != nil {
			return err
		}
		o := Outcome{Endpoint: i, Truth: t, Sites: sites}
		if t.Effect != trial.NonIdempotent || t.Protection != trial.Full {
			o.Reason = "not a case: " + t.Effect + ", " + t.Protection
		} else {
			s.clean = append(s.clean, o)
		}
		if err := s.report(o); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) mutant(ctx context.Context, st Step) error {
	last := Outcome{Mutant: st.Mutant, Endpoint: -1, Reason: "no unmutated case passes here"}
	tries := 0
	for _, c := range s.clean {
		if !slices.Contains(c.Sites, st.Site) || tries == maxTries {
			continue
		}
		tries++
		s.sel.pick(st.Function, st.Mutant)
		t, err := s.b.MeasureUntil(ctx, s.svc.Endpoints[c.Endpoint], func(t trial.Truth) bool { return symptom(t, st.Symptoms) != "" })
		s.sel.pick(-1, 0)
		last = Outcome{Mutant: st.Mutant, Endpoint: c.Endpoint, Truth: t}
		switch {
		case err != nil:
			last.Reason = "the request is refused"
			if !strings.Contains(err.Error(), "the sample request was refused") {
				last.Reason = err.Error()
			}
		default:
			last.Symptom = symptom(t, st.Symptoms)
			if last.Symptom == "" {
				last.Reason = seen(t)
			}
		}
		if last.Symptom != "" {
			break
		}
	}
	return s.report(last)
}

func symptom(t trial.Truth, wanted []trial.Name) trial.Name {
	for _, d := range t.Defects {
		if d.Counts && slices.Contains(wanted, d.Name) {
			return d.Name
		}
	}
	return ""
}

// seen says what was observed instead of the symptom.
func seen(t trial.Truth) string {
	var names []string
	for _, d := range t.Defects {
		if d.Counts {
			names = append(names, string(d.Name))
		}
	}
	if len(names) == 0 {
		return "the oracle sees no defect"
	}
	return fmt.Sprintf("the oracle sees another defect: %s", strings.Join(names, ", "))
}

func (s *server) report(o Outcome) error {
	raw, err := json.Marshal(o)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s%s\n", OutcomePrefix, raw)
	return err
}
