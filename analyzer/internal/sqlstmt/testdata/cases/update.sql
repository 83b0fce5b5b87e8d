-- Idempotent users
-- sets name=0
-- where id=1
UPDATE users SET name = $1 WHERE id = $2

-- Idempotent users
-- sets name=0; email=1
-- where id=2
UPDATE users SET name = ?, email = ? WHERE id = ?

-- Idempotent users
-- sets name=:name
-- where id=:id
UPDATE users SET name = :name WHERE id = :id

-- Idempotent users
-- sets name=:name
-- where id=:id; tenant=:t
UPDATE users SET name=@name WHERE id=@id AND tenant=@t

-- Idempotent users
-- sets name=1
-- where id=0
UPDATE users SET name = @p2 WHERE id = @p1

-- Idempotent users
-- sets name=0; updated_at="now ( )"
UPDATE users SET name = $1, updated_at = now()

-- Idempotent users
-- sets seen="CURRENT_TIMESTAMP"
UPDATE users SET seen = CURRENT_TIMESTAMP WHERE id = ?

-- Idempotent users
-- sets name=0; email=1
-- where id=2
UPDATE users SET (name, email) = ($1, $2) WHERE id = $3

-- Idempotent users
-- sets name=0; email=1
UPDATE users SET (name, email) = ROW($1, $2) WHERE id = $3

-- Idempotent users
UPDATE users SET (name, email) = (SELECT name, email FROM staged WHERE staged.id = users.id)

-- NonIdempotent users
-- sets logins="logins + 1"
-- where id=0
UPDATE users SET logins = logins + 1 WHERE id = $1

-- NonIdempotent users
UPDATE users SET logins=logins+1 WHERE id=?

-- NonIdempotent users
UPDATE users SET logins = users.logins + $1 WHERE id = $2

-- NonIdempotent users
UPDATE users u SET logins = u.logins + 1 WHERE u.id = $1

-- NonIdempotent users
UPDATE users AS u SET "logins" = "u"."logins" + 1 WHERE u.id = $1

-- NonIdempotent users
UPDATE `users` SET `logins` = `logins` + 1 WHERE `id` = ?

-- NonIdempotent users
UPDATE [users] SET [logins] = [logins] + 1 WHERE [id] = @p1

-- NonIdempotent users
UPDATE users SET logins += 1 WHERE id = @p1

-- NonIdempotent users
UPDATE users SET LOGINS = logins - 1 WHERE id = $1

-- NonIdempotent users
UPDATE users SET logins = 1 + logins WHERE id = $1

-- NonIdempotent users
UPDATE users SET logins = COALESCE(logins, 0) + 1 WHERE id = $1

-- NonIdempotent users
UPDATE users SET logins = (logins::int + 1)::text WHERE id = $1

-- NonIdempotent users
UPDATE users SET balance = ROUND(balance * 1.05, 2)

-- NonIdempotent users
UPDATE users SET balance = GREATEST(0, balance - $1) WHERE id = $2

-- NonIdempotent users
UPDATE users SET n = CASE WHEN n < 10 THEN n + 1 ELSE n END WHERE id = $1

-- NonIdempotent users
UPDATE users SET expires_at = expires_at + interval '1 day' WHERE id = $1

-- Idempotent users
UPDATE users SET expires_at = now() + interval '1 day' WHERE id = $1

-- NonIdempotent users
UPDATE users SET expires_at = DATE_ADD(expires_at, INTERVAL 1 DAY) WHERE id = ?

-- Idempotent users
UPDATE users SET expires_at = DATE_ADD(NOW(), INTERVAL ? DAY) WHERE id = ?

-- NonIdempotent users
UPDATE users SET expires_at = datetime(expires_at, '+1 day') WHERE id = ?

-- Idempotent users
UPDATE users SET total = price * $1 WHERE id = $2

-- Idempotent users
UPDATE users SET name = COALESCE($1, name), email = COALESCE($2, email) WHERE id = $3

-- Idempotent users
UPDATE users SET name = CASE WHEN $1 = '' THEN name ELSE $1 END WHERE id = $2

-- Idempotent users
UPDATE users SET name = IF(? = '', name, ?) WHERE id = ?

-- Idempotent users
UPDATE users SET score = GREATEST(score, $1) WHERE id = $2

-- Idempotent users
UPDATE users SET score = MAX(score, ?) WHERE id = ?

-- NonIdempotent users
UPDATE users SET active = NOT active WHERE id = $1

-- NonIdempotent users
UPDATE users SET active = !active WHERE id = ?

-- NonIdempotent users
UPDATE users SET active = 1 - active WHERE id = ?

-- NonIdempotent users
UPDATE users SET active = (active = 0) WHERE id = ?

-- NonIdempotent users
UPDATE users SET active = CASE WHEN active THEN false ELSE true END WHERE id = $1

-- NonIdempotent users
UPDATE users SET active = IF(active = 1, 0, 1) WHERE id = ?

-- NonIdempotent users
UPDATE users SET state = CASE state WHEN 'a' THEN 'b' WHEN 'b' THEN 'c' ELSE state END WHERE id = $1

-- Idempotent users
UPDATE users SET state = CASE WHEN state = 'a' THEN 'b' ELSE state END WHERE id = $1

-- Idempotent users
UPDATE users SET state = CASE WHEN state IN ('a', 'b') THEN 'c' ELSE state END WHERE id = $1

-- Idempotent users
UPDATE users SET active = active AND $1, seen = seen OR $2 WHERE id = $3

-- Idempotent docs
UPDATE docs SET body = body || $1::jsonb WHERE id = $2

-- Idempotent docs
UPDATE docs SET body = COALESCE(body, '{}'::jsonb) || $1::jsonb WHERE id = $2

-- Idempotent docs
UPDATE docs SET body = body || jsonb_build_object('k', $1) WHERE id = $2

-- Idempotent docs
UPDATE docs SET body = body || '{"done": true}' WHERE id = $1

-- Idempotent docs
UPDATE docs SET body = CAST(body AS jsonb) || CAST($1 AS jsonb) WHERE id = $2

-- NonIdempotent docs
UPDATE docs SET body = body || $1 WHERE id = $2

-- NonIdempotent docs
UPDATE docs SET body = body || E'\n' || $1 WHERE id = $2

-- NonIdempotent docs
UPDATE docs SET items = items || jsonb_build_array($1) WHERE id = $2

-- NonIdempotent docs
UPDATE docs SET items = COALESCE(items, '[]'::jsonb) || $1::jsonb WHERE id = $2

-- NonIdempotent docs
UPDATE docs SET body = CONCAT(body, ?) WHERE id = ?

-- NonIdempotent docs
UPDATE docs SET body = CONCAT_WS(',', body, ?) WHERE id = ?

-- Idempotent docs
UPDATE docs SET title = CONCAT(first, ' ', last) WHERE id = ?

-- Idempotent docs
UPDATE docs SET body = jsonb_set(body, '{a}', $1) WHERE id = $2

-- NonIdempotent docs
UPDATE docs SET body = jsonb_set(body, '{n}', to_jsonb((body->>'n')::int + 1)) WHERE id = $1

-- Idempotent docs
UPDATE docs SET body = JSON_SET(body, '$.a', ?) WHERE id = ?

-- NonIdempotent docs
UPDATE docs SET body = JSON_ARRAY_APPEND(body, '$.a', ?) WHERE id = ?

-- Idempotent docs
UPDATE docs SET body = JSON_MERGE_PATCH(body, ?) WHERE id = ?

-- Idempotent docs
UPDATE docs SET body = body - 'secret' WHERE id = $1

-- Idempotent docs
UPDATE docs SET body = body #- '{a,b}' WHERE id = $1

-- NonIdempotent docs
UPDATE docs SET tags = array_append(tags, $1) WHERE id = $2

-- NonIdempotent docs
UPDATE docs SET tags = array_cat(tags, $1) WHERE id = $2

-- NonIdempotent docs
UPDATE docs SET tags = array_prepend($1, tags) WHERE id = $2

-- NonIdempotent docs
UPDATE docs SET tags = tags || ARRAY[$1] WHERE id = $2

-- Idempotent docs
UPDATE docs SET tags = array_remove(tags, $1) WHERE id = $2

-- Idempotent docs
UPDATE docs SET tags = ARRAY(SELECT DISTINCT unnest(tags || $1)) WHERE id = $2

-- Idempotent docs
UPDATE docs SET tags = (SELECT array_agg(DISTINCT e) FROM unnest(tags || $1::text[]) e) WHERE id = $2

-- Idempotent docs
UPDATE docs SET tags = CASE WHEN $1 = ANY(tags) THEN tags ELSE array_append(tags, $1) END WHERE id = $2

-- Idempotent docs
UPDATE docs SET flags = flags | $1 WHERE id = $2

-- Idempotent docs
UPDATE docs SET flags = flags & ~$1 WHERE id = $2

-- Idempotent docs
UPDATE docs SET flags = flags & ? | ? WHERE id = ?

-- NonIdempotent docs
UPDATE docs SET flags = flags ^ $1 WHERE id = $2

-- NonIdempotent docs
UPDATE docs SET flags = flags # $1 WHERE id = $2

-- NonIdempotent docs
UPDATE docs SET token = gen_random_uuid() WHERE id = $1

-- NonIdempotent docs
UPDATE docs SET token = md5(random()::text) WHERE id = $1

-- NonIdempotent docs
UPDATE docs SET token = NEWID() WHERE id = @p1

-- NonIdempotent docs
UPDATE docs SET number = nextval('doc_numbers') WHERE id = $1

-- NonIdempotent docs
UPDATE docs SET number = NEXT VALUE FOR doc_numbers WHERE id = @p1

-- Idempotent docs
UPDATE docs SET token = COALESCE(token, gen_random_uuid()) WHERE id = $1

-- NonIdempotent docs
UPDATE docs SET number = LAST_INSERT_ID(number + 1) WHERE id = ?

-- Idempotent docs
UPDATE docs SET likes = (SELECT count(*) FROM likes WHERE doc_id = docs.id) WHERE id = $1

-- Idempotent docs
UPDATE docs SET total = (SELECT SUM(total) + 1 FROM lines WHERE doc_id = $1) WHERE id = $1

-- NonIdempotent docs
UPDATE docs SET place = (SELECT COALESCE(MAX(place), 0) + 1 FROM docs) WHERE id = $1

-- NonIdempotent docs
UPDATE docs SET previous = body, body = $1 WHERE id = $2

-- NonIdempotent docs
UPDATE docs SET body = $1, previous = body WHERE id = $2

-- Idempotent docs
UPDATE docs SET body = ?, shown = body WHERE id = ?

-- NonIdempotent docs
UPDATE docs SET previous = body, body = ? WHERE id = ?

-- Idempotent docs
UPDATE docs SET a = EXTRACT(EPOCH FROM now()), b = $1 IS DISTINCT FROM $2 WHERE id = $3

-- Idempotent docs
-- sets body="s.body"
-- where id="s.id"; batch=0
UPDATE docs SET body = s.body FROM staged s WHERE docs.id = s.id AND s.batch = $1

-- NonIdempotent docs
UPDATE docs SET n = docs.n + s.n FROM staged s WHERE docs.id = s.id

-- Idempotent docs
UPDATE docs d SET n = s.n + 1 FROM staged s WHERE d.id = s.id

-- Idempotent docs
UPDATE d SET d.body = @p1 FROM docs d JOIN owners o ON o.id = d.owner_id WHERE o.email = @p2

-- NonIdempotent docs
UPDATE docs d JOIN owners o ON o.id = d.owner_id SET d.n = d.n + 1 WHERE o.email = ?

-- Idempotent docs
UPDATE docs d INNER JOIN owners o ON o.id = d.owner_id SET d.body = ? WHERE o.email = ?

-- Idempotent docs
UPDATE OR IGNORE docs SET body = ? WHERE id = ?

-- Idempotent docs
UPDATE ONLY docs SET body = $1 WHERE id = $2

-- Idempotent docs
UPDATE shop.docs SET body = $1 WHERE id = $2

-- Idempotent docs
-- returning
UPDATE docs SET body = $1 WHERE id = $2 RETURNING id, body

-- Idempotent docs
-- returning
UPDATE docs SET body = @p1 OUTPUT INSERTED.id WHERE id = @p2

-- Idempotent docs
-- where id=0; kind="'a'"
UPDATE docs SET body = NULL WHERE id = $1 AND (kind = 'a')

-- Idempotent docs
-- where id=0
UPDATE docs SET body = NULL WHERE id = $1 AND (kind = 'a' OR kind = $2)

-- Idempotent docs
-- where tenant=1; id=0
UPDATE docs SET body = '' WHERE ((tenant = $2 AND (id = $1)) AND size > 5)

-- Idempotent docs
-- where id=0; email=1
UPDATE docs SET body = '' WHERE id = ANY($1::uuid[]) AND lower(email) = lower($2)

-- Idempotent docs
-- where id=0
UPDATE docs SET body = '' WHERE id IN (?)

-- Idempotent docs
-- where -
UPDATE docs SET body = '' WHERE id IN (?, ?) OR owner = ?

-- Idempotent docs
-- where tenant=0; id=1
UPDATE docs SET body = '' WHERE (tenant, id) = ($1, $2)

-- Idempotent docs
-- where id=0
UPDATE docs SET body = '' WHERE $1 = id

-- Idempotent docs
-- where id=0; at="b"
UPDATE docs SET body = '' WHERE size BETWEEN 1 AND 5 AND id = ? AND at = b

-- NonIdempotent counts
UPDATE counts SET n = n + 1 WHERE id = ?

-- NonIdempotent lists
UPDATE lists SET items = items + ['x'] WHERE id = ?

-- Idempotent sets
UPDATE sets SET items = items + {'x'} WHERE id = ?

-- Idempotent sets
UPDATE sets USING TTL 60 SET items = items - {'x'} WHERE id = ?

-- Idempotent maps
-- sets m=0
UPDATE maps SET m['k'] = ? WHERE id = ?

-- Idempotent tokens
-- sets revoked="true"
UPDATE tokens SET revoked = true WHERE id IN (SELECT id FROM tokens WHERE not_after < now() AND revoked IS FALSE LIMIT 100 FOR UPDATE SKIP LOCKED)

-- Idempotent account
-- sets name=:name
-- where id=:id
UPDATE account SET name = {:name} WHERE id={:id}

-- NonIdempotent account
-- sets points="points + :n"
-- where id=:id
UPDATE account SET points = points + {:n} WHERE id = {:id}

-- Idempotent accounts
-- sets attempts="attempts + 1"
UPDATE accounts SET attempts = attempts + 1 WHERE id = $1 AND attempts < 5

-- Idempotent jobs
UPDATE jobs j SET retry_count = COALESCE(j.retry_count, 0) + ?, updated_at = now() WHERE j.id = ?

-- Idempotent hooks
UPDATE hooks SET delivery_count = 1 + delivery_count, state = 'sent' WHERE id = $1

-- Guarded jobs
-- version
UPDATE jobs SET attempts = attempts + 1 WHERE id = $1 AND attempts = $2

-- NonIdempotent jobs
UPDATE jobs SET attempts = attempts + 1, cost = cost + 1 WHERE id = $1

-- NonIdempotent jobs
UPDATE jobs SET max_attempts = max_attempts + 1 WHERE id = $1

-- NonIdempotent jobs
-- returning
UPDATE jobs SET failures = failures + 1 WHERE id = (SELECT id FROM jobs WHERE failures < 3 LIMIT 1) RETURNING id

-- NonIdempotent jobs
UPDATE jobs SET attempts = attempts * 2 WHERE id = $1

-- NonIdempotent drivers
UPDATE drivers SET deliveries = deliveries + 1 WHERE id = $1

-- Idempotent pipelines
UPDATE pipelines SET enabled = $1, version = version + 1 WHERE id = $2

-- NonIdempotent pipelines
UPDATE pipelines SET enabled = $1, versions_sold = versions_sold + 1 WHERE id = $2

-- NonIdempotent pipelines
UPDATE pipelines SET version = version + 1, runs = runs + 1 WHERE id = $2
