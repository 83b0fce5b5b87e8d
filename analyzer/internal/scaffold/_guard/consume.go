package idempotency

import "context"

// Consume handles an event once, however often it is delivered. The id tells
// events of a source apart: it has to be the same in every delivery. An event
// that was handled is dropped; while another delivery of it is being handled,
// or the store fails, the error asks for a redelivery; so does an error, or a
// panic, of handle.
func Consume(ctx context.Context, source, id string, handle func(context.Context) error) error {
	if id == "" {
		return ErrKey
	}
	claim, first, err := begin(ctx, source, id, "")
	if err != nil {
		return err
	}
	if first != nil {
		return nil
	}
	defer claim.release()
	if err := handle(claim.context(ctx, source)); err != nil {
		return err
	}
	claim.complete([]byte("handled"))
	return nil
}
