package world

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	_ "embed" // the script that fetches servers
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
)

//go:embed stores.sh
var fetchScript string

// Servers are the database servers of a run with real stores: one PostgreSQL
// with a database for each world, and a Redis for each world.
type Servers struct {
	dir    string // sockets and data, removed by Stop
	cache  string // fetched programs, kept
	port   int
	pg     *exec.Cmd
	worlds atomic.Int64
}

// StartServers starts what the stores need; the embedded ones need nothing.
func StartServers(ctx context.Context, stores Stores) (*Servers, error) {
	switch stores {
	case Embedded:
		return nil, nil
	case All:
	default:
		return nil, fmt.Errorf("unknown stores %q: want %s or %s", stores, Embedded, All)
	}
	cache, err := FetchServers(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "replay-servers-")
	if err != nil {
		return nil, err
	}
	s := &Servers{dir: dir, cache: cache}
	if err := s.startPostgres(ctx); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// FetchServers fetches the programs that the machine lacks and returns the
// directory where they are.
func FetchServers(ctx context.Context) (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	cache := filepath.Join(base, "idemlint-replay")
	cmd := exec.CommandContext(ctx, "sh", "-c", fetchScript, "stores.sh", cache)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("fetch the servers for -stores=all: %w\n%s", err, out)
	}
	return cache, nil
}

// Stop ends the servers.
func (s *Servers) Stop() {
	if s == nil {
		return
	}
	if s.pg != nil {
		_ = s.pg.Process.Signal(os.Interrupt) // fast shutdown
		_ = s.pg.Wait()
	}
	_ = os.RemoveAll(s.dir)
}

// startPostgres makes a cluster and starts it. PostgreSQL refuses to run as
// root, so root hands it to the user postgres, or nobody.
func (s *Servers) startPostgres(ctx context.Context) error {
	bin, err := postgresBin()
	if err != nil {
		return err
	}
	attr, err := s.unprivileged()
	if err != nil {
		return err
	}
	if s.port, err = freePort(); err != nil {
		return err
	}
	data := filepath.Join(s.dir, "pg")
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", data, "-A", "trust", "-U", "replay", "--no-sync", "--encoding=UTF8", "--locale=C")
	initdb.SysProcAttr, initdb.Dir = attr, s.dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	s.pg = exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-p", strconv.Itoa(s.port), "-k", s.dir,
		"-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=300")
	s.pg.SysProcAttr, s.pg.Dir = attr, s.dir
	var log bytes.Buffer
	s.pg.Stderr = &log
	if err := s.pg.Start(); err != nil {
		return err
	}
	var last error
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if last = s.admin(ctx, "SELECT 1"); last == nil {
			return nil
		}
	}
	return fmt.Errorf("postgres does not answer: %w\n%s", last, log.String())
}

func postgresBin() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errors.New("-stores=all needs PostgreSQL: install Debian's package postgresql")
	}
	return filepath.Dir(found[len(found)-1]), nil
}

func (s *Servers) unprivileged() (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return nil, err
	}
	attr := &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	return attr, os.Chown(s.dir, uid, gid)
}

func freePort() (int, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port, nil
}

func (s *Servers) dsn(database string) string {
	return fmt.Sprintf("postgres://replay@127.0.0.1:%d/%s?sslmode=disable", s.port, database)
}

func (s *Servers) admin(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, s.dsn("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

// openPostgres gives a world a database of its own.
func (s *Servers) openPostgres(g *gate.Gate) (*sqlStore, error) {
	if s == nil {
		return nil, errors.New("the servers were not started")
	}
	name := fmt.Sprintf("world%d", s.worlds.Add(1))
	if err := s.admin(context.Background(), "CREATE DATABASE "+name); err != nil {
		return nil, err
	}
	cfg, err := pgx.ParseConfig(s.dsn(name))
	if err != nil {
		return nil, err
	}
	inner := stdlib.GetConnector(*cfg)
	c := &connector{gate: g, drv: inner.Driver(), open: func() (driver.Conn, error) { return inner.Connect(context.Background()) }}
	return &sqlStore{dialect: "postgres", raw: sql.OpenDB(inner), connector: c, gated: sql.OpenDB(c), drop: func() {}}, nil
}

// startRedis starts a Redis for one world and returns its socket.
func (s *Servers) startRedis() (socket string, stop func(), err error) {
	if s == nil {
		return "", nil, errors.New("the servers were not started")
	}
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		bin = filepath.Join(s.cache, "root", "usr", "bin", "redis-server")
	}
	socket = filepath.Join(s.dir, fmt.Sprintf("redis%d.sock", s.worlds.Add(1)))
	cmd := exec.Command(bin, "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--daemonize", "no")
	lib := map[string]string{"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}[runtime.GOARCH]
	cmd.Env = append(os.Environ(), "LD_LIBRARY_PATH="+filepath.Join(s.cache, "root", "usr", "lib", lib))
	cmd.Dir = s.dir
	if err := cmd.Start(); err != nil {
		return "", nil, fmt.Errorf("start redis: %w", err)
	}
	stop = func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if c, err := net.Dial("unix", socket); err == nil {
			return socket, stop, c.Close()
		}
	}
	stop()
	return "", nil, errors.New("redis does not answer")
}
