// Package world is what a service under test can change: databases, caches,
// queues, partners, mail, files. Every operation of the service passes the
// gate; the harness itself looks from behind it.
package world

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
)

// Stores says which stores a run uses.
type Stores string

// Embedded runs everything in this process. All uses PostgreSQL, Redis and
// dynalite servers that the harness starts from the machine's packages.
const (
	Embedded Stores = "embedded"
	All      Stores = "all"
)

// VendorURL is the base of the partner that counts calls. Only the client of
// World.HTTP reaches it.
const VendorURL = "http://vendor.test"

// World is one set of stores for one service.
type World struct {
	Gate   *gate.Gate
	DB     *sql.DB       // through the gate
	Redis  *redis.Client // through the gate
	HTTP   *http.Client  // through the gate; reaches the vendor and AWS
	Vendor *Vendor       // the partner behind VendorURL
	Mail   *Mail         // an SMTP server
	Broker *Broker       // a message broker, kept as a log
	AWS    *AWS          // DynamoDB and SQS
	Dir    string        // the service's own files

	sql    *sqlStore
	redis  *redisStore
	offset atomic.Int64 // nanoseconds that Elapse moved the clock
	tmp    string
}

// Open starts a world. The caller closes it.
func Open(stores Stores, servers *Servers) (*World, error) {
	tmp, err := os.MkdirTemp(scratchDir(), "replay-")
	if err != nil {
		return nil, err
	}
	w := &World{Gate: gate.New(), tmp: tmp, Dir: filepath.Join(tmp, "data")}
	if err := os.Mkdir(w.Dir, 0o755); err != nil {
		return nil, err
	}
	if w.sql, err = openSQL(stores, servers, w.Gate, tmp); err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if w.redis, err = openRedis(stores, servers, w.Gate); err != nil {
		return nil, fmt.Errorf("open redis: %w", err)
	}
	if w.Mail, err = openMail(w.Gate); err != nil {
		return nil, fmt.Errorf("open the mail server: %w", err)
	}
	w.Vendor = &Vendor{}
	w.Broker = &Broker{gate: w.Gate}
	w.AWS = newAWS()
	w.HTTP = &http.Client{Transport: &transport{gate: w.Gate, hosts: map[string]http.Handler{
		"vendor.test": w.Vendor, "aws.test": w.AWS,
	}}}
	w.DB, w.Redis = w.sql.gated, w.redis.gated
	return w, nil
}

// scratchDir prefers memory over disk: the harness resets databases thousands
// of times.
func scratchDir() string {
	if st, err := os.Stat("/dev/shm"); err == nil && st.IsDir() {
		return "/dev/shm"
	}
	return os.TempDir()
}

// Close stops the servers and removes the files.
func (w *World) Close() {
	w.sql.close()
	w.redis.close()
	w.Mail.close()
	_ = os.RemoveAll(w.tmp)
}

// Now is the service's clock.
func (w *World) Now() time.Time { return time.Now().Add(time.Duration(w.offset.Load())) }

// Elapse moves time on by a month: everything that expires is gone.
func (w *World) Elapse() error {
	w.offset.Add(int64(30 * 24 * time.Hour))
	w.AWS.expire()
	return w.redis.expire()
}

// Crash ends every connection as the death of the process does. The service
// has to be started anew afterwards.
func (w *World) Crash() {
	w.sql.cut()
	w.DB = w.sql.gated
}

// Locked reports whether a transaction that was left open keeps everybody else
// from writing, as it does in SQLite, which has one writer.
func (w *World) Locked(ctx context.Context) bool { return w.sql.locked(ctx) }

// Reset empties every store; rows that a service needs are sown again by the
// caller.
func (w *World) Reset(ctx context.Context) error {
	w.offset.Store(0)
	w.Gate.Set(gate.Free{})
	w.Vendor.reset()
	w.Mail.reset()
	w.Broker.reset()
	w.AWS.reset()
	if err := w.redis.reset(ctx); err != nil {
		return err
	}
	if err := os.RemoveAll(w.Dir); err != nil {
		return err
	}
	if err := os.Mkdir(w.Dir, 0o755); err != nil {
		return err
	}
	return w.sql.reset(ctx)
}

// Dialect is the database's: sqlite or postgres.
func (w *World) Dialect() string { return w.sql.dialect }

// DriverName is the name under which the service's driver is registered with
// database/sql: sqlite or pgx.
func (w *World) DriverName() string {
	if w.Dialect() == "postgres" {
		return "pgx"
	}
	return "sqlite"
}
