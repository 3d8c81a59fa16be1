-- Version 1. Times are RFC 3339 text in UTC, JSON is text, digests are
-- "sha256:" and hex. Never edit a released version: add the next one.

-- The journal.
CREATE TABLE chains (
	chain TEXT PRIMARY KEY,
	n     INTEGER NOT NULL,
	head  TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE lines (
	seq         INTEGER PRIMARY KEY,
	chain       TEXT NOT NULL,
	n           INTEGER NOT NULL,
	id          TEXT NOT NULL,
	kind        TEXT NOT NULL,
	answer      TEXT,               -- id of the answer or act, null: none
	conflict    INTEGER NOT NULL DEFAULT 0,
	entry       TEXT NOT NULL,
	prev        TEXT NOT NULL,
	hash        TEXT NOT NULL,
	body_digest TEXT NOT NULL DEFAULT '',
	salt        TEXT,
	body        TEXT,
	erased_on   TEXT,
	erased_rule TEXT,
	UNIQUE (chain, n)
);
CREATE UNIQUE INDEX lines_id ON lines (chain, id) WHERE conflict = 0;
CREATE INDEX lines_conflict ON lines (chain, id) WHERE conflict = 1;
CREATE INDEX lines_answer ON lines (answer, seq) WHERE answer IS NOT NULL;
CREATE INDEX lines_sealed ON lines (chain, n) WHERE kind = 'sealed';

-- The last "process#n" of each process.
CREATE TABLE processes (
	process TEXT PRIMARY KEY,
	last    INTEGER NOT NULL
) WITHOUT ROWID;

-- Projections of the journal, written with it.
CREATE TABLE cases (
	seq     INTEGER PRIMARY KEY,
	id      TEXT NOT NULL UNIQUE,
	view    TEXT NOT NULL,          -- without the requests
	anchor  TEXT,                   -- the newest anchor of the case's time
	open    INTEGER NOT NULL,       -- 1: it runs
	seal    INTEGER NOT NULL,       -- 1: over, whole as far as the view tells, no seal over its newest line
	unfiled INTEGER NOT NULL        -- 1: of a process that ended, a run's history is not filed
);
CREATE INDEX cases_open ON cases (open);
CREATE INDEX cases_seal ON cases (seal) WHERE seal = 1;
CREATE INDEX cases_unfiled ON cases (unfiled) WHERE unfiled = 1;

-- Who asked for a case, owns it or sponsors it.
CREATE TABLE case_people (
	person   TEXT NOT NULL,
	open     INTEGER NOT NULL,      -- as in cases
	case_seq INTEGER NOT NULL REFERENCES cases (seq),
	PRIMARY KEY (person, open, case_seq)
) WITHOUT ROWID;
CREATE INDEX case_people_case ON case_people (case_seq);

CREATE TABLE case_processes (
	process  TEXT NOT NULL,
	case_seq INTEGER NOT NULL REFERENCES cases (seq),
	pos      INTEGER NOT NULL,      -- place within the case's view
	open     INTEGER NOT NULL,      -- 1: no entry says that it ended
	PRIMARY KEY (process, case_seq)
) WITHOUT ROWID;
CREATE INDEX case_processes_open ON case_processes (open, case_seq DESC, pos) WHERE open = 1;

CREATE TABLE requests (
	id      TEXT NOT NULL,
	case_id TEXT NOT NULL REFERENCES cases (id),
	pos     INTEGER NOT NULL,       -- place within the case's view
	request TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (case_id, pos)
);

-- Who might be waited for: open requests in which the person holds a seat that
-- has no answer. What depends on the hour is judged when it is read.
CREATE TABLE inbox (
	person  TEXT NOT NULL,
	request TEXT NOT NULL REFERENCES requests (id),
	PRIMARY KEY (person, request)
) WITHOUT ROWID;
CREATE INDEX inbox_request ON inbox (request);

-- Who has answered what, for the inbox's "you decided".
CREATE TABLE answered (
	person   TEXT NOT NULL,
	request  TEXT NOT NULL REFERENCES requests (id),
	at       INTEGER NOT NULL,      -- case time of their newest answer, microseconds since 1970
	case_seq INTEGER NOT NULL,
	pos      INTEGER NOT NULL,
	PRIMARY KEY (person, request)
) WITHOUT ROWID;
CREATE INDEX answered_newest ON answered (person, at DESC, case_seq DESC, pos, request);

CREATE TABLE case_documents (
	case_id TEXT NOT NULL,
	digest  TEXT NOT NULL,
	PRIMARY KEY (case_id, digest)
) WITHOUT ROWID;
CREATE INDEX case_documents_digest ON case_documents (digest);

-- Working tables.
CREATE TABLE documents (
	digest      TEXT PRIMARY KEY,
	size        INTEGER NOT NULL,
	media       TEXT NOT NULL,
	erased_on   TEXT,
	erased_rule TEXT
) WITHOUT ROWID;
CREATE INDEX documents_erased ON documents (digest) WHERE erased_on IS NOT NULL;

-- A text waits here until an entry of its answer takes it into its body; what
-- stays is the pair of digests, so that a repeated form gets the same ones.
CREATE TABLE texts (
	answer         TEXT PRIMARY KEY,
	salt           TEXT,
	inside         TEXT,
	vendor         TEXT,
	written_inside TEXT NOT NULL,
	written_vendor TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE receipts (
	answer  TEXT PRIMARY KEY,
	person  TEXT NOT NULL,
	request TEXT NOT NULL,
	status  TEXT NOT NULL,
	outcome TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX receipts_person ON receipts (person, request);

CREATE TABLE queue (
	seq     INTEGER PRIMARY KEY AUTOINCREMENT,
	id      TEXT NOT NULL UNIQUE,
	process TEXT NOT NULL,
	act     INTEGER NOT NULL,
	person  TEXT NOT NULL,
	request TEXT NOT NULL,
	payload BLOB NOT NULL,
	at      TEXT NOT NULL
);
CREATE INDEX queue_process ON queue (process, seq);
CREATE INDEX queue_person ON queue (person, request, seq);

CREATE TABLE leases (
	name   TEXT PRIMARY KEY,
	holder TEXT NOT NULL,
	until  INTEGER NOT NULL         -- microseconds since 1970
) WITHOUT ROWID;

CREATE TABLE numbers (
	prefix TEXT PRIMARY KEY,
	last   INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE numbered (
	prefix TEXT NOT NULL,
	key    TEXT NOT NULL,
	n      INTEGER NOT NULL,
	PRIMARY KEY (prefix, key)
) WITHOUT ROWID;

CREATE TABLE reservations (
	seq     INTEGER PRIMARY KEY,
	intake  TEXT NOT NULL UNIQUE,
	case_id TEXT NOT NULL UNIQUE,
	started INTEGER NOT NULL DEFAULT 0,
	input   BLOB                    -- null once the case was started
);
CREATE INDEX reservations_open ON reservations (seq) WHERE started = 0;

CREATE TABLE people (
	id     TEXT PRIMARY KEY,
	place  INTEGER NOT NULL,       -- in the people file
	person TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE vendors (
	slug TEXT PRIMARY KEY,
	name TEXT NOT NULL
) WITHOUT ROWID;

-- people: the revision of the people. scrub: 1 while an erasure still has to be
-- followed by writing the file anew. fold: which fold the views were made with.
CREATE TABLE state (
	name  TEXT PRIMARY KEY,
	value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO state VALUES ('people', 0), ('scrub', 0), ('fold', 0);
