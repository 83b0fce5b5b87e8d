package world

import (
	"context"
	"database/sql/driver"
	"sync"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
)

// connector opens connections of an inner driver whose operations pass the
// gate. It can cut all of them at once, as the end of a process does.
type connector struct {
	gate  *gate.Gate
	open  func() (driver.Conn, error)
	drv   driver.Driver
	mu    sync.Mutex
	conns map[*conn]bool
}

func (c *connector) Connect(context.Context) (driver.Conn, error) {
	inner, err := c.open()
	if err != nil {
		return nil, err
	}
	wrapped := &conn{Conn: inner, owner: c}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conns == nil {
		c.conns = map[*conn]bool{}
	}
	c.conns[wrapped] = true
	return wrapped, nil
}

func (c *connector) Driver() driver.Driver { return c.drv }

// cut closes every connection; what their transactions did is rolled back.
func (c *connector) cut() {
	c.mu.Lock()
	open := c.conns
	c.conns = map[*conn]bool{}
	c.mu.Unlock()
	for cn := range open {
		_ = cn.Conn.Close()
	}
}

type conn struct {
	driver.Conn
	owner  *connector
	closed sync.Once
}

func (c *conn) Close() error {
	c.owner.mu.Lock()
	known := c.owner.conns[c]
	delete(c.owner.conns, c)
	c.owner.mu.Unlock()
	if !known { // cut before
		return nil
	}
	return c.Conn.Close()
}

func (c *conn) do(ctx context.Context, query string, perform func() error) error {
	return c.owner.gate.Do(ctx, sqlOp(query), perform)
}

func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (res driver.Result, err error) {
	err = c.do(ctx, query, func() error {
		res, err = c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
		return err
	})
	return res, err
}

func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (rows driver.Rows, err error) {
	defer func() { rows = panicLater(recover(), rows, &err) }()
	err = c.do(ctx, query, func() error {
		rows, err = c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
		return err
	})
	return closeIf(err, rows)
}

// panicLater turns an injected panic of a query into rows that panic when
// they are read. A panic inside the driver would leave locks of database/sql
// held, which no panic in a service can do.
func panicLater(p any, rows driver.Rows, err *error) driver.Rows {
	if p == nil {
		return rows
	}
	*err = nil
	return panicRows{value: p}
}

type panicRows struct{ value any }

func (r panicRows) Columns() []string              { return nil }
func (r panicRows) Close() error                   { return nil }
func (r panicRows) Next(dest []driver.Value) error { panic(r.value) }

// closeIf closes the rows of a query whose reply was lost.
func closeIf(err error, rows driver.Rows) (driver.Rows, error) {
	if err != nil && rows != nil {
		_ = rows.Close()
		return nil, err
	}
	return rows, err
}

func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	inner, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return &stmt{Stmt: inner, conn: c, query: query}, nil
}

func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (inner driver.Tx, err error) {
	err = c.do(ctx, "BEGIN", func() error {
		begun, err := c.Conn.(driver.ConnBeginTx).BeginTx(ctx, opts)
		if err == nil {
			inner = begun
		}
		return err
	})
	if err != nil {
		if inner != nil { // begun, but the reply was lost
			_ = inner.Rollback()
		}
		return nil, err
	}
	return &tx{Tx: inner, conn: c, ctx: ctx}, nil
}

func (c *conn) Ping(ctx context.Context) error {
	if p, ok := c.Conn.(driver.Pinger); ok {
		return p.Ping(ctx)
	}
	return nil
}

func (c *conn) ResetSession(ctx context.Context) error {
	if r, ok := c.Conn.(driver.SessionResetter); ok {
		return r.ResetSession(ctx)
	}
	return nil
}

func (c *conn) CheckNamedValue(v *driver.NamedValue) error {
	if ch, ok := c.Conn.(driver.NamedValueChecker); ok {
		return ch.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

type tx struct {
	driver.Tx
	conn *conn
	ctx  context.Context
}

// Commit rolls back when the plan keeps the commit from the server, and when
// it panics: a panic just before the call would leave the rollback to the
// caller, but from in here database/sql takes the transaction for done.
func (t *tx) Commit() error {
	committed := false
	defer func() {
		if !committed {
			_ = t.Tx.Rollback()
		}
	}()
	return t.conn.do(t.ctx, "COMMIT", func() error { committed = true; return t.Tx.Commit() })
}

// Rollback is no scheduling point and is never made to fail: it is what the
// database does by itself when a connection ends.
func (t *tx) Rollback() error { return t.Tx.Rollback() }

type stmt struct {
	driver.Stmt
	conn  *conn
	query string
}

// ExecContext turns an injected panic into an error: database/sql would keep
// its locks over a panic here.
func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (res driver.Result, err error) {
	defer func() {
		if recover() != nil {
			err = gate.ErrInjected
		}
	}()
	err = s.conn.do(ctx, s.query, func() error {
		res, err = s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
		return err
	})
	return res, err
}

func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (rows driver.Rows, err error) {
	defer func() { rows = panicLater(recover(), rows, &err) }()
	err = s.conn.do(ctx, s.query, func() error {
		rows, err = s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
		return err
	})
	return closeIf(err, rows)
}

func (s *stmt) CheckNamedValue(v *driver.NamedValue) error { return s.conn.CheckNamedValue(v) }
