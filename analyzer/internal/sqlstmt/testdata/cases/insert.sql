-- Insert orders
-- sets id=0; customer_id=1; total=2
INSERT INTO orders (id, customer_id, total) VALUES ($1, $2, $3)

-- Insert orders
-- sets id=0; customer_id=1; total=2
INSERT INTO orders (id, customer_id, total) VALUES (?, ?, ?)

-- Insert orders
-- sets id=:id; customer_id=:customer_id
INSERT INTO orders (id, customer_id) VALUES (:id, :customer_id)

-- Insert orders
-- sets id=:id; customer_id=:cust
INSERT INTO orders (id, customer_id) VALUES (@id, @cust)

-- Insert orders
-- sets id=1; customer_id=0
INSERT INTO orders (id, customer_id) VALUES (@p2, @p1)

-- Insert orders
-- sets id=1; customer_id=0; note=1
INSERT INTO orders (id, customer_id, note) VALUES ($2, $1, $2)

-- Insert orders
-- sets id=2; customer_id=0
INSERT INTO orders (id, customer_id) VALUES (?3, ?1)

-- Insert orders
-- sets id=0; customer_id=1
INSERT INTO orders (id, customer_id) VALUES (?0, ?1)

-- Insert orders
-- sets id=0; customer_id=1
INSERT INTO orders (id, customer_id) VALUES (:1, :2)

-- Insert orders
-- sets id=:id; note=:note
INSERT INTO orders (id, note) VALUES ($id, $note)

-- Insert orders
-- sets id=:id; customer_id=:customer; note=:note
INSERT INTO orders (id, customer_id, note) VALUES (sqlc.arg(id), sqlc.arg('customer'), sqlc.narg(note))

-- Insert orders
-- sets id="nextval ( 'orders_id_seq' )"; customer_id=0; created_at="now ( )"
INSERT INTO orders (id, customer_id, created_at) VALUES (nextval('orders_id_seq'), $1, now())

-- Insert orders
-- sets id="gen_random_uuid ( )"; customer_id=0
-- returning
INSERT INTO orders (id, customer_id) VALUES (gen_random_uuid(), $1) RETURNING id

-- Insert orders
-- sets id="uuid ( )"; customer_id=0; state="'new'"
INSERT INTO orders (id, customer_id, state) VALUES (uuid(), ?, 'new')

-- Insert orders
-- sets id="NEWID ( )"; customer_id=0
-- returning
INSERT INTO [dbo].[orders] ([id], [customer_id]) OUTPUT INSERTED.id VALUES (NEWID(), @p1)

-- Insert orders
-- sets id=0; body=1; total=2; placed=3
INSERT INTO orders (id, body, total, placed) VALUES ($1::uuid, CAST($2 AS jsonb), ($3), to_timestamp($4))

-- Insert users
-- sets email=0; name=1; bin=2
INSERT INTO users (email, name, bin) VALUES (lower(trim($1)), NULLIF($2, ''), UUID_TO_BIN($3))

-- Insert orders
-- sets id=0"COALESCE ( $1 , gen_random_uuid ( ) )"; total=1
INSERT INTO orders (id, total) VALUES (COALESCE($1, gen_random_uuid()), $2)

-- Insert places
-- sets id=0; point="ST_MakePoint ( $2 , $3 )"; code="'A' || $4"
INSERT INTO places (id, point, code) VALUES ($1, ST_MakePoint($2, $3), 'A' || $4)

-- Insert items
-- sets order_id=0; sku=1; qty=2
INSERT INTO items (order_id, sku, qty) VALUES (?, ?, ?), (?, ?, ?), (?, ?, ?)

-- Insert items
-- sets =0; =1; ="now ( )"
INSERT INTO items VALUES ($1, $2, now())

-- Insert items
-- sets -
INSERT INTO items DEFAULT VALUES

-- Insert items
-- sets a=0; b=1; c="1"
INSERT INTO items SET a = ?, b = ?, c = 1

-- Insert users
-- sets name=0; select=1
INSERT INTO "shop"."users" ("name", "select") VALUES ($1, $2)

-- Insert users
-- sets name=0; order=1
INSERT INTO `shop`.`users` (`name`, `order`) VALUES (?, ?)

-- Insert users
-- sets name=0
INSERT INTO shop.public.Users (Name) VALUES ($1)

-- Insert users
-- sets id="100"; name=0
INSERT INTO users (id, name) OVERRIDING SYSTEM VALUE VALUES (100, $1)

-- Insert users
-- sets name=0
INSERT LOW_PRIORITY INTO users (name) VALUES (?)

-- Insert users
-- sets name=0
-- returning
INSERT users (name) OUTPUT INSERTED.id INTO @ids VALUES (@p1)

-- Insert archive
-- sets id="id"; total="total"; batch=0
INSERT INTO archive (id, total, batch) SELECT id, total, $1 FROM orders WHERE placed < $2

-- Insert items
-- sets order_id=0; sku=1
INSERT INTO items (order_id, sku) SELECT $1, unnest($2::text[])

-- Insert items
-- sets order_id=0; sku=1
INSERT INTO items (order_id, sku) SELECT * FROM unnest($1::uuid[], $2::text[])

-- Insert items
-- sets sku=1; order_id=0
INSERT INTO items (sku, order_id) SELECT u.sku, u.oid FROM unnest($1::uuid[], $2::text[]) AS u(oid, sku)

-- Insert items
-- sets a=0; b=1
INSERT INTO items (a, b) SELECT v.x, v.y FROM (VALUES ($1, $2)) AS v(x, y) JOIN sku s ON s.id = v.y

-- Insert items
-- sets a=0; b="price"
-- where id=1
INSERT INTO items (a, b) SELECT $1, price FROM sku WHERE id = $2

-- Insert items
INSERT INTO items SELECT * FROM basket

-- Insert items
-- sets a=0; b=1
INSERT INTO items (a, b) (SELECT $1, $2)

-- Insert seats
-- sets id=0; row="( SELECT max ( row ) + 1 FROM seats )"
INSERT INTO seats (id, row) VALUES ($1, (SELECT max(row) + 1 FROM seats))

-- NonIdempotent claims
-- sets ref=0; body=1
-- notexists
INSERT INTO claims (ref, body) SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM claims WHERE ref = $1)

-- NonIdempotent claims
-- sets ref=0
-- notexists
INSERT INTO claims (ref) SELECT ? FROM DUAL WHERE NOT EXISTS (SELECT * FROM claims c WHERE c.ref = ?) LIMIT 1

-- NonIdempotent claims
-- notexists
INSERT INTO claims (ref) SELECT $1 WHERE (SELECT count(*) FROM claims WHERE ref = $1) = 0

-- NonIdempotent claims
-- notexists
WITH old AS (SELECT ref FROM claims) INSERT INTO claims (ref) SELECT $1 WHERE $1 NOT IN (SELECT ref FROM old)

-- Insert claims
INSERT INTO claims (ref) SELECT $1 WHERE $1 NOT IN ('a', 'b')

-- Insert claims
INSERT INTO claims (ref) SELECT $1 WHERE NOT EXISTS (SELECT 1 FROM blocked WHERE ref = $1)

-- InsertIgnore claims
-- conflict ref
INSERT INTO claims (ref) SELECT $1 WHERE NOT EXISTS (SELECT 1 FROM claims WHERE ref = $1) ON CONFLICT (ref) DO NOTHING

-- NonIdempotent claims
-- sets ref=0
-- notexists
IF NOT EXISTS (SELECT 1 FROM claims WHERE ref = @p1) INSERT INTO claims (ref) VALUES (@p1)

-- NonIdempotent claims
-- notexists
IF NOT EXISTS (SELECT 1 FROM claims WHERE ref = @p1) BEGIN INSERT INTO claims (ref) VALUES (@p1); END

-- NonIdempotent stock
-- notexists
IF EXISTS (SELECT 1 FROM stock WHERE sku = @sku) UPDATE stock SET qty = @qty WHERE sku = @sku ELSE INSERT INTO stock (sku, qty) VALUES (@sku, @qty)

-- NonIdempotent stock
-- classes Idempotent NonIdempotent
-- notexists
UPDATE stock SET qty = @qty WHERE sku = @sku; IF @@ROWCOUNT = 0 INSERT INTO stock (sku, qty) VALUES (@sku, @qty)

-- Insert orders
-- sets id=0; note="'it''s; not -- a comment'"; total=1
INSERT INTO orders (id, note, total) VALUES ($1, 'it''s; not -- a comment', $2)

-- Insert orders
-- sets id=0; total=1
INSERT INTO orders -- the order; itself
  (id, /* money, in cents */ total)
VALUES
  (?, -- by the caller
   ?)

-- Insert nums
-- sets a="- 1"; b="+ 2.5"; c="1e-3"; d="0xff"
INSERT INTO nums (a, b, c, d) VALUES (-1, +2.5, 1e-3, 0xff)

-- Insert raw
-- sets a="E'\n'"; b="N'x'"; c="$$it's; raw$$"; d="$tag$INSERT $1$tag$"; e=0
INSERT INTO raw (a, b, c, d, e) VALUES (E'\n', N'x', $$it's; raw$$, $tag$INSERT $1$tag$, $1)

-- Insert users
-- sets a=0; b=1; c=2
INSERT INTO users(a,b,c)VALUES(?,?,?)

-- Insert users
-- sets a=0; b=1; c="2"
INSERT INTO users(a,b,c)VALUES($1,$2::text,2)RETURNING id
-- returning

-- Insert users
-- sets id=0
-- returning
INSERT INTO users (id) VALUES (@p1) THEN RETURN id

-- Insert täble
-- sets größe=0; 名前=1
INSERT INTO täble (größe, 名前) VALUES ($1, $2)

-- Insert events
-- sets payload="'{\"a\": [1, 2]}'"; tags="ARRAY [ 'x' , $1 ]"
INSERT INTO events (payload, tags) VALUES ('{"a": [1, 2]}', ARRAY['x', $1])

-- Unknown t
INSERT INTO t EXEC load_rows @p1

-- Insert logs
-- sets a=0
INSERT INTO logs (a) SETTINGS async_insert = 1 VALUES (?)

-- Insert logs
INSERT INTO logs (a, b) SETTINGS async_insert = 1 FORMAT Native

-- Insert table
-- sets a=0
INSERT INTO table (a) VALUES (?)

-- Insert logs
INSERT INTO TABLE logs SELECT * FROM staged

-- InsertIgnore t
INSERT INTO t JSON ? IF NOT EXISTS
