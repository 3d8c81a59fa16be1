PRAGMA application_id = 1734438503;
PRAGMA user_version = 1;
CREATE TABLE answered (
	person   TEXT NOT NULL,
	request  TEXT NOT NULL REFERENCES requests (id),
	at       INTEGER NOT NULL,      -- case time of their newest answer, microseconds since 1970
	case_seq INTEGER NOT NULL,
	pos      INTEGER NOT NULL,
	PRIMARY KEY (person, request)
) WITHOUT ROWID;
CREATE TABLE case_documents (
	case_id TEXT NOT NULL,
	digest  TEXT NOT NULL,
	PRIMARY KEY (case_id, digest)
) WITHOUT ROWID;
CREATE TABLE case_people (
	person   TEXT NOT NULL,
	open     INTEGER NOT NULL,      -- as in cases
	case_seq INTEGER NOT NULL REFERENCES cases (seq),
	PRIMARY KEY (person, open, case_seq)
) WITHOUT ROWID;
CREATE TABLE case_processes (
	process  TEXT NOT NULL,
	case_seq INTEGER NOT NULL REFERENCES cases (seq),
	pos      INTEGER NOT NULL,      -- place within the case's view
	open     INTEGER NOT NULL,      -- 1: no entry says that it ended
	PRIMARY KEY (process, case_seq)
) WITHOUT ROWID;
CREATE TABLE cases (
	seq     INTEGER PRIMARY KEY,
	id      TEXT NOT NULL UNIQUE,
	view    TEXT NOT NULL,          -- without the requests
	anchor  TEXT,                   -- the newest anchor of the case's time
	open    INTEGER NOT NULL,       -- 1: it runs
	seal    INTEGER NOT NULL,       -- 1: over, whole as far as the view tells, no seal over its newest line
	unfiled INTEGER NOT NULL        -- 1: of a process that ended, a run's history is not filed
);
CREATE TABLE chains (
	chain TEXT PRIMARY KEY,
	n     INTEGER NOT NULL,
	head  TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE documents (
	digest      TEXT PRIMARY KEY,
	size        INTEGER NOT NULL,
	media       TEXT NOT NULL,
	erased_on   TEXT,
	erased_rule TEXT
) WITHOUT ROWID;
CREATE TABLE inbox (
	person  TEXT NOT NULL,
	request TEXT NOT NULL REFERENCES requests (id),
	PRIMARY KEY (person, request)
) WITHOUT ROWID;
CREATE TABLE leases (
	name   TEXT PRIMARY KEY,
	holder TEXT NOT NULL,
	until  INTEGER NOT NULL         -- microseconds since 1970
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
CREATE TABLE numbered (
	prefix TEXT NOT NULL,
	key    TEXT NOT NULL,
	n      INTEGER NOT NULL,
	PRIMARY KEY (prefix, key)
) WITHOUT ROWID;
CREATE TABLE numbers (
	prefix TEXT PRIMARY KEY,
	last   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE people (
	id     TEXT PRIMARY KEY,
	place  INTEGER NOT NULL,       -- in the people file
	person TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE processes (
	process TEXT PRIMARY KEY,
	last    INTEGER NOT NULL
) WITHOUT ROWID;
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
CREATE TABLE receipts (
	answer  TEXT PRIMARY KEY,
	person  TEXT NOT NULL,
	request TEXT NOT NULL,
	status  TEXT NOT NULL,
	outcome TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE requests (
	id      TEXT NOT NULL,
	case_id TEXT NOT NULL REFERENCES cases (id),
	pos     INTEGER NOT NULL,       -- place within the case's view
	request TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (case_id, pos)
);
CREATE TABLE reservations (
	seq     INTEGER PRIMARY KEY,
	intake  TEXT NOT NULL UNIQUE,
	case_id TEXT NOT NULL UNIQUE,
	started INTEGER NOT NULL DEFAULT 0,
	input   BLOB                    -- null once the case was started
);
CREATE TABLE state (
	name  TEXT PRIMARY KEY,
	value INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE texts (
	answer         TEXT PRIMARY KEY,
	salt           TEXT,
	inside         TEXT,
	vendor         TEXT,
	written_inside TEXT NOT NULL,
	written_vendor TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE vendors (
	slug TEXT PRIMARY KEY,
	name TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX answered_newest ON answered (person, at DESC, case_seq DESC, pos, request);
CREATE INDEX case_documents_digest ON case_documents (digest);
CREATE INDEX case_people_case ON case_people (case_seq);
CREATE INDEX case_processes_open ON case_processes (open, case_seq DESC, pos) WHERE open = 1;
CREATE INDEX cases_open ON cases (open);
CREATE INDEX cases_seal ON cases (seal) WHERE seal = 1;
CREATE INDEX cases_unfiled ON cases (unfiled) WHERE unfiled = 1;
CREATE INDEX documents_erased ON documents (digest) WHERE erased_on IS NOT NULL;
CREATE INDEX inbox_request ON inbox (request);
CREATE INDEX lines_answer ON lines (answer, seq) WHERE answer IS NOT NULL;
CREATE INDEX lines_conflict ON lines (chain, id) WHERE conflict = 1;
CREATE UNIQUE INDEX lines_id ON lines (chain, id) WHERE conflict = 0;
CREATE INDEX lines_sealed ON lines (chain, n) WHERE kind = 'sealed';
CREATE INDEX queue_person ON queue (person, request, seq);
CREATE INDEX queue_process ON queue (process, seq);
CREATE INDEX receipts_person ON receipts (person, request);
CREATE INDEX reservations_open ON reservations (seq) WHERE started = 0;
INSERT INTO answered VALUES ('sam', 'onboarding/acme/1/legal', 1772442000000000, 1, 0);
INSERT INTO case_people VALUES ('olga', 1, 1);
INSERT INTO case_processes VALUES ('onboarding/acme/1', 1, 0, 1);
INSERT INTO cases VALUES (1, 'onboarding/acme/1', '{"id":"onboarding/acme/1","vendor":"acme","owner":"olga","state":"running","opened":"2026-03-02T09:00:00Z","processes":[{"id":"onboarding/acme/1","started":"2026-03-02T09:00:00Z","runs":["run-1"]}],"requests":null,"documents":null,"lines":4,"last":"2026-03-02T09:00:00Z"}', NULL, 1, 0, 0);
INSERT INTO chains VALUES ('onboarding/acme/1', 5, 'sha256:0ea0bcc3ecfdc5c7ca45cf576613f8888738361a1e0ceeff360267a9025edb3a');
INSERT INTO chains VALUES ('register', 1, 'sha256:ceb8a905a77f217532a694c08b5004ac6cff61ee6d4849ce15662f6198e52acd');
INSERT INTO documents VALUES ('sha256:1062531708ebd3053ead4621071fdb3bb44b6af98bc49cc07111b8338e8e5e28', 10, 'text/plain; charset=utf-8', NULL, NULL);
INSERT INTO inbox VALUES ('lena', 'onboarding/acme/1/legal');
INSERT INTO leases VALUES ('sweep', 'one', 1795299757608921);
INSERT INTO lines VALUES (1, 'onboarding/acme/1', 1, 'onboarding/acme/1#1', 'case-opened', 'web-1', 0, '{"id":"onboarding/acme/1#1","case":"onboarding/acme/1","process":"onboarding/acme/1","kind":"case-opened","at":"2026-03-02T09:00:00Z","caseAt":"2026-03-02T09:00:00Z","answer":"web-1","detail":{"vendor":"acme","owner":"olga"}}', 'sha256:c534fb10c7eceb7c9a204b95043403ad09dab64b000a0856f2e18495b6e2c617', 'sha256:ba0603fbcda1ba5ea723952f270d80214737bd68808495b68e18e65960d6ac2b', 'sha256:539278f97f86939b3956121351f748429fea06b6d50fa66d5959aeb3ce75fecb', '6F3EJTINYAAAOIR7VG5JWOZMVZ', '{"inside":"it''s \"odd\""}', NULL, NULL);
INSERT INTO lines VALUES (2, 'onboarding/acme/1', 2, 'onboarding/acme/1#2', 'request', NULL, 0, '{"id":"onboarding/acme/1#2","case":"onboarding/acme/1","process":"onboarding/acme/1","kind":"request","at":"2026-03-02T09:00:00Z","caseAt":"2026-03-02T09:00:00Z","fact":{"kind":"opened","request":"onboarding/acme/1/legal","at":"2026-03-02T09:00:00Z","opened":{"id":"onboarding/acme/1/legal","case":"onboarding/acme/1","process":"onboarding/acme/1","step":"legal","kind":"decision","title":"","owner":"olga","vendor":"acme","policy":{"groups":[{"name":"","rule":"all","seats":[{"id":"legal","role":"legal"},{"id":"security","role":"security"}]}]},"opened":"0001-01-01T00:00:00Z","seatings":[{"seat":"legal","group":0,"holders":[{"person":"lena","via":"","since":"0001-01-01T00:00:00Z"}]},{"seat":"security","group":0,"holders":[{"person":"sam","via":"","since":"0001-01-01T00:00:00Z"}]}],"clocks":null}}}', 'sha256:ba0603fbcda1ba5ea723952f270d80214737bd68808495b68e18e65960d6ac2b', 'sha256:d939242ffdcc44c3f83fd083d20233a262bc3c2c25473b3c7d92e747574bbd6d', '', NULL, NULL, NULL, NULL);
INSERT INTO lines VALUES (3, 'onboarding/acme/1', 3, 'onboarding/acme/1#2', 'note', NULL, 1, '{"id":"onboarding/acme/1#2","case":"onboarding/acme/1","process":"onboarding/acme/1","kind":"note","at":"2026-03-02T09:00:00Z","caseAt":"2026-03-02T09:00:00Z"}', 'sha256:d939242ffdcc44c3f83fd083d20233a262bc3c2c25473b3c7d92e747574bbd6d', 'sha256:800b1444f3f04463dcfcbd482baf0625d0a5b6ef490272dcf359efaf9271be85', '', NULL, NULL, NULL, NULL);
INSERT INTO lines VALUES (4, 'onboarding/acme/1', 4, 'onboarding/acme/1#3', 'process-started', NULL, 0, '{"id":"onboarding/acme/1#3","case":"onboarding/acme/1","process":"onboarding/acme/1","run":"run-1","kind":"process-started","at":"2026-03-02T09:00:00Z","caseAt":"2026-03-02T09:00:00Z","detail":{}}', 'sha256:800b1444f3f04463dcfcbd482baf0625d0a5b6ef490272dcf359efaf9271be85', 'sha256:81728f9c90c80d845aebec01e3e991659967be167a108bcd2e62e4330196feee', '', NULL, NULL, NULL, NULL);
INSERT INTO lines VALUES (5, 'onboarding/acme/1', 5, 'onboarding/acme/1#4', 'request', 'web-0', 0, '{"id":"onboarding/acme/1#4","case":"onboarding/acme/1","process":"onboarding/acme/1","kind":"request","at":"2026-03-02T09:00:00Z","caseAt":"2026-03-02T09:00:00Z","fact":{"kind":"answered","request":"onboarding/acme/1/legal","at":"2026-03-02T09:00:00Z","seat":"security","person":"sam","answer":"web-0","ballot":{"answer":"web-0","seat":"security","person":"sam","verdict":"approve","at":"2026-03-02T09:00:00Z"}}}', 'sha256:81728f9c90c80d845aebec01e3e991659967be167a108bcd2e62e4330196feee', 'sha256:0ea0bcc3ecfdc5c7ca45cf576613f8888738361a1e0ceeff360267a9025edb3a', '', NULL, NULL, NULL, NULL);
INSERT INTO lines VALUES (6, 'register', 1, 'register#archive/1', 'people', NULL, 0, '{"id":"register#archive/1","case":"register","process":"register","kind":"people","at":"2026-11-21T21:22:37.598249355Z","caseAt":"2026-11-21T21:22:37.598249355Z","actor":"olga","detail":{"digest":"sha256:ae063ac9dddd47a15a88286952fefc08b9a2ef10f0450c0b586cdf81220819f4","revision":1}}', 'sha256:11bb9e45ae686bda7c8e2cfdb981d8850d019064df5e7078fabb1ff119bd56ac', 'sha256:ceb8a905a77f217532a694c08b5004ac6cff61ee6d4849ce15662f6198e52acd', 'sha256:f62d733711b9c3812bb079105793f5f67da91c576fb7f865c17af02e90e5338c', 'SDCTWQLSOSJJ6K6LJSTXA6VBGV', '{"names":[{"id":"lena","name":"Lena"}]}', NULL, NULL);
INSERT INTO numbered VALUES ('contract/acme', 'k', 1);
INSERT INTO numbers VALUES ('contract/acme', 1);
INSERT INTO numbers VALUES ('onboarding/acme', 1);
INSERT INTO people VALUES ('lena', 0, '{"id":"lena","name":"Lena","hours":{"zone":"","week":[null,null,null,null,null,null,null],"holidays":""}}');
INSERT INTO processes VALUES ('onboarding/acme/1', 4);
INSERT INTO queue VALUES (1, 'web-3', 'onboarding/acme/1', 0, 'sam', '', X'7B7D', '2026-03-02T09:00:00Z');
INSERT INTO receipts VALUES ('web-1', 'rita', '', 'counted', '{"status":"counted"}');
INSERT INTO requests VALUES ('onboarding/acme/1/legal', 'onboarding/acme/1', 0, '{"id":"onboarding/acme/1/legal","case":"onboarding/acme/1","process":"onboarding/acme/1","step":"legal","kind":"decision","title":"","owner":"olga","vendor":"acme","policy":{"groups":[{"name":"","rule":"all","seats":[{"id":"legal","role":"legal"},{"id":"security","role":"security"}]}]},"opened":"0001-01-01T00:00:00Z","seatings":[{"seat":"legal","group":0,"holders":[{"person":"lena","via":"","since":"0001-01-01T00:00:00Z"}]},{"seat":"security","group":0,"holders":[{"person":"sam","via":"","since":"0001-01-01T00:00:00Z"}]}],"clocks":null,"ballots":[{"answer":"web-0","seat":"security","person":"sam","verdict":"approve","at":"2026-03-02T09:00:00Z"}]}');
INSERT INTO reservations VALUES (1, 'intake-1', 'onboarding/acme/1', 0, X'7B7D');
INSERT INTO state VALUES ('fold', 1);
INSERT INTO state VALUES ('people', 1);
INSERT INTO state VALUES ('scrub', 0);
INSERT INTO texts VALUES ('web-1', NULL, NULL, NULL, 'sha256:539278f97f86939b3956121351f748429fea06b6d50fa66d5959aeb3ce75fecb', '');
INSERT INTO texts VALUES ('web-2', 'AJOH2XOXKO4UQMH3QOPGIHHAQD', '', 'staged', '', 'sha256:94a0af673764e728b605f6fdcf2eba776ee6f5c14720e206be9570a9c456568e');
INSERT INTO vendors VALUES ('acme', 'Acme GmbH');
