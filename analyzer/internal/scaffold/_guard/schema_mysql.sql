-- The table in which the package idempotency keeps keys and responses.
CREATE TABLE IF NOT EXISTS idempotency_records (
	scope       VARCHAR(400) NOT NULL,
	request_key VARCHAR(255) NOT NULL,
	fingerprint CHAR(64)     NOT NULL,
	token       CHAR(32)     NOT NULL,
	lease_until BIGINT       NOT NULL, -- Unix time in milliseconds
	expires_at  BIGINT       NOT NULL, -- the same
	response    LONGBLOB,              -- NULL while the request runs
	PRIMARY KEY (scope, request_key)
) DEFAULT CHARACTER SET ascii COLLATE ascii_bin;
