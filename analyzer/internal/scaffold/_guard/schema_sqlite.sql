-- The table in which the package idempotency keeps keys and responses.
CREATE TABLE IF NOT EXISTS idempotency_records (
	scope       TEXT   NOT NULL,
	request_key TEXT   NOT NULL,
	fingerprint TEXT   NOT NULL,
	token       TEXT   NOT NULL,
	lease_until BIGINT NOT NULL, -- Unix time in milliseconds
	expires_at  BIGINT NOT NULL, -- the same
	response    BLOB,            -- NULL while the request runs
	PRIMARY KEY (scope, request_key)
);
