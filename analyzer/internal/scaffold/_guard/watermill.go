package idempotency

import (
	"encoding/json"

	"github.com/ThreeDotsLabs/watermill/message"
)

// Watermill handles each message once, by its UUID. What the handler of a
// message published is published again when the message is redelivered.
func Watermill(next message.HandlerFunc) message.HandlerFunc {
	return func(msg *message.Message) ([]*message.Message, error) {
		if msg.UUID == "" {
			return nil, ErrKey
		}
		claim, first, err := begin(msg.Context(), watermillSource(msg), msg.UUID, "")
		if err != nil {
			return nil, err
		}
		if first != nil {
			return watermillReplay(first)
		}
		defer claim.release()
		out, err := next(msg)
		if err != nil {
			return nil, err
		}
		data, err := json.Marshal(watermillStored(out))
		if err != nil {
			return nil, err
		}
		claim.complete(data)
		return out, nil
	}
}

// WatermillConsumer is Watermill for handlers that publish nothing.
func WatermillConsumer(next message.NoPublishHandlerFunc) message.NoPublishHandlerFunc {
	return func(msg *message.Message) error {
		if msg.UUID == "" {
			return ErrKey
		}
		claim, first, err := begin(msg.Context(), watermillSource(msg), msg.UUID, "")
		if err != nil {
			return err
		}
		if first != nil {
			return nil
		}
		defer claim.release()
		if err := next(msg); err != nil {
			return err
		}
		claim.complete([]byte("handled"))
		return nil
	}
}

// watermillSource tells the handlers of a message apart.
func watermillSource(msg *message.Message) string {
	return message.SubscribeTopicFromCtx(msg.Context()) + "/" + message.HandlerNameFromCtx(msg.Context())
}

// watermillMessage is a published message as it is stored.
type watermillMessage struct {
	UUID     string
	Metadata message.Metadata
	Payload  []byte
}

func watermillStored(out []*message.Message) []watermillMessage {
	var list []watermillMessage
	for _, m := range out {
		list = append(list, watermillMessage{m.UUID, m.Metadata, m.Payload})
	}
	return list
}

func watermillReplay(first *Record) ([]*message.Message, error) {
	var list []watermillMessage
	if err := json.Unmarshal(first.Response, &list); err != nil {
		return nil, err
	}
	var out []*message.Message
	for _, m := range list {
		again := message.NewMessage(m.UUID, m.Payload)
		again.Metadata = m.Metadata
		out = append(out, again)
	}
	return out, nil
}
