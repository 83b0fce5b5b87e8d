// Package events is a broker's client of which no row says anything.
package events

import "context"

type Message struct{ Data []byte }

type Stream interface {
	Publish(ctx context.Context, subject string, msg []byte) error
	PublishOverwrite(ctx context.Context, subject string, msg []byte) error
	PullMsg(ctx context.Context, batch int) ([]Message, error)
	Close() error
}

func Connect() Stream { return nil }

// Parser has nothing to do with sending.
type Parser struct{}

func (Parser) Send(data []byte) error { return nil }
