package sqlstmt

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRoutines(t *testing.T) {
	got := map[string]string{}
	for name, s := range Routines(`
CREATE OR REPLACE FUNCTION app.take_snapshots(n int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
  FOR r IN SELECT * FROM balances FOR UPDATE LOOP
    INSERT INTO snapshots (balance_id, amount) VALUES (r.id, r.amount) ON CONFLICT (balance_id) DO NOTHING;
  END LOOP;
  RETURN 1;
END $$;
CREATE FUNCTION total(id int) RETURNS int AS 'SELECT sum(amount) FROM entries WHERE account = id' LANGUAGE sql;
CREATE FUNCTION touch() RETURNS trigger AS $body$ BEGIN NEW.updated_at = now(); RETURN NEW; END; $body$ LANGUAGE plpgsql;`, `
CREATE PROCEDURE move(a int, b int, n int)
BEGIN
  UPDATE accounts SET balance = balance - n WHERE id = a;
  UPDATE accounts SET balance = balance + n WHERE id = b;
END;`, "SELECT 'no function here'") {
		got[name] = classNames[s.Class] + " " + s.Table
	}
	require.Equal(t, map[string]string{
		"take_snapshots": "InsertIgnore snapshots", "total": "Read ", "touch": "Read ", "move": "NonIdempotent accounts",
	}, got)
}

func TestTemporaryTables(t *testing.T) {
	got := TemporaryTables("CREATE TEMP TABLE Staging (id int) ON COMMIT DROP; CREATE TABLE t (a int)",
		"create temporary table if not exists more (id int)", "SELECT 'temp'")
	require.Equal(t, []string{"staging", "more"}, got)
}
