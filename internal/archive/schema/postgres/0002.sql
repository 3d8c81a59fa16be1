-- Version 2: who may come in, and who may see which case. Instants are
-- microseconds since 1970. Secrets stand here as digests only.

-- Who has a tie to a case and may see it (access.Involved).
CREATE TABLE case_seen (
	person   TEXT NOT NULL,
	open     BIGINT NOT NULL,      -- as in cases
	case_seq BIGINT NOT NULL REFERENCES cases (seq),
	PRIMARY KEY (person, open, case_seq)
);
CREATE INDEX case_seen_case ON case_seen (case_seq);
UPDATE state SET value = 0 WHERE name = 'fold'; -- the folding that follows fills it

CREATE TABLE sessions (
	hash   TEXT PRIMARY KEY,
	id     TEXT NOT NULL UNIQUE,
	person TEXT NOT NULL,
	device TEXT NOT NULL,
	made   BIGINT NOT NULL,
	seen   BIGINT NOT NULL,
	until  BIGINT NOT NULL
);
CREATE INDEX sessions_person ON sessions (person, made);
CREATE INDEX sessions_until ON sessions (until);

-- One-time links. Whose person is nobody's id was asked for with an address that
-- is nobody's: it takes the same work and opens nothing.
CREATE TABLE links (
	id     TEXT PRIMARY KEY,
	hash   TEXT NOT NULL UNIQUE,
	person TEXT NOT NULL,
	next   TEXT NOT NULL,
	made   BIGINT NOT NULL,
	until  BIGINT NOT NULL,
	used   BIGINT,                 -- null: not used
	tries  BIGINT NOT NULL
);
CREATE INDEX links_person ON links (person, made);
CREATE INDEX links_until ON links (until);

CREATE TABLE tokens (
	hash    TEXT PRIMARY KEY,
	id      TEXT NOT NULL UNIQUE,
	person  TEXT NOT NULL,
	name    TEXT NOT NULL,
	made    BIGINT NOT NULL,
	until   BIGINT NOT NULL,
	seen    BIGINT,                -- null: never
	revoked BIGINT                 -- null: not revoked
);
CREATE INDEX tokens_person ON tokens (person, made);
CREATE INDEX tokens_until ON tokens (until);

CREATE TABLE tickets (
	hash    TEXT PRIMARY KEY,
	request TEXT NOT NULL,
	version BIGINT NOT NULL,
	person  TEXT NOT NULL,
	channel TEXT NOT NULL,
	made    BIGINT NOT NULL
);
