-- Version 5: what people see in a chat, whose addresses there are whose, and when
-- people said that they are away. Working tables: never evidence. Times here are
-- microseconds since 1970, 0: none.

CREATE TABLE postings (
	id        TEXT PRIMARY KEY,
	kind      TEXT NOT NULL,
	person    TEXT NOT NULL,        -- empty: for the channel of cases
	case_id   TEXT NOT NULL,        -- empty: of no case
	request   TEXT NOT NULL,        -- empty: of no request, or of several
	posting   TEXT NOT NULL,        -- what never changes
	state     TEXT NOT NULL,
	wanted    BIGINT NOT NULL,
	shown     BIGINT NOT NULL,
	next_look BIGINT NOT NULL,     -- 0: when it is wanted anew
	tries     BIGINT NOT NULL,
	fault     TEXT NOT NULL
);
CREATE INDEX postings_due ON postings (next_look, id) WHERE next_look > 0;
CREATE INDEX postings_request ON postings (request, kind) WHERE request <> '';
CREATE INDEX postings_case ON postings (case_id, kind) WHERE case_id <> '';
CREATE INDEX postings_person ON postings (person, kind) WHERE person <> '';

-- The messages in which postings stand.
CREATE TABLE places (
	channel TEXT NOT NULL,
	stamp   TEXT NOT NULL,
	posting TEXT NOT NULL,
	digest  TEXT NOT NULL,          -- empty: nobody knows what it shows
	gone    BIGINT NOT NULL,       -- 1: it can't be changed any more
	made    BIGINT NOT NULL,
	PRIMARY KEY (channel, stamp)
);
CREATE INDEX places_posting ON places (posting, made);

-- Whose an address in a channel is.
CREATE TABLE bindings (
	channel TEXT NOT NULL,
	address TEXT NOT NULL,
	person  TEXT NOT NULL,
	how     TEXT NOT NULL,
	made    BIGINT NOT NULL,
	PRIMARY KEY (channel, address)
);
CREATE INDEX bindings_person ON bindings (person, channel, made);

-- One-time links by which somebody says that an address is theirs.
CREATE TABLE pairings (
	id      TEXT PRIMARY KEY,
	hash    TEXT NOT NULL UNIQUE,   -- digest of the link's secret
	channel TEXT NOT NULL,
	address TEXT NOT NULL,
	name    TEXT NOT NULL,          -- empty once it was used
	made    BIGINT NOT NULL,
	until   BIGINT NOT NULL,
	used    BIGINT NOT NULL
);
CREATE INDEX pairings_until ON pairings (until);

-- What people said of being away, beside the people file: [starts, ends). A row
-- without an end ended what stood when it came.
CREATE TABLE aways (
	person TEXT NOT NULL,
	id     TEXT NOT NULL,
	starts BIGINT NOT NULL,
	ends   BIGINT NOT NULL,
	backup TEXT NOT NULL,           -- empty: those of the people file
	made   BIGINT NOT NULL,
	ended  BIGINT NOT NULL,        -- 0: it stands
	PRIMARY KEY (person, id)
);
CREATE INDEX aways_made ON aways (made);
