CREATE TABLE tickets (id bigserial PRIMARY KEY, subject text NOT NULL, state text NOT NULL, price bigint NOT NULL);
CREATE TABLE comments (id bigserial PRIMARY KEY, ticket_id bigint NOT NULL REFERENCES tickets, body text NOT NULL);
CREATE TABLE tags (id bigserial PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE charges (id bigserial PRIMARY KEY, ticket_id bigint NOT NULL REFERENCES tickets, cents bigint NOT NULL);
CREATE TABLE watchers (ticket_id bigint NOT NULL REFERENCES tickets, email text NOT NULL);
CREATE TABLE agents (id bigserial PRIMARY KEY, name text NOT NULL, days int NOT NULL DEFAULT 0);
CREATE TABLE messages (id bigserial PRIMARY KEY, sender text NOT NULL, body text NOT NULL);
CREATE TABLE request_keys (key text PRIMARY KEY);
