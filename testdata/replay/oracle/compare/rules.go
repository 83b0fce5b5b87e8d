package compare

import (
	"sort"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
)

// rulesFor lists the rules that are about a defect, any of which explains it.
// It comes from the catalogue of rules, not from what the linter reports.
var rulesFor = map[trial.Name][]string{
	trial.ActsAgain: {"missing-key", "key-unused", "claim-result-ignored", "server-made-key", "late-claim", "event-without-dedupe",
		"safe-method-mutates", "unsafe-idempotent-method", "proto-level-mismatch", "key-not-claimed"},
	trial.ActsAgainPartly:  {"late-claim"},
	trial.ActsTwiceAtOnce:  {"check-then-act", "late-claim"},
	trial.ActsAfterRestart: {"weak-store"},
	trial.ActsInOneRequest: {"key-per-attempt", "retried-effect", "outbound-without-key"},
	trial.FailsOpen:        {"claim-error-ignored", "late-claim"},
	trial.LostOnError:      {"claim-error-ignored", "detached-effect", "claim-leak"},
	trial.StuckAfterError:  {"claim-leak", "claim-outside-tx"},
	trial.StuckAfterPanic:  {"claim-leak", "claim-outside-tx"},
	trial.LostAfterCrash:   {"claim-outside-tx", "no-expiry"},
	trial.SharedWithoutKey: {"empty-key"},
	trial.SwallowsOthers:   {"key-not-claimed"},
	trial.OtherReply:       {"no-replay"},
	trial.NeverExpires:     {"no-expiry"},
	trial.RunsWithoutKey:   {"optional-key"},
	trial.IgnoresPayload:   {"no-fingerprint"},
}

// Explained counts the defects that make a guard partial or useless, and how
// many of their endpoints have a finding of a rule that is about one of them.
func (c Comparison) Explained() (explained, withDefect int) {
	for _, r := range c.Rows {
		if r.Truth.Effect != trial.NonIdempotent || r.Truth.Protection == trial.Full {
			continue
		}
		withDefect++
		if r.explained() {
			explained++
		}
	}
	return explained, withDefect
}

func (r Row) explained() bool {
	for _, d := range r.Truth.Defects {
		for _, rule := range rulesFor[d.Name] {
			for _, f := range r.Findings {
				if f.Rule == rule {
					return true
				}
			}
		}
	}
	return false
}

// Unfounded lists the findings on endpoints on which no defect was measured
// that their rule is about. Endpoints whose effect is idempotent or none have
// no defects, so every finding on them is listed.
func (c Comparison) Unfounded() []string {
	var out []string
	for _, r := range c.Rows {
		for _, f := range r.Findings {
			if !r.founded(f.Rule) {
				out = append(out, name(r.Truth)+": "+f.Rule)
			}
		}
	}
	sort.Strings(out)
	return out
}

func (r Row) founded(rule string) bool {
	for _, d := range r.Truth.Defects {
		for _, candidate := range rulesFor[d.Name] {
			if candidate == rule {
				return true
			}
		}
	}
	return false
}
