package rule

import "github.com/idemlint/idemlint/analyzer/report"

var _ = register(Rule{
	Name: "store-schema-mismatch", Severity: report.Error, On: false, priority: 25,
	Summary: "the table that a claim is made in lacks what the claim relies on",
	Doc: `A claim is only as good as its table. An insert that ignores conflicts never meets one when no unique
constraint covers the key, and two requests with one key both pass. A DynamoDB item expires only by the attribute
that the table's time to live names. The rule compares the claim with what the module declares: SQL files and
migrations, CloudFormation and SAM templates, Terraform, and stacks of the CDK in Go.

Bad:

    CREATE TABLE idempotency_keys (key text, created_at timestamptz);

    INSERT INTO idempotency_keys (key, created_at) VALUES ($1, now()) ON CONFLICT DO NOTHING

Good:

    CREATE TABLE idempotency_keys (key text PRIMARY KEY, created_at timestamptz);

Bad: the table's TimeToLiveSpecification names ttl, and the code writes expires_at. Good: both name the same
attribute.

Limits: it says nothing where the table is declared elsewhere, where an item is marshalled from a struct, or where
several DynamoDB tables are declared and the code does not name one. Drivers that see one package at a time know
no declarations; there the index carries the finding.

Source: PostgreSQL, INSERT, ON CONFLICT clause; Amazon DynamoDB Developer Guide, Using time to live (TTL).`,
	check: func(c *Context) *Problem {
		m := c.Verdict.Mismatch
		if m == nil {
			return nil
		}
		return &Problem{
			Message:  Subject(c.Endpoint) + ": the claim that " + m.Claim.Text + " " + m.Text,
			Decisive: m.Claim,
		}
	},
})
