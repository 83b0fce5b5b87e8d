-- InsertIgnore keys
-- sets key=0; owner=1
-- conflict -
INSERT INTO keys (key, owner) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- InsertIgnore keys
-- conflict tenant key
-- returning
INSERT INTO keys (tenant, key) VALUES ($1, $2) ON CONFLICT (tenant, key) DO NOTHING RETURNING id

-- InsertIgnore keys
-- conflict email
INSERT INTO keys (email) VALUES ($1) ON CONFLICT (lower(email)) WHERE deleted_at IS NULL DO NOTHING

-- InsertIgnore keys
-- conflict -
-- constraint keys_key_uq
INSERT INTO keys (key) VALUES ($1) ON CONFLICT ON CONSTRAINT keys_key_uq DO NOTHING

-- InsertIgnore keys
-- sets key=0
INSERT IGNORE INTO keys (`key`) VALUES (?)

-- InsertIgnore keys
-- sets key=0
INSERT OR IGNORE INTO keys (key) VALUES (?)

-- InsertIgnore keys
-- sets key=0; at=1
INSERT INTO keys (key, at) VALUES (?, ?) IF NOT EXISTS

-- InsertIgnore keys
INSERT INTO keys (key, at) VALUES (?, ?) IF NOT EXISTS USING TTL 86400

-- Idempotent keys
-- upsert
INSERT INTO keys (key, at) VALUES (?, ?) USING TTL ?

-- InsertIgnore keys
-- sets key=0
INSERT INTO keys (key) SELECT $1 ON CONFLICT DO NOTHING

-- InsertIgnore keys
-- sets key=0
INSERT INTO keys (key) VALUES ($1) on conflict do nothing;

-- Idempotent users
-- sets id=0; name=1
-- conflict id
-- upsert
INSERT INTO users (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name

-- Idempotent users
-- conflict id
-- upsert
INSERT INTO users (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, updated_at = now()

-- Idempotent users
-- conflict id
-- upsert
-- returning
INSERT INTO users (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET (name, seen) = (EXCLUDED.name, now()) RETURNING *

-- Idempotent users
-- upsert
-- conflict id
INSERT INTO users AS u (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = COALESCE(EXCLUDED.name, u.name)

-- Idempotent users
-- upsert
-- conflict id
INSERT INTO users (id, score) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET score = GREATEST(users.score, EXCLUDED.score)

-- NonIdempotent counters
-- sets name=0; n="1"
-- conflict name
-- upsert
INSERT INTO counters (name, n) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET n = counters.n + 1

-- NonIdempotent counters
-- upsert
INSERT INTO counters AS c (name, n) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET n = c.n + EXCLUDED.n

-- NonIdempotent counters
-- upsert
INSERT INTO counters (name, n) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1

-- Idempotent counters
-- upsert
INSERT INTO counters (name, n) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET n = EXCLUDED.n + 1

-- NonIdempotent counters
-- conflict -
-- upsert
INSERT INTO counters (name, n) VALUES (?, 1) ON DUPLICATE KEY UPDATE n = n + 1

-- NonIdempotent counters
-- upsert
INSERT INTO counters (name, n) VALUES (?, ?) ON DUPLICATE KEY UPDATE n = n + VALUES(n)

-- Idempotent counters
-- upsert
INSERT INTO counters (name, n) VALUES (?, ?) ON DUPLICATE KEY UPDATE n = VALUES(n), updated_at = NOW()

-- Idempotent counters
-- upsert
INSERT INTO counters (name, n) VALUES (?, ?) AS new ON DUPLICATE KEY UPDATE n = new.n

-- NonIdempotent counters
-- upsert
INSERT INTO counters (name, n) VALUES (?, ?) AS new ON DUPLICATE KEY UPDATE n = counters.n + new.n

-- Idempotent counters
-- upsert
INSERT INTO counters (name, n) VALUES (?, ?) AS new ON DUPLICATE KEY UPDATE n = new.n + new.m

-- InsertIgnore keys
-- upsert
INSERT INTO keys (k) VALUES (?) ON DUPLICATE KEY UPDATE k = k

-- InsertIgnore keys
-- upsert
INSERT INTO keys (k) VALUES (?) ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)

-- NonIdempotent seq
-- upsert
INSERT INTO seq (k, n) VALUES (?, 1) ON DUPLICATE KEY UPDATE n = LAST_INSERT_ID(n + 1)

-- InsertIgnore keys
-- conflict key
-- upsert
-- returning
INSERT INTO keys (key, owner) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET key = EXCLUDED.key RETURNING owner, (xmax = 0) AS fresh

-- InsertIgnore keys
-- conflict key
-- upsert
-- returning
INSERT INTO keys (key, owner) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET owner = keys.owner RETURNING owner

-- Idempotent keys
-- conflict key
-- upsert
INSERT INTO keys (key, owner) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET key = EXCLUDED.key

-- InsertIgnore leases
-- conflict name
-- upsert
-- returning
INSERT INTO leases (name, owner, expires_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner, expires_at = EXCLUDED.expires_at WHERE leases.expires_at < now() RETURNING owner

-- InsertIgnore leases
-- upsert
INSERT INTO leases (name, owner) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner WHERE leases.expires_at <= CURRENT_TIMESTAMP

-- Guarded docs
-- upsert
INSERT INTO docs (id, seq, body) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET seq = EXCLUDED.seq, body = EXCLUDED.body WHERE docs.seq < EXCLUDED.seq

-- Idempotent docs
-- upsert
INSERT INTO docs (id, seq, body) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET seq = EXCLUDED.seq, body = EXCLUDED.body WHERE docs.seq <= EXCLUDED.seq

-- Guarded docs
-- upsert
INSERT INTO docs (id, state) VALUES ($1, 'open') ON CONFLICT (id) DO UPDATE SET state = 'open' WHERE docs.state = 'closed'

-- Idempotent docs
-- upsert
INSERT INTO docs (id, owner, body) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body WHERE docs.owner = EXCLUDED.owner

-- Guarded docs
-- upsert
-- version
INSERT INTO docs (id, body, version) VALUES ($1, $2, 1) ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body, version = docs.version + 1 WHERE docs.version = $3

-- Idempotent docs
-- upsert
INSERT INTO docs (id, meta) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET meta = docs.meta || EXCLUDED.meta

-- NonIdempotent docs
-- upsert
INSERT INTO docs (id, log) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET log = docs.log || EXCLUDED.log

-- NonIdempotent tokens
-- upsert
INSERT INTO tokens (user_id, token) VALUES ($1, gen_random_uuid()) ON CONFLICT (user_id) DO UPDATE SET token = gen_random_uuid() RETURNING token
-- returning

-- Idempotent tokens
-- upsert
INSERT INTO tokens (user_id, token) VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET token = $2, created_at = CURRENT_TIMESTAMP

-- Idempotent prefs
-- sets k=0; v=1
-- upsert
REPLACE INTO prefs (k, v) VALUES (?, ?)

-- Idempotent prefs
-- sets k=0; v=1
-- upsert
INSERT OR REPLACE INTO prefs (k, v) VALUES (?, ?)

-- Idempotent prefs
-- sets k=0; v=1
-- upsert
UPSERT INTO prefs (k, v) VALUES ($1, $2)

-- Idempotent prefs
-- upsert
INSERT OR UPDATE INTO prefs (k, v) VALUES (@k, @v)

-- Insert prefs
INSERT OR ABORT INTO prefs (k, v) VALUES (?, ?)

-- Idempotent prefs
-- conflict k
-- upsert
INSERT INTO prefs (k, v) SELECT k, $1 FROM defaults WHERE true ON CONFLICT (k) DO UPDATE SET v = excluded.v

-- NonIdempotent prefs
-- upsert
INSERT INTO prefs (a, b) VALUES (?, ?) ON CONFLICT (a) DO NOTHING ON CONFLICT (b) DO UPDATE SET n = prefs.n + 1

-- Idempotent stock
-- sets sku=:sku; qty=:qty
-- conflict sku
-- upsert
MERGE INTO stock WITH (HOLDLOCK) AS t USING (VALUES (@sku, @qty)) AS s (sku, qty) ON t.sku = s.sku WHEN MATCHED THEN UPDATE SET qty = s.qty WHEN NOT MATCHED THEN INSERT (sku, qty) VALUES (s.sku, s.qty);

-- NonIdempotent stock
-- sets sku=0; qty=1
-- conflict sku
-- upsert
MERGE INTO stock t USING (SELECT $1 AS sku, $2 AS qty) s ON t.sku = s.sku WHEN MATCHED THEN UPDATE SET qty = t.qty + s.qty WHEN NOT MATCHED THEN INSERT (sku, qty) VALUES (s.sku, s.qty)

-- InsertIgnore stock
-- sets sku=0; qty=1
-- conflict sku
MERGE stock AS target USING (SELECT @p1 AS sku, @p2 AS qty) AS source ON target.sku = source.sku WHEN NOT MATCHED BY TARGET THEN INSERT (sku, qty) VALUES (source.sku, source.qty) OUTPUT INSERTED.sku;
-- returning

-- Idempotent stock
-- upsert
MERGE INTO stock t USING incoming s ON t.sku = s.sku WHEN MATCHED THEN UPDATE SET qty = s.qty WHEN NOT MATCHED BY SOURCE THEN DELETE;

-- Guarded stock
-- version
-- upsert
MERGE INTO stock t USING (SELECT $1 AS sku, $2 AS ver) s ON t.sku = s.sku WHEN MATCHED AND t.version = $3 THEN UPDATE SET version = t.version + 1

-- Idempotent stock
-- sets sku=0; qty=1
-- upsert
MERGE INTO stock t USING DUAL ON (t.sku = :1) WHEN MATCHED THEN UPDATE SET t.qty = :2 WHEN NOT MATCHED THEN INSERT (sku, qty) VALUES (:1, :2)

-- Idempotent logins
-- upsert
-- conflict name
INSERT INTO logins (name, attempts) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET attempts = logins.attempts + 1

-- NonIdempotent logins
-- upsert
-- conflict name
INSERT INTO logins (name, attempts, seen) VALUES ($1, 1, 1) ON CONFLICT (name) DO UPDATE SET attempts = logins.attempts + 1, seen = logins.seen + 1
