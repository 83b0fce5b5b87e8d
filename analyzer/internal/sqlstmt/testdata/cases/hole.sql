-- Insert
-- sets a=0
INSERT INTO ¤ (a) VALUES ($1)

-- Insert orders
-- sets a=0
INSERT INTO ¤.orders (a) VALUES ($1)

-- Insert
-- sets a=0
INSERT INTO ¤_orders (a) VALUES ($1)

-- Insert
-- sets a=0
INSERT INTO shop.¤orders(a) VALUES ($1)

-- Insert
INSERT INTO "¤" (a) VALUES (?)

-- Insert orders
INSERT INTO orders (¤) VALUES (¤)

-- Insert orders
-- sets a=0
INSERT INTO orders (a, ¤) VALUES ($1, ¤)

-- Insert orders
INSERT INTO orders (a, b) VALUES ¤

-- Insert orders
INSERT INTO orders ¤

-- Insert orders
-- sets a=0; b=1
INSERT INTO orders (a, b) VALUES ($¤, $¤)

-- Insert orders
-- sets a=0; b=2; c=1
INSERT INTO orders (a, b, c) VALUES ($1, $3, $2), ($¤, $¤, $¤)

-- Insert orders
-- sets a=1; b=0; c=2
INSERT INTO orders (a, b, c) VALUES ($2, $1, $¤)

-- Insert
-- sets a=0; b=1
INSERT INTO ¤ (a, b) VALUES ($1, $¤)

-- Unknown orders
-- sets a=0; b="$¤"
-- where id="$¤"
UPDATE orders SET a = $1, ¤, b = $¤ WHERE id = $¤

-- Insert orders
-- sets a="¤"; b="'¤'"; c=0
INSERT INTO orders (a, b, c) VALUES (¤, '¤', ?)

-- Insert orders
-- sets a="'%s'"; b=0
INSERT INTO orders (a, b) VALUES ('%s', ?)

-- Insert
-- sets a="¤"; b=0
INSERT INTO %s (a, b) VALUES (%d, ?)

-- Insert
-- sets a=0
INSERT INTO %[1]s (a) VALUES (?)

-- Insert orders
-- sets a=0
INSERT INTO %s.orders (a) VALUES (?)

-- InsertIgnore
INSERT INTO ¤ (a) VALUES ($1) ON CONFLICT (¤) DO NOTHING

-- Unknown orders
-- upsert
INSERT INTO orders (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET ¤

-- Unknown orders
INSERT INTO orders (a) VALUES ($1) ON CONFLICT (a) ¤

-- Insert orders
-- sets a=0
INSERT INTO orders (a) VALUES ($1) ¤

-- Unknown orders
-- upsert
INSERT INTO orders (a) VALUES (?) ON DUPLICATE KEY UPDATE ¤

-- NonIdempotent
-- upsert
INSERT INTO ¤ (a, n) VALUES ($1, $2) ON CONFLICT (a) DO UPDATE SET n = ¤.n + EXCLUDED.n

-- Idempotent
-- sets a=0
-- where id=1
UPDATE ¤ SET a = ? WHERE id = ?

-- NonIdempotent
UPDATE ¤ SET n = n + 1 WHERE id = ?

-- NonIdempotent
UPDATE ¤ SET n = ¤.n + 1 WHERE id = ?

-- Unknown orders
-- where id=0
UPDATE orders SET ¤ WHERE id = ?

-- Unknown orders
UPDATE orders SET a = $1, ¤ WHERE id = $2

-- Unknown orders
UPDATE orders SET a = $1¤ WHERE id = $2

-- NonIdempotent orders
UPDATE orders SET n = n + 1, ¤ WHERE id = $2

-- Unknown orders
UPDATE orders SET ¤ = ¤ WHERE id = $1

-- Idempotent orders
UPDATE orders SET ¤ = $1 WHERE id = $2

-- Idempotent orders
UPDATE orders SET ¤ = $¤ WHERE id = $2

-- NonIdempotent orders
UPDATE orders SET ¤ = ¤ + 1 WHERE id = $1

-- Unknown orders
UPDATE orders SET a = ¤ WHERE id = $1

-- Idempotent orders
UPDATE orders SET a = '¤' WHERE id = $1

-- NonIdempotent orders
UPDATE orders SET n = n + ¤ WHERE id = $1

-- Idempotent orders
UPDATE orders SET a = $1 WHERE ¤

-- Idempotent orders
UPDATE orders SET a = $1 ¤

-- Guarded orders
UPDATE orders SET state = 'paid' WHERE state = 'new' AND ¤

-- Guarded orders
UPDATE orders SET state = 'paid' WHERE id = $1 AND state = '¤'

-- Idempotent orders
-- where id=0
DELETE FROM orders WHERE id = $1 ¤

-- Idempotent
DELETE FROM ¤ WHERE id = $1

-- Idempotent orders
DELETE FROM orders ¤

-- Read orders
SELECT ¤ FROM orders WHERE ¤

-- Read
SELECT * FROM ¤ WHERE id IN (¤)

-- Read orders
SELECT * FROM orders ¤ LIMIT ?

-- Read orders
SELECT ¤FROM orders WHERE¤

-- Unknown
¤

-- Unknown
¤ WHERE id = $1

-- Unknown
¤ INTO orders (a) VALUES ($1)

-- Unknown
-- classes Insert Unknown
INSERT INTO x (a) VALUES ($1); ¤

-- Insert
-- sets a=:a; b=:b
INSERT INTO ?TableName (a, b) VALUES (?a, ?b)

-- Insert accounts
-- sets a=1; b=2
INSERT INTO ?.accounts (a, b) VALUES (?, ?)

-- NonIdempotent accounts
-- where id=2
UPDATE ?0.accounts SET n = n + ?1 WHERE id = ?2

-- Insert
-- sets a=1
INSERT INTO ? (a) VALUES (?)

-- Idempotent
-- where id=1
DELETE FROM ? WHERE id = ?

-- NonIdempotent
UPDATE ?TableName AS ?TableAlias SET n = ?TableAlias.n + 1 WHERE id = ?

-- Read
/* ¤ */ SELECT 1

-- Read orders
-- where a=:name
SELECT * FROM orders WHERE a = :name¤

-- Read orders
-- where id=0; b=1
SELECT * FROM orders WHERE id = $1¤ AND b = $2
