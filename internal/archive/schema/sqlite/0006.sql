-- Version 6: mail that comes in, and the vendor's people. Working tables: never
-- evidence; the mails themselves are documents. Times here are microseconds since
-- 1970, 0: none. Secrets stand here as digests only.

-- Mails that came, each once. arrival has all of it; the columns are what is
-- looked for.
CREATE TABLE arrivals (
	id      TEXT PRIMARY KEY,
	came    INTEGER NOT NULL,
	state   TEXT NOT NULL,
	kind    TEXT NOT NULL,          -- empty until it is settled, as what follows
	person  TEXT NOT NULL,
	case_id TEXT NOT NULL,
	answer  TEXT NOT NULL,
	arrival TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX arrivals_kept ON arrivals (came, id) WHERE state = 'kept';
CREATE INDEX arrivals_kind ON arrivals (kind, came, id) WHERE kind <> '';
CREATE INDEX arrivals_case ON arrivals (case_id, came, id) WHERE case_id <> '';
CREATE INDEX arrivals_person ON arrivals (person) WHERE person <> '';
CREATE INDEX arrivals_answer ON arrivals (answer) WHERE answer <> '';

-- How far each mailbox was read.
CREATE TABLE cursors (
	mailbox  TEXT PRIMARY KEY,
	validity INTEGER NOT NULL,
	last     INTEGER NOT NULL,
	at       INTEGER NOT NULL
) WITHOUT ROWID;

-- The vendor's people. They have no account. n counts those of a vendor.
CREATE TABLE contacts (
	id      TEXT PRIMARY KEY,
	vendor  TEXT NOT NULL,
	n       INTEGER NOT NULL,
	mail    TEXT NOT NULL,          -- lower case; empty: erased
	contact TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX contacts_vendor ON contacts (vendor, n);
CREATE INDEX contacts_mail ON contacts (mail, vendor, n) WHERE mail <> '';

-- Links by which contacts come to their tasks, and the browsers that came in.
CREATE TABLE portal_links (
	hash    TEXT PRIMARY KEY,
	person  TEXT NOT NULL,
	vendor  TEXT NOT NULL,
	case_id TEXT NOT NULL,
	request TEXT NOT NULL,          -- empty: of no single one
	made    INTEGER NOT NULL,
	until   INTEGER NOT NULL,
	revoked INTEGER NOT NULL        -- 0: it is not
) WITHOUT ROWID;
CREATE INDEX portal_links_person ON portal_links (person, case_id);
CREATE INDEX portal_links_until ON portal_links (until);

CREATE TABLE portal_sessions (
	hash   TEXT PRIMARY KEY,
	person TEXT NOT NULL,
	vendor TEXT NOT NULL,
	link   TEXT NOT NULL,           -- digest of the link's secret
	device TEXT NOT NULL,
	made   INTEGER NOT NULL,
	until  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX portal_sessions_person ON portal_sessions (person);
CREATE INDEX portal_sessions_link ON portal_sessions (link);
CREATE INDEX portal_sessions_until ON portal_sessions (until);

-- Forms that somebody has begun to fill in.
CREATE TABLE drafts (
	person  TEXT NOT NULL,
	request TEXT NOT NULL,
	fields  BLOB NOT NULL,
	at      INTEGER NOT NULL,
	PRIMARY KEY (person, request)
) WITHOUT ROWID;
CREATE INDEX drafts_at ON drafts (at);

-- What was found when a document was read. text is the digest of what it says, a
-- document of its own; empty: none.
CREATE TABLE readings (
	document TEXT PRIMARY KEY,
	text     TEXT NOT NULL,
	reading  TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX readings_text ON readings (text) WHERE text <> '';

-- Events of a mail provider that were taken in, each once.
CREATE TABLE mail_events (
	id TEXT PRIMARY KEY,
	at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX mail_events_at ON mail_events (at);
