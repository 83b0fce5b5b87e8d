// Package amqp091 has declarations of amqp091-go that cases need.
package amqp091

type Table map[string]interface{}

type Connection struct{}

type Channel struct{}

type Queue struct{ Name string }

type Delivery struct {
	MessageId  string
	Type       string
	RoutingKey string
	Headers    Table
	Body       []byte
}

func Dial(url string) (*Connection, error)           { return &Connection{}, nil }
func (c *Connection) Channel() (*Channel, error)     { return &Channel{}, nil }
func (d Delivery) Ack(multiple bool) error           { return nil }
func (d Delivery) Nack(multiple, requeue bool) error { return nil }

func (ch *Channel) QueueDeclare(name string, durable, autoDelete, exclusive, noWait bool, args Table) (Queue, error) {
	return Queue{Name: name}, nil
}

func (ch *Channel) Consume(queue, consumer string, autoAck, exclusive, noLocal, noWait bool, args Table) (<-chan Delivery, error) {
	return nil, nil
}
