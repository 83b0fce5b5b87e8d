// Package pop has declarations of gobuffalo/pop that cases need.
package pop

type (
	Connection struct{}
	Query      struct{}
)

func Connect(e string) (*Connection, error) { return nil, nil }

func (c *Connection) RawQuery(stmt string, args ...interface{}) *Query         { return nil }
func (c *Connection) Where(stmt string, args ...interface{}) *Query            { return nil }
func (c *Connection) Create(model interface{}, excludeColumns ...string) error { return nil }

func (q *Query) First(model interface{}) error { return nil }
func (q *Query) Exec() error                   { return nil }
