package world

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"sort"
	"strings"

	_ "modernc.org/sqlite" // the embedded database

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
)

// sqlStore is the database of one world, seen twice: by the service through
// the gate, and by the harness from behind it.
type sqlStore struct {
	dialect   string // sqlite or postgres
	gated     *sql.DB
	raw       *sql.DB
	connector *connector
	drop      func()
}

func openSQL(stores Stores, servers *Servers, g *gate.Gate, dir string) (*sqlStore, error) {
	if stores == All {
		return servers.openPostgres(g)
	}
	dsn := "file:" + filepath.Join(dir, "service.db") +
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)&_pragma=busy_timeout(500)&_txlock=immediate"
	raw, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	drv := raw.Driver()
	c := &connector{gate: g, drv: drv, open: func() (driver.Conn, error) { return drv.Open(dsn) }}
	return &sqlStore{dialect: "sqlite", raw: raw, connector: c, gated: sql.OpenDB(c), drop: func() {}}, nil
}

func (s *sqlStore) close() {
	s.connector.cut()
	_ = s.gated.Close()
	_ = s.raw.Close()
	s.drop()
}

// cut ends all connections of the service and gives it a new pool.
func (s *sqlStore) cut() {
	s.connector.cut()
	_ = s.gated.Close()
	s.gated = sql.OpenDB(s.connector)
}

// locked begins a writing transaction beside the service's.
func (s *sqlStore) locked(ctx context.Context) bool {
	if s.dialect != "sqlite" {
		return false
	}
	tx, err := s.raw.BeginTx(ctx, nil) // an immediate one: see the data source name
	if err != nil {
		return true
	}
	_ = tx.Rollback()
	return false
}

func (s *sqlStore) tables(ctx context.Context) ([]string, error) {
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
	if s.dialect == "postgres" {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name`
	}
	rows, err := s.raw.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

func (s *sqlStore) reset(ctx context.Context) error {
	tables, err := s.tables(ctx)
	if err != nil || len(tables) == 0 {
		return err
	}
	if s.dialect == "postgres" {
		_, err := s.raw.ExecContext(ctx, "TRUNCATE "+strings.Join(tables, ", ")+" RESTART IDENTITY CASCADE")
		return err
	}
	for _, table := range tables {
		if _, err := s.raw.ExecContext(ctx, "DELETE FROM "+table); err != nil {
			return fmt.Errorf("empty %s: %w", table, err)
		}
	}
	// The counters of AUTOINCREMENT columns; the table exists only with such a column.
	_, _ = s.raw.ExecContext(ctx, "DELETE FROM sqlite_sequence")
	return nil
}

// wipe empties one table.
func (s *sqlStore) wipe(ctx context.Context, table string) error {
	_, err := s.raw.ExecContext(ctx, "DELETE FROM "+table)
	return err
}

// records reads every row of every table.
func (s *sqlStore) records(ctx context.Context) ([]Record, error) {
	tables, err := s.tables(ctx)
	if err != nil {
		return nil, err
	}
	var out []Record
	for _, table := range tables {
		rows, err := s.raw.QueryContext(ctx, "SELECT * FROM "+table)
		if err != nil {
			return nil, err
		}
		recs, err := tableRecords(table, rows)
		rows.Close()
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", table, err)
		}
		out = append(out, recs...)
	}
	return out, nil
}

func tableRecords(table string, rows *sql.Rows) ([]Record, error) {
	cols, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out []Record
	for rows.Next() {
		vals := make([]any, len(cols))
		ptrs := make([]any, len(cols))
		for i := range vals {
			ptrs[i] = &vals[i]
		}
		if err := rows.Scan(ptrs...); err != nil {
			return nil, err
		}
		fields := make([]Field, len(cols))
		for i, c := range cols {
			fields[i] = Field{Name: c, Value: sqlText(vals[i])}
		}
		sort.Slice(fields, func(i, j int) bool { return fields[i].Name < fields[j].Name })
		out = append(out, Record{Store: "sql", Place: table, Fields: fields})
	}
	return out, rows.Err()
}
