// Package idemtest asserts in a test what idemlint judges from the code: that
// a request which arrives twice acts once and is answered the same way.
//
//	func TestCreateOrderOnce(t *testing.T) {
//		db := openTestDB(t)
//		request := httptest.NewRequest("POST", "/orders", strings.NewReader(`{"sku":"mug"}`))
//		idemtest.Replay(t, api.New(db), request, func() int { return countRows(t, db, "orders") })
//	}
//
// [Replay] sends the request, with a new Idempotency-Key for each round, first
// twice in a row, then twice at once, many times over. The probe tells how
// often the effect has happened so far: rows in a table, calls that a fake
// partner got, mails in a fake outbox. Each round has to raise it by one.
//
// [Call] does the same for anything else that can be called with a key, such
// as a gRPC method or a message handler:
//
//	idemtest.Call(t, func(ctx context.Context, key string) (any, error) {
//		return client.Transfer(metadata.AppendToOutgoingContext(ctx, "idempotency-key", key), transfer)
//	}, probe)
//
// [Config] changes where the key travels, how many rounds there are and what
// counts as an equal answer. The package depends on the standard library
// alone.
//
// A test finds the races that it happens to hit. The second request of each
// round starts a little later than in the round before, from at once up to
// the time that one request takes, so that a check and the act that follows
// it are hit with some certainty when the act goes to a real store; a store
// that answers in microseconds needs more [Config].Rounds.
package idemtest
