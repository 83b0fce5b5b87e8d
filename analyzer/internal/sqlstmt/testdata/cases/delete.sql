-- Idempotent users
-- where id=0
DELETE FROM users WHERE id = $1

-- Idempotent users
-- where id=0; tenant=1
DELETE FROM users WHERE id = ? AND tenant = ?

-- Idempotent users
-- where -
DELETE FROM users

-- Idempotent users
DELETE FROM users WHERE expires_at < now()

-- Idempotent tokens
-- where token=0
-- returning
DELETE FROM tokens WHERE token = $1 RETURNING user_id

-- Idempotent tokens
-- returning
DELETE FROM tokens OUTPUT DELETED.user_id WHERE token = @p1

-- Idempotent tokens
DELETE FROM ONLY shop.tokens t USING users u WHERE u.id = t.user_id AND u.email = $1

-- Idempotent tokens
DELETE t FROM tokens t JOIN users u ON u.id = t.user_id WHERE u.email = ?

-- Idempotent tokens
DELETE tokens WHERE token = @p1

-- Idempotent tokens
DELETE FROM tokens WHERE user_id = (SELECT id FROM users WHERE email = $1 LIMIT 1)

-- Idempotent users
DELETE FROM users WHERE id = ? LIMIT 1

-- Idempotent users
DELETE FROM users WHERE user_id = ? LIMIT 1

-- Idempotent userinfo
-- where user_id=0
DELETE from cmstmp01.userinfo WHERE user_id = ? LIMIT 1

-- Idempotent active_price
DELETE FROM active_price WHERE source = :source AND price_id = :price_id LIMIT 1

-- NonIdempotent active_price
DELETE FROM active_price WHERE source = :source AND price_id = :price_id ORDER BY id LIMIT 1

-- NonIdempotent active_price
DELETE FROM active_price WHERE price_id = ? LIMIT 2

-- NonIdempotent active_price
DELETE FROM active_price WHERE source = 'web' LIMIT 1

-- NonIdempotent jobs
DELETE FROM jobs WHERE queue = ? LIMIT 1

-- NonIdempotent cart_items
-- where cart_id=0; product_id=1
DELETE FROM cart_items WHERE cart_id = ? AND product_id = ? LIMIT 1

-- NonIdempotent seats
-- where show_id=0
DELETE FROM seats WHERE show_id = ? LIMIT 1

-- NonIdempotent vouchers
-- returning
DELETE FROM vouchers WHERE campaign_id = ? LIMIT 1 RETURNING code

-- NonIdempotent jobs
DELETE FROM jobs ORDER BY id LIMIT 1

-- NonIdempotent jobs
DELETE FROM jobs WHERE queue = ? LIMIT 10

-- NonIdempotent jobs
-- returning
DELETE FROM jobs WHERE id = (SELECT id FROM jobs ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING body

-- NonIdempotent jobs
-- returning
DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE queue = $1 ORDER BY id LIMIT $2) RETURNING *

-- Idempotent jobs
WITH old AS (SELECT id FROM jobs WHERE name ~ $2 LIMIT (CASE WHEN $1 THEN 1 END)) DELETE FROM jobs WHERE id = ANY(SELECT id FROM old)

-- NonIdempotent jobs
-- returning
DELETE TOP (1) FROM jobs WITH (ROWLOCK, READPAST) OUTPUT DELETED.body

-- NonIdempotent jobs
-- returning
WITH next AS (SELECT TOP (1) * FROM jobs WITH (READPAST) ORDER BY id) DELETE FROM next OUTPUT DELETED.body

-- NonIdempotent jobs
DELETE FROM jobs USING (SELECT id FROM jobs FOR UPDATE SKIP LOCKED LIMIT 1) n WHERE n.id = jobs.id

-- Idempotent users
-- where id=:id
delete from "users" where "id" = :id

-- Idempotent prefs
DELETE v FROM prefs WHERE k = ?

-- Idempotent prefs
DELETE FROM prefs WHERE k = ? IF EXISTS

-- Idempotent tokens
DELETE FROM tokens WHERE id IN (SELECT id FROM tokens WHERE revoked IS TRUE AND updated_at < now() - interval '24 hours' LIMIT 100 FOR UPDATE SKIP LOCKED)

-- Idempotent sessions
DELETE FROM sessions WHERE expires_at <= CURRENT_TIMESTAMP LIMIT 1000

-- NonIdempotent jobs
-- returning
DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE run_at <= now() LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id

-- NonIdempotent jobs
DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE priority < 3 LIMIT 1 FOR UPDATE SKIP LOCKED)
