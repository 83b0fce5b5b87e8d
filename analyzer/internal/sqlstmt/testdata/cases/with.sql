-- Read users
-- where id=0
WITH recent AS (SELECT * FROM orders WHERE user_id = $1) SELECT * FROM users WHERE id = $1

-- Insert orders
-- sets id=0; total=1
-- returning
WITH ins AS (INSERT INTO orders (id, total) VALUES ($1, $2) RETURNING *) SELECT * FROM ins

-- NonIdempotent accounts
-- returning
WITH debit AS (UPDATE accounts SET balance = balance - $1 WHERE id = $2 RETURNING id) SELECT id FROM debit

-- NonIdempotent accounts
-- parts UPDATE INSERT
-- returning
WITH debit AS (UPDATE accounts SET balance = balance - $1 WHERE id = $2 RETURNING id) INSERT INTO entries (account_id, amount) SELECT id, $1 FROM debit

-- Insert orders
-- parts INSERT INSERT
-- returning
WITH o AS (INSERT INTO orders (id) VALUES ($1) RETURNING id) INSERT INTO items (order_id, sku) SELECT id, $2 FROM o

-- InsertIgnore keys
-- sets key=0
-- conflict key
-- parts INSERT UPDATE
-- returning
WITH claim AS (INSERT INTO keys (key) VALUES ($1) ON CONFLICT (key) DO NOTHING RETURNING key) UPDATE accounts SET balance = balance + $2 WHERE id = $3 AND EXISTS (SELECT 1 FROM claim)

-- InsertIgnore keys
-- parts INSERT INSERT
-- returning
WITH claim AS (INSERT INTO keys (key) VALUES ($1) ON CONFLICT DO NOTHING RETURNING key) INSERT INTO orders (id, key) SELECT $2, key FROM claim

-- NonIdempotent accounts
-- parts INSERT UPDATE
WITH claim AS (INSERT INTO keys (key) VALUES ($1) ON CONFLICT (key) DO NOTHING RETURNING key) UPDATE accounts SET balance = balance + $2 WHERE id = $3

-- NonIdempotent accounts
-- parts INSERT UPDATE
WITH claim AS (INSERT INTO keys (key) VALUES ($1) ON CONFLICT (key) DO NOTHING RETURNING key) UPDATE accounts SET balance = balance + $2 WHERE id = $3 AND NOT EXISTS (SELECT 1 FROM claim)

-- InsertIgnore users
-- returning
WITH ins AS (INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO NOTHING RETURNING id) SELECT id FROM ins UNION ALL SELECT id FROM users WHERE email = $1 LIMIT 1

-- Guarded posts
-- parts DELETE INSERT
WITH d AS (DELETE FROM drafts WHERE id = $1 RETURNING *) INSERT INTO posts SELECT * FROM d

-- NonIdempotent jobs
-- parts DELETE INSERT
-- returning
WITH d AS (DELETE FROM jobs WHERE id IN (SELECT id FROM jobs ORDER BY id LIMIT 10) RETURNING *) INSERT INTO done SELECT * FROM d

-- Guarded orders
-- parts UPDATE INSERT
-- returning
WITH u AS (UPDATE orders SET state = 'paid' WHERE id = $1 AND state = 'new' RETURNING id) INSERT INTO events (order_id) SELECT id FROM u

-- Insert events
-- parts UPDATE INSERT
WITH u AS (UPDATE orders SET state = 'paid' WHERE id = $1 AND state = 'new' RETURNING id) INSERT INTO events (order_id) VALUES ($1)

-- NonIdempotent jobs
-- returning
WITH next AS (SELECT id FROM jobs WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) UPDATE jobs SET state = 'run' FROM next WHERE jobs.id = next.id RETURNING jobs.*

-- NonIdempotent jobs
WITH next AS (SELECT id FROM jobs WHERE state = 'new' LIMIT 1) UPDATE jobs SET state = 'run' FROM next WHERE jobs.id = next.id

-- NonIdempotent jobs
-- returning
WITH next AS (SELECT TOP (1) * FROM jobs WITH (ROWLOCK, READPAST) WHERE state = 'new') UPDATE next SET state = 'run' OUTPUT INSERTED.*

-- Idempotent jobs
WITH moved AS MATERIALIZED (SELECT id FROM staged) DELETE FROM jobs WHERE id IN (SELECT id FROM moved)

-- Insert nodes
-- sets id="id"; depth="depth"
WITH RECURSIVE tree(id, depth) AS (SELECT $1::int, 0 UNION ALL SELECT n.id, t.depth + 1 FROM nodes n JOIN tree t ON n.parent = t.id) INSERT INTO nodes (id, depth) SELECT id, depth FROM tree

-- Insert a
-- parts INSERT INSERT
WITH x AS (WITH y AS (SELECT 1) INSERT INTO a (v) VALUES ($1)) INSERT INTO b (v) VALUES ($2)

-- Insert t
-- sets a=0
INSERT INTO t (a) WITH s AS (SELECT $1 AS a) SELECT $1 FROM s

-- Idempotent users
-- upsert
-- conflict id
WITH input AS (SELECT $1::uuid AS id, $2::text AS name) INSERT INTO users (id, name) SELECT id, name FROM input ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name

-- Lock jobs
WITH j AS (SELECT * FROM jobs FOR UPDATE) SELECT * FROM j

-- Read
;WITH x AS (SELECT 1 AS n) SELECT n FROM x

-- NonIdempotent accounts
WITH batch (id, amount) AS (?0) UPDATE accounts SET balance = balance + batch.amount FROM batch WHERE accounts.id = batch.id

-- Idempotent accounts
WITH batch AS (¤) DELETE FROM accounts USING batch WHERE accounts.id = batch.id

-- Idempotent accounts
WITH batch AS (%query%) DELETE FROM accounts WHERE id = ANY(SELECT id FROM batch)

-- NonIdempotent stock
-- parts UPDATE INSERT
-- notexists
WITH up AS (UPDATE stock SET qty = $2 WHERE sku = $1 RETURNING 1) INSERT INTO stock (sku, qty) SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM up)

-- Insert log
-- parts UPDATE INSERT
WITH up AS (UPDATE stock SET qty = $2 WHERE sku = $1 RETURNING 1) INSERT INTO log (sku) SELECT $1 WHERE NOT EXISTS (SELECT 1 FROM up)

-- Unknown
WITH x AS (SELECT 1)
