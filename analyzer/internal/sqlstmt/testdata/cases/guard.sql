-- Guarded orders
-- sets state="'paid'"
-- where id=0; state="'new'"
UPDATE orders SET state = 'paid' WHERE id = $1 AND state = 'new'

-- Guarded orders
UPDATE orders SET state = $1 WHERE id = $2 AND state = $3

-- Guarded orders
UPDATE orders SET state = ? WHERE id = ? AND state = ?

-- Guarded orders
UPDATE orders o SET state = 'paid' WHERE o.id = $1 AND o.state = 'new'

-- Guarded orders
UPDATE orders SET state = 'paid' WHERE id = $1 AND state IN ('new', 'held')

-- Guarded orders
UPDATE orders SET state = $1 WHERE id = $2 AND state IN ($3, $4)

-- Guarded orders
UPDATE orders SET state = 'paid' WHERE id = $1 AND (state = 'new' OR state = 'held')

-- Guarded orders
UPDATE orders SET state = 'paid' WHERE id = $1 AND state <> 'paid'

-- Guarded orders
UPDATE orders SET state = 'paid' WHERE id = $1 AND state NOT IN ('paid', 'void')

-- Guarded orders
UPDATE orders SET state = 'paid' WHERE id = $1 AND NOT (state = 'paid')

-- Guarded orders
UPDATE orders SET state = $1 WHERE id = $2 AND state IS DISTINCT FROM $1

-- Guarded orders
UPDATE orders SET state = 'paid' WHERE id = $1 AND state = ANY(ARRAY['new', 'held'])

-- Guarded orders
UPDATE orders SET state = 'paid' WHERE id = $1 AND state = ANY($2)

-- Guarded orders
UPDATE orders SET state = 'paid' WHERE id = $1 AND state <> ALL(ARRAY['paid', 'void'])

-- Idempotent orders
-- where id=0
UPDATE orders SET state = 'paid' WHERE id = $1 AND state <> ANY(ARRAY['paid', 'void'])

-- Guarded orders
UPDATE orders SET state = 'paid' WHERE id = $1 AND 'new' = state

-- Guarded orders
UPDATE orders SET state = 'paid' WHERE id = $1 AND state::text = 'new'::text

-- Guarded orders
UPDATE orders SET state = "paid" WHERE id = ? AND state = "new"

-- Guarded orders
UPDATE orders SET paid_at = now() WHERE id = $1 AND paid_at IS NULL

-- Guarded orders
UPDATE orders SET deleted_at = CURRENT_TIMESTAMP WHERE id = ? AND deleted_at IS NULL

-- Guarded orders
UPDATE orders SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL

-- Guarded orders
UPDATE orders SET used = true WHERE id = $1 AND NOT used

-- Guarded orders
UPDATE orders SET used = true WHERE id = $1 AND used = false

-- Guarded orders
UPDATE orders SET used = 1 WHERE id = ? AND used = 0

-- Guarded orders
UPDATE orders SET active = false WHERE id = $1 AND active

-- Guarded orders
UPDATE orders SET active = false WHERE id = $1 AND active IS TRUE

-- Guarded orders
UPDATE orders SET used = true WHERE id = $1 AND COALESCE(used, false) = false

-- Guarded orders
UPDATE orders SET seq = $1 WHERE id = $2 AND seq < $1

-- Guarded orders
UPDATE orders SET owner = $1, lease_until = now() + interval '5 minutes' WHERE id = $2 AND (lease_until IS NULL OR lease_until < now())

-- Guarded orders
UPDATE orders SET last_run = now() WHERE name = $1 AND last_run < now() - interval '1 hour'

-- Guarded orders
-- version
UPDATE orders SET total = $1, version = version + 1 WHERE id = $2 AND version = $3

-- Guarded orders
-- version
-- sets total=0; version="version + 1"
-- where id=1; version=2
UPDATE orders SET total = ?, version = version + 1 WHERE id = ? AND version = ?

-- Guarded orders
-- version
UPDATE orders SET total = :total, version = version + 1 WHERE id = :id AND version = :version

-- Guarded orders
-- version
-- returning
UPDATE orders SET n = n + 1, version = version + 1 WHERE id = $1 AND version = $2 RETURNING version

-- Guarded orders
-- version
UPDATE orders SET total = $1, revision = $2 WHERE id = $3 AND revision = $4

-- Guarded orders
-- version
UPDATE accounts.orders SET balance = balance - $1, version = accounts.version + 1 WHERE id = $2 AND version = $3

-- Guarded accounts
UPDATE accounts SET balance = balance - $1, state = 'charged' WHERE id = $2 AND state = 'open'

-- Guarded accounts
UPDATE accounts SET balance = balance + $1, credited = true WHERE id = $2 AND NOT credited

-- Guarded accounts
UPDATE accounts SET balance = balance + $1, last_event = $2 WHERE id = $3 AND last_event < $2

-- Guarded accounts
-- version
UPDATE accounts SET n = n + 1 WHERE id = $1 AND n = $2

-- NonIdempotent accounts
UPDATE accounts SET balance = balance - $1 WHERE id = $2 AND balance >= $1

-- NonIdempotent accounts
UPDATE accounts SET stock = stock - ? WHERE id = ? AND stock > 0

-- NonIdempotent accounts
UPDATE accounts SET orders = orders + 1 WHERE id = $1 AND orders < 5

-- NonIdempotent accounts
UPDATE accounts SET balance = balance - $1 WHERE id = $2 AND state = 'open'

-- NonIdempotent accounts
UPDATE accounts SET balance = balance - $1, state = 'open' WHERE id = $2 AND (state = 'open' OR vip)

-- NonIdempotent accounts
UPDATE accounts SET balance = balance + $1, state = 'b' WHERE id = $2 AND state IN ('a', 'b')

-- NonIdempotent accounts
UPDATE accounts SET balance = balance + $1, updated_at = now() WHERE id = $2 AND updated_at < now()

-- NonIdempotent accounts
UPDATE accounts SET balance = balance + $1, state = 'x' WHERE id = $2 AND state <> 'y'

-- NonIdempotent accounts
UPDATE accounts SET balance = balance + $1, state = $2 WHERE id = $3 AND state = $2

-- NonIdempotent accounts
UPDATE accounts SET balance = balance + $1, state = 'x' FROM o WHERE accounts.id = o.id AND o.state = 'y'

-- Guarded accounts
UPDATE accounts SET token = gen_random_uuid() WHERE id = $1 AND token = $2

-- Guarded docs
UPDATE docs SET tags = array_append(tags, $1) WHERE id = $2 AND NOT ($1 = ANY(tags))

-- Guarded docs
UPDATE docs SET tags = array_append(tags, $1) WHERE id = $2 AND NOT tags @> ARRAY[$1]

-- Guarded docs
UPDATE docs SET tags = array_append(tags, $1) WHERE id = $2 AND $1 <> ALL(tags)

-- Idempotent docs
UPDATE docs SET state = 'a' WHERE id = $1 AND state = 'a'

-- Idempotent docs
UPDATE docs SET state = 'done' WHERE id = $1 AND state <> 'void'

-- Idempotent docs
UPDATE docs SET state = 'done' WHERE id = $1 OR state = 'new'

-- Idempotent docs
UPDATE docs SET state = 'done' WHERE id = $1 AND other = 'new'

-- Idempotent docs
UPDATE docs SET state = d.state FROM defaults d WHERE docs.state = d.old

-- Guarded docs
UPDATE docs SET state = ? WHERE id = ? IF state = ?

-- Idempotent docs
UPDATE docs SET body = ? WHERE id = ? IF EXISTS

-- NonIdempotent jobs
-- returning
UPDATE jobs SET state = 'run' WHERE id = (SELECT id FROM jobs WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *

-- NonIdempotent jobs
UPDATE jobs SET state = 'run' WHERE id IN (SELECT id FROM jobs WHERE state = 'new' LIMIT 10)

-- NonIdempotent jobs
UPDATE jobs SET state = 'run', worker = ? WHERE state = 'new' ORDER BY id LIMIT 1

-- NonIdempotent jobs
UPDATE jobs SET state = 'run' WHERE state = 'new' LIMIT 1

-- Guarded verifier
UPDATE verifier SET used_utc = :used_utc WHERE mobile_phone = :mobile_phone AND sms_code = :sms_code AND used_utc IS NULL LIMIT 1

-- Guarded orders
UPDATE orders SET state = 'paid', trade = ? WHERE order_no = ? AND state = 'new' LIMIT 1

-- Guarded orders
UPDATE orders SET state = 'paid' WHERE id = ? AND state = 'new' LIMIT 1

-- NonIdempotent orders
UPDATE orders SET state = 'paid' WHERE order_no = ? AND state = 'new' ORDER BY id LIMIT 1

-- NonIdempotent cards
UPDATE cards SET state = 'sold', order_no = ? WHERE product_id = ? AND state = 'new' LIMIT 1

-- NonIdempotent cards
UPDATE cards SET state = 'sold' WHERE product_code = ? AND state = 'new' LIMIT 1

-- NonIdempotent order_items
UPDATE order_items SET state = 'sent' WHERE order_no = ? AND state = 'new' LIMIT 1

-- NonIdempotent vouchers
UPDATE vouchers SET used = 1 WHERE email = ? AND used = 0 LIMIT 1

-- NonIdempotent coupons
UPDATE coupons SET user_id = ? WHERE batch_no = ? AND user_id IS NULL LIMIT 1

-- NonIdempotent jobs
UPDATE TOP (1) jobs SET state = 'run' OUTPUT INSERTED.id WHERE state = 'new'
-- returning

-- NonIdempotent proxies
UPDATE proxies SET used_at = now() WHERE id = (SELECT id FROM proxies ORDER BY used_at FETCH FIRST 1 ROW ONLY)

-- Idempotent users
UPDATE users SET name = ? WHERE id = ? LIMIT 1

-- Idempotent users
UPDATE users SET name = $1 WHERE id = (SELECT user_id FROM tokens WHERE token = $2 LIMIT 1)

-- Idempotent users
UPDATE users SET name = $1 WHERE id = (SELECT id FROM users WHERE email = $2 ORDER BY created_at LIMIT 1)

-- Guarded tokens
UPDATE tokens SET used_at = now() WHERE token = $1 AND used_at IS NULL AND expires_at > now()
