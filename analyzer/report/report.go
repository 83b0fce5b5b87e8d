// Package report defines the document that every output of idemlint is made
// from: the endpoints of the analysed modules, the findings about them, and
// the assumptions behind both. It holds data and its JSON form only; it knows
// nothing of how a result was reached or how it is shown.
package report

// Schema names the version of the JSON document. A reader refuses another.
const Schema = "idemlint/report/v1"

// Document is the result of one run over one or several modules.
type Document struct {
	Schema   string   `json:"schema"`
	Tool     string   `json:"tool"`
	Revision string   `json:"revision"`
	Complete bool     `json:"complete"` // false when a package could not be loaded or analysed
	Modules  []string `json:"modules"`
	// Roots holds the folder of each module in the repository, with slashes,
	// where that is not the repository's root; without a repository there is
	// none.
	Roots       map[string]string `json:"roots,omitempty"`
	Endpoints   []Endpoint        `json:"endpoints"`
	Findings    []Finding         `json:"findings"`
	Assumptions []Assumption      `json:"assumptions"`
	Packages    Packages          `json:"packages"`
	Problems    []Problem         `json:"problems,omitempty"`
}

// Packages counts what the run covered.
type Packages struct {
	Analysed int `json:"analysed"` // packages that were asked for and read in full
	Skipped  int `json:"skipped"`  // packages with errors that were asked for, or have to do with such
}

// Problem is something that kept a part of the code from being analysed.
type Problem struct {
	Pos  string `json:"pos,omitempty"` // file:line:column, relative to the module's root
	Text string `json:"text"`
}

// Effect is what a replay of the same request changes.
type Effect string

// The effects, from harmless to harmful. Unknown is not a middle: it says
// that the analysis could not tell.
const (
	EffectNone          Effect = "none"
	EffectIdempotent    Effect = "idempotent"
	EffectNonIdempotent Effect = "non-idempotent"
	EffectUnknown       Effect = "unknown"
)

// Protection says whether a guard keeps a replay away from the effects.
type Protection string

// Protection partial is a guard with a defect.
const (
	ProtectionNone    Protection = "none"
	ProtectionPartial Protection = "partial"
	ProtectionFull    Protection = "full"
)

// Confidence says what a verdict or a step rests on.
type Confidence string

// Seen was read in the analysed code, modelled comes from a model row,
// assumed was judged by a name.
const (
	Seen     Confidence = "seen"
	Modelled Confidence = "modelled"
	Assumed  Confidence = "assumed"
)

// Severity of a rule.
type Severity string

// The severities; a rule that is off has none.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Status of a finding.
type Status string

// Waived findings stay listed with their reason; baselined ones are known.
const (
	Active    Status = "active"
	Waived    Status = "waived"
	Baselined Status = "baselined"
)

// Endpoint is one way into the program that a client, proxy or queue may
// retry.
type Endpoint struct {
	ID         string     `json:"id"`
	Module     string     `json:"module"`
	Package    string     `json:"package"`  // import path of the package that holds RoutePos
	Protocol   string     `json:"protocol"` // http, grpc, connect, twirp, graphql, lambda, event
	Framework  string     `json:"framework"`
	Method     string     `json:"method"` // the HTTP method, ANY, RPC or CONSUMER
	Route      string     `json:"route"`
	Handler    string     `json:"handler"` // as SSA names functions: pkg.(*T).M, pkg.F$1
	HandlerPos string     `json:"handler_pos"`
	RoutePos   string     `json:"route_pos"`
	Effect     Effect     `json:"effect"`
	Protection Protection `json:"protection"`
	Confidence Confidence `json:"confidence"`
	Reason     string     `json:"reason,omitempty"` // why the effect is unknown, or a waiver's reason
	Key        *string    `json:"key"`              // the key source's name, such as Idempotency-Key
	Store      *string    `json:"store"`            // where the claim is made
	Owner      *string    `json:"owner"`
	Findings   []string   `json:"findings"` // ids
	Trace      []Step     `json:"trace"`
}

// StepKind is the role of a step in a trace.
type StepKind string

// The kinds of step.
const (
	StepRoute  StepKind = "route"
	StepCall   StepKind = "call"
	StepKey    StepKind = "key"
	StepClaim  StepKind = "claim"
	StepBranch StepKind = "branch"
	StepEffect StepKind = "effect"
)

// Step is one step from an endpoint to its decisive effect or guard.
type Step struct {
	Kind    StepKind   `json:"kind"`
	Package string     `json:"package"`
	Func    string     `json:"func"`
	Pos     string     `json:"pos"` // file:line:column, relative to the module's root
	Text    string     `json:"text"`
	Premise Confidence `json:"premise"`
}

// Finding is one thing to do.
type Finding struct {
	ID         string     `json:"id"`
	Rule       string     `json:"rule"`
	Severity   Severity   `json:"severity"`
	Status     Status     `json:"status"`
	Confidence Confidence `json:"confidence"`
	Cause      string     `json:"cause"`     // names the decisive step that findings share
	Endpoints  []string   `json:"endpoints"` // ids
	Package    string     `json:"package"`   // import path of the package that holds Pos
	Pos        string     `json:"pos"`
	End        string     `json:"end"`
	Message    string     `json:"message"` // without the rule's name
	Trace      []Step     `json:"trace"`
	Fix        *Fix       `json:"fix"`
	Reason     *string    `json:"reason"` // of a waiver
	// Also are the steps to the other effects that a replay repeats: each effect
	// behind the calls that lead to it.
	Also []Step `json:"also,omitempty"`
	// Changed is the step of Trace or Also that stands on a changed line, in a run
	// that reports only what a change touches; nil when Pos itself does.
	Changed *Step `json:"changed,omitempty"`
}

// Fix is a set of edits that belong together.
type Fix struct {
	Message string `json:"message"`
	Edits   []Edit `json:"edits"`
}

// Edit replaces the bytes [Start, End) of a file, counted from 0, with New.
type Edit struct {
	File  string `json:"file"` // relative to the module's root
	Start int    `json:"start"`
	End   int    `json:"end"`
	New   string `json:"new"`
}

// Assumption is something that the verdicts rest on and nobody proved.
type Assumption struct {
	Kind  string `json:"kind"` // one of the kinds below
	Pos   string `json:"pos,omitempty"`
	Text  string `json:"text"`
	Count int    `json:"count"`
}

// The kinds of assumption.
const (
	AssumedWaiver     = "waiver"     // somebody accepted the finding
	AssumedGuard      = "guarded-by" // somebody says that a guard stands outside the code
	AssumedIdempotent = "idempotent" // somebody says that a function may run twice
	AssumedUserRow    = "user-row"   // a model row of the team's own
	AssumedName       = "name"       // a verdict that rests on a name
	AssumedUnknown    = "unknown"    // an endpoint without a verdict
)
