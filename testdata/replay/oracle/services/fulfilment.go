package services

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/IBM/sarama"
	"github.com/ThreeDotsLabs/watermill/message"

	"example.com/fulfilment/server"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

// fulfilmentApp is the started service: webhooks, bus and Kafka consumers.
type fulfilmentApp struct {
	*httpApp
	bus   *delivery
	kafka map[string]sarama.ConsumerGroupHandler
}

// delivery is a subscriber by which the harness hands over single messages
// and waits until they are acknowledged or refused.
type delivery struct {
	mu     sync.Mutex
	topics map[string]chan *message.Message
}

// Subscribe implements message.Subscriber.
func (d *delivery) Subscribe(ctx context.Context, topic string) (<-chan *message.Message, error) {
	ch := make(chan *message.Message)
	d.mu.Lock()
	d.topics[topic] = ch
	d.mu.Unlock()
	out := make(chan *message.Message)
	go func() {
		defer close(out)
		for {
			select {
			case <-ctx.Done():
				return
			case m := <-ch:
				out <- m
			}
		}
	}()
	return out, nil
}

// Close implements message.Subscriber.
func (d *delivery) Close() error { return nil }

// send delivers one message once; a refusal is not followed by redelivery,
// that is for the harness to decide.
func (d *delivery) send(ctx context.Context, topic, uuid, payload string) trial.Reply {
	m := message.NewMessage(uuid, []byte(payload))
	m.SetContext(ctx)
	d.mu.Lock()
	ch := d.topics[topic]
	d.mu.Unlock()
	select {
	case ch <- m:
	case <-ctx.Done():
		return trial.Reply{Code: "not delivered", Body: ctx.Err().Error()}
	}
	select {
	case <-m.Acked():
		return trial.Reply{OK: true, Code: "ack"}
	case <-m.Nacked():
		return trial.Reply{Code: "nack"}
	case <-ctx.Done():
		return trial.Reply{Code: "no answer", Body: ctx.Err().Error()}
	}
}

// publisher keeps what the service publishes in the world's broker.
type publisher struct{ broker *world.Broker }

// Publish implements message.Publisher.
func (p publisher) Publish(topic string, messages ...*message.Message) error {
	for _, m := range messages {
		if err := p.broker.Publish(topic, m.UUID, string(m.Payload)); err != nil {
			return err
		}
	}
	return nil
}

// Close implements message.Publisher.
func (publisher) Close() error { return nil }

// onBus describes a consumer of the message bus. The event's id is the
// message's UUID; with the key "field event_id" it is in the payload and each
// delivery has a UUID of its own.
func onBus(topic, key string, payload func(trial.Variant) string) trial.Endpoint {
	return trial.Endpoint{
		Protocol: "event", Framework: "watermill", Method: "CONSUMER", Route: topic, Key: key,
		Send: func(ctx context.Context, app any, v trial.Variant) trial.Reply {
			id := v.Key
			if key != "event UUID" {
				id = time.Now().Format(time.RFC3339Nano)
			}
			return app.(*fulfilmentApp).bus.send(ctx, topic, id, payload(v))
		},
	}
}

// onKafka describes a consumer of a Kafka topic; the record's offset stands
// for the key.
func onKafka(topic string, payload func(trial.Variant) string) trial.Endpoint {
	return trial.Endpoint{
		Protocol: "event", Framework: "sarama", Method: "CONSUMER", Route: topic, Key: "event offset",
		Send: func(ctx context.Context, app any, v trial.Variant) trial.Reply {
			offset := int64(1)
			if v.Key == trial.Key2 {
				offset = 2
			}
			records := make(chan *sarama.ConsumerMessage, 1)
			records <- &sarama.ConsumerMessage{Topic: topic, Partition: 3, Offset: offset, Value: []byte(payload(v))}
			close(records)
			session := &kafkaSession{ctx: ctx}
			err := app.(*fulfilmentApp).kafka[topic].ConsumeClaim(session, kafkaClaim{records: records})
			if err != nil {
				return trial.Reply{Code: "error", Body: err.Error()}
			}
			return trial.Reply{OK: session.marked == 1, Code: "marked"}
		},
	}
}

// kafkaSession and kafkaClaim are as much of a consumer group as one record
// needs.
type kafkaSession struct {
	sarama.ConsumerGroupSession
	ctx    context.Context
	marked int
}

func (s *kafkaSession) Context() context.Context                    { return s.ctx }
func (s *kafkaSession) MarkMessage(*sarama.ConsumerMessage, string) { s.marked++ }

type kafkaClaim struct {
	sarama.ConsumerGroupClaim
	records chan *sarama.ConsumerMessage
}

func (c kafkaClaim) Messages() <-chan *sarama.ConsumerMessage { return c.records }

func startFulfilment(w *world.World) (*trial.App, error) {
	bus := &delivery{topics: map[string]chan *message.Message{}}
	deps := server.Deps{DB: w.DB, Redis: w.Redis, Subscriber: bus, Publisher: publisher{broker: w.Broker}}
	router, err := server.NewRouter(deps)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = router.Run(ctx) }()
	<-router.Running()
	app := &fulfilmentApp{
		httpApp: &httpApp{gate: w.Gate, handler: server.NewWebhooks(deps)},
		bus:     bus,
		kafka:   map[string]sarama.ConsumerGroupHandler{"ledger.entries": server.NewEntries(deps), "ledger.refunds": server.NewRefunds(deps)},
	}
	return &trial.App{Value: app, Close: func() { stop(); <-ended }}, nil
}

// hook describes a webhook; its requests go to the HTTP half of the service.
func hook(route, key string, body func(trial.Variant) string) trial.Endpoint {
	e := endpoint("net/http", http.MethodPost, route, key, request{body: body})
	send := e.Send
	e.Send = func(ctx context.Context, app any, v trial.Variant) trial.Reply {
		return send(ctx, app.(*fulfilmentApp).httpApp, v)
	}
	return e
}

func fulfilment() trial.Service {
	ev := withKey(
		`{"event_id":"%KEY%","order_id":"o-1","customer":"ann","sku":"mug","n":3}`,
		`{"event_id":"%KEY%","order_id":"o-2","customer":"ben","sku":"cup","n":4}`)
	entry := always(`{"account":"a-1","amount":30}`, `{"account":"a-2","amount":40}`)
	hookBody := withKey(
		`{"id":"%KEY%","type":"checkout.session.completed","data":{"order":"o-1","customer":"ann","credits":30,"status":"shipped"}}`,
		`{"id":"%KEY%","type":"checkout.session.completed","data":{"order":"o-2","customer":"ben","credits":40,"status":"lost"}}`)
	return trial.Service{
		Module:      "fulfilment",
		Bookkeeping: world.Places{"sql processed_events", "redis msg:*", "redis once:*", "redis delivery:*"},
		Prepare: func(ctx context.Context, w *world.World) error {
			return server.Migrate(ctx, w.DB, w.Dialect())
		},
		Seed: func(ctx context.Context, w *world.World) error {
			for _, stmt := range []string{
				`INSERT INTO stock (sku, n) VALUES ('mug', 100), ('cup', 100)`,
				`INSERT INTO orders (id, status) VALUES ('o-1', 'placed'), ('o-2', 'placed')`,
			} {
				if _, err := w.DB.ExecContext(ctx, stmt); err != nil {
					return err
				}
			}
			return nil
		},
		Start: startFulfilment,
		Endpoints: []trial.Endpoint{
			onBus("orders.placed", "event UUID", ev),
			onBus("orders.paid", "event UUID", ev),
			onBus("orders.cancelled", "event UUID", ev),
			onBus("stock.counted", "event UUID", ev),
			onBus("payments.captured", "event UUID", ev),
			onBus("points.earned", "event UUID", ev),
			onBus("bonuses.granted", "field event_id", ev),
			onBus("invoices.due", "event UUID", ev),
			onBus("invoices.corrected", "event UUID", ev),
			onKafka("ledger.entries", entry),
			onKafka("ledger.refunds", entry),
			hook("/webhooks/payments", "field id", hookBody),
			hook("/webhooks/checkout", "field id", hookBody),
			hook("/webhooks/status", "field id", hookBody),
			hook("/webhooks/push", "header X-GitHub-Delivery", always(`{"ref":"main"}`, `{"ref":"dev"}`)),
		},
	}
}
