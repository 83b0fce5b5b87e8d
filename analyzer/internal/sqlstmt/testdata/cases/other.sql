-- Read users
-- where id=0
SELECT * FROM users WHERE id = $1

-- Read users
-- where email=0; active="true"
SELECT u.id FROM users u WHERE lower(u.email) = lower(?) AND u.active

-- Read keys
-- where tenant=:tenant; key=:key
SELECT response FROM keys WHERE tenant = :tenant AND key = :key

-- Read users
SELECT count(*) FROM users; 

-- Read users
-- where -
SELECT id FROM users WHERE id = $1 UNION SELECT id FROM guests WHERE id = $2

-- Read users
-- where id=0
SELECT id FROM ONLY users WHERE id = $1

-- Read
SELECT * FROM generate_series(1, 10)

-- Read users
(SELECT id FROM users) UNION (SELECT id FROM guests)

-- Read
SELECT 1

-- Read
SELECT now(), $1::int + 1

-- Read
SELECT EXISTS(SELECT 1 FROM users WHERE id = $1)

-- Read
VALUES (1), (2)

-- Read
SELECT set_config('app.tenant', $1, true)

-- Read users
SELECT REPLACE(name, 'a', 'b'), INSERT(name, 1, 2, 'x') FROM users

-- Read docs
-- where id=0
SELECT body ? 'key' FROM docs WHERE id = $1

-- Read docs
-- where id=0
SELECT body ? 'key' FROM docs WHERE id = ?

-- Read docs
-- where id=0
SELECT body->>'a', body #>> '{a,b}' FROM docs WHERE tags @> $2 AND id = $1

-- Lock orders
-- where id=0
SELECT * FROM orders WHERE id = $1 FOR UPDATE

-- Lock orders
SELECT * FROM orders WHERE id = $1 FOR NO KEY UPDATE NOWAIT

-- Lock orders
SELECT * FROM orders WHERE id = $1 FOR SHARE OF orders

-- Lock jobs
SELECT * FROM jobs ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED

-- Lock orders
SELECT * FROM orders WHERE id = ? LOCK IN SHARE MODE

-- Lock orders
SELECT * FROM orders WITH (UPDLOCK, ROWLOCK) WHERE id = @p1

-- Lock
SELECT pg_advisory_xact_lock($1)

-- Lock
SELECT pg_try_advisory_lock(hashtext($1))

-- Lock
SELECT GET_LOCK(?, 10)

-- Read
SELECT pg_advisory_unlock($1)

-- Read
SELECT RELEASE_LOCK(?)

-- Lock
-- proc sp_getapplock
EXEC sp_getapplock @Resource = @p1, @LockMode = 'Exclusive'

-- Lock accounts
LOCK TABLE accounts IN EXCLUSIVE MODE

-- Lock accounts
LOCK TABLES accounts WRITE

-- Read
UNLOCK TABLES

-- NonIdempotent
SELECT nextval('order_numbers')

-- NonIdempotent
SELECT NEXT VALUE FOR order_numbers

-- Idempotent
SELECT setval('order_numbers', $1)

-- NonIdempotent
SELECT pg_notify('orders', $1)

-- NonIdempotent
NOTIFY orders, 'x'

-- NonIdempotent
SELECT lo_create(0)

-- Unknown
SELECT create_order($1, $2)

-- Unknown
SELECT * FROM transfer_funds($1, $2, $3)

-- Read
SELECT * FROM order_summary($1)

-- NonIdempotent users
SELECT * INTO backup FROM users

-- Read users
SELECT * INTO TEMP backup FROM users

-- Read users
SELECT id INTO @x FROM users

-- Insert x
-- classes Lock Insert
SELECT pg_advisory_xact_lock($1); INSERT INTO x (a) VALUES ($2)

-- Insert x
-- classes Read Insert Read
-- sets a=0
BEGIN; INSERT INTO x (a) VALUES ($1); COMMIT

-- Insert x
-- classes Read Insert Idempotent Read
BEGIN TRANSACTION; INSERT INTO x (a) VALUES (?); UPDATE y SET b = ? WHERE id = ?; COMMIT;

-- NonIdempotent y
-- classes Insert NonIdempotent
-- where id=2
INSERT INTO x (a) VALUES (?); UPDATE y SET b = b + ? WHERE id = ?

-- Insert x
-- classes Read Insert
SET NOCOUNT ON INSERT INTO x (a) VALUES (@p1)

-- Insert x
-- classes Read Insert
DECLARE @id INT = 5
INSERT INTO x (a) VALUES (@id)

-- Insert x
-- classes Insert Insert Read
BEGIN BATCH INSERT INTO x (a) VALUES (?); INSERT INTO y (a) VALUES (?); APPLY BATCH

-- Read
SET search_path TO shop

-- Idempotent
SET GLOBAL max_connections = 10

-- Read
PRAGMA foreign_keys = ON

-- Read
SAVEPOINT s1

-- Read
ROLLBACK TO SAVEPOINT s1

-- Read
LISTEN orders

-- Read
SHOW TABLES

-- Read
EXPLAIN INSERT INTO x (a) VALUES ($1)

-- Insert x
EXPLAIN (ANALYZE, BUFFERS) INSERT INTO x (a) VALUES ($1)

-- Read
DECLARE c CURSOR FOR SELECT * FROM x FOR UPDATE

-- Idempotent x
TRUNCATE TABLE x

-- Idempotent x
TRUNCATE x CASCADE

-- Idempotent x
CREATE TABLE IF NOT EXISTS x (a int)

-- NonIdempotent x
CREATE TABLE x (a int)

-- Read x
CREATE TEMP TABLE x (a int)

-- Idempotent x
DROP TABLE IF EXISTS x

-- NonIdempotent x
DROP TABLE x

-- NonIdempotent x
ALTER TABLE x ADD COLUMN b int

-- Idempotent x
ALTER TABLE x ADD COLUMN IF NOT EXISTS b int

-- Idempotent
CREATE OR REPLACE VIEW v AS SELECT 1

-- NonIdempotent
CREATE INDEX i ON x (a)

-- Idempotent
CREATE OR REPLACE FUNCTION f() RETURNS trigger AS $$ BEGIN INSERT INTO x VALUES (1); RETURN NEW; END; $$ LANGUAGE plpgsql

-- NonIdempotent
CREATE TRIGGER t AFTER INSERT ON x BEGIN INSERT INTO y VALUES (1); UPDATE z SET n = CASE WHEN n THEN 1 ELSE 2 END; END;

-- Idempotent
GRANT SELECT ON x TO reader

-- Idempotent
VACUUM ANALYZE x

-- Read
REFRESH MATERIALIZED VIEW CONCURRENTLY v

-- NonIdempotent x
-- sets a=-; b=-
COPY x (a, b) FROM STDIN

-- Read
COPY (SELECT * FROM x) TO STDOUT

-- NonIdempotent x
LOAD DATA LOCAL INFILE 'f' INTO TABLE x

-- InsertIgnore x
LOAD DATA INFILE 'f' IGNORE INTO TABLE x

-- Unknown
-- proc place_order
CALL place_order($1, $2)

-- Unknown
-- proc place_order
EXEC dbo.place_order @p1, @p2

-- Unknown
-- proc place_order
EXEC @rc = place_order @p1

-- Unknown
DO $$ BEGIN PERFORM 1; END $$

-- Unknown
GIBBERISH INTO x

-- Read users
-- where name="'a;b'"; id=0
SELECT * FROM users WHERE name = 'a;b' AND id = ?

-- Read users
-- where id=1
SELECT * FROM users WHERE note LIKE ? ESCAPE '\' AND id = ?
