-- Times are Unix milliseconds. A row without status is a running request.
CREATE TABLE idempotency_keys (
    scope        TEXT NOT NULL,
    request_key  TEXT NOT NULL,
    fingerprint  TEXT NOT NULL,
    token        TEXT NOT NULL,
    lease_until  INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    status       INTEGER,
    content_type TEXT,
    body         BLOB,
    PRIMARY KEY (scope, request_key)
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);
