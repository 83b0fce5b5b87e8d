CREATE TABLE customers (
    email TEXT PRIMARY KEY,
    name  TEXT NOT NULL
);

CREATE TABLE orders (
    id         TEXT PRIMARY KEY,
    email      TEXT NOT NULL,
    address    TEXT NOT NULL,
    status     TEXT NOT NULL DEFAULT 'open',
    created_at INTEGER NOT NULL
);

CREATE TABLE order_lines (
    order_id TEXT NOT NULL REFERENCES orders (id),
    sku      TEXT NOT NULL,
    qty      INTEGER NOT NULL,
    PRIMARY KEY (order_id, sku)
);

CREATE TABLE stock (
    sku TEXT PRIMARY KEY,
    qty INTEGER NOT NULL
);

CREATE TABLE payments (
    id       TEXT PRIMARY KEY,
    order_id TEXT NOT NULL,
    cents    INTEGER NOT NULL,
    ref      TEXT NOT NULL
);

CREATE TABLE refunds (
    id         TEXT PRIMARY KEY,
    payment_id TEXT NOT NULL REFERENCES payments (id),
    cents      INTEGER NOT NULL,
    ref        TEXT NOT NULL
);

CREATE TABLE payouts (
    id          TEXT PRIMARY KEY,
    request_key TEXT NOT NULL,
    seller      TEXT NOT NULL,
    cents       INTEGER NOT NULL,
    ref         TEXT NOT NULL
);
CREATE INDEX payouts_request_key ON payouts (request_key);

CREATE TABLE credit (
    account TEXT PRIMARY KEY,
    cents   INTEGER NOT NULL CHECK (cents >= 0)
);
