package rule

import "github.com/idemlint/idemlint/analyzer/report"

var _ = register(Rule{
	Name: "proto-level-mismatch", Severity: report.Error, On: true, priority: 10,
	Summary: "a method does not keep what its proto file promises by idempotency_level",
	Doc: `Clients act on the option: Connect sends methods with NO_SIDE_EFFECTS as GET, which browsers and proxies
repeat and cache, and retries those that are IDEMPOTENT.

Bad:

    // rpc GetQuote(…) { option idempotency_level = NO_SIDE_EFFECTS; }
    func (s *Server) GetQuote(ctx context.Context, r *connect.Request[pb.Q]) (*connect.Response[pb.R], error) {
        s.db.ExecContext(ctx, "INSERT INTO quotes (sku) VALUES ($1)", r.Msg.Sku)

Good: leave the option out, or make the method keep it: a read only, or a guard.

Satisfied by: a method without an effect that a repeat has again.

Limits: the level is read from the descriptor in the generated code (*.pb.go) of the analysed modules. A
state that is set counts as idempotent, and is no mismatch with NO_SIDE_EFFECTS either.

Source: google/protobuf descriptor.proto; connect-go WithIdempotency; buf#2073 (a mislabelled method).`,
	check: func(c *Context) *Problem {
		level := c.Endpoint.Level
		if level == "" || !c.acts() || c.Verdict.Decisive == nil {
			return nil
		}
		return &Problem{
			Message:  says(c.Endpoint, c.Verdict.Decisive) + " although its proto file says " + level,
			Decisive: c.Verdict.Decisive,
		}
	},
})
