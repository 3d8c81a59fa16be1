PRAGMA application_id = 1734438503;
PRAGMA user_version = 1;
CREATE TABLE case_documents (
	case_id TEXT NOT NULL,
	digest  TEXT NOT NULL,
	PRIMARY KEY (case_id, digest)
) WITHOUT ROWID;
CREATE TABLE cases (
	seq    INTEGER PRIMARY KEY,
	id     TEXT NOT NULL UNIQUE,
	view   TEXT NOT NULL,           -- without the requests
	anchor TEXT                     -- the newest anchor of the case's time
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
CREATE INDEX case_documents_digest ON case_documents (digest);
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
INSERT INTO cases VALUES (1, 'onboarding/acme/1', '{"id":"onboarding/acme/1","vendor":"acme","owner":"olga","state":"running","opened":"2026-03-02T09:00:00Z","processes":null,"requests":null,"documents":null,"lines":2,"last":"2026-03-02T09:00:00Z"}', NULL);
INSERT INTO chains VALUES ('onboarding/acme/1', 3, 'sha256:10c2f6bda4bf6974ce0833138cec958dc8eb8b51082d279980c89448db0c50a0');
INSERT INTO chains VALUES ('register', 1, 'sha256:bcb12740c28258355cdeae83499c6fcabbe5e524b9dde9b3cf944a30c33d153a');
INSERT INTO documents VALUES ('sha256:1062531708ebd3053ead4621071fdb3bb44b6af98bc49cc07111b8338e8e5e28', 10, 'text/plain; charset=utf-8', NULL, NULL);
INSERT INTO inbox VALUES ('lena', 'onboarding/acme/1/legal');
INSERT INTO leases VALUES ('sweep', 'one', 1795295920173520);
INSERT INTO lines VALUES (1, 'onboarding/acme/1', 1, 'onboarding/acme/1#1', 'case-opened', 'web-1', 0, '{"id":"onboarding/acme/1#1","case":"onboarding/acme/1","process":"onboarding/acme/1","kind":"case-opened","at":"2026-03-02T09:00:00Z","caseAt":"2026-03-02T09:00:00Z","answer":"web-1","detail":{"vendor":"acme","owner":"olga"}}', 'sha256:c534fb10c7eceb7c9a204b95043403ad09dab64b000a0856f2e18495b6e2c617', 'sha256:3bb12bb09b56234439cf4cabb66f377346242ff944bb125c5dfa6baeba801f19', 'sha256:49080fd31b09702764d4ce02f81bafa07ebebfb28a7df2bf4f739ae05b07456a', 'PX43DCZ4GIV37LMAH4XSFVNRJD', '{"inside":"it''s \"odd\""}', NULL, NULL);
INSERT INTO lines VALUES (2, 'onboarding/acme/1', 2, 'onboarding/acme/1#2', 'request', NULL, 0, '{"id":"onboarding/acme/1#2","case":"onboarding/acme/1","process":"onboarding/acme/1","kind":"request","at":"2026-03-02T09:00:00Z","caseAt":"2026-03-02T09:00:00Z","fact":{"kind":"opened","request":"onboarding/acme/1/legal","at":"2026-03-02T09:00:00Z","opened":{"id":"onboarding/acme/1/legal","case":"onboarding/acme/1","process":"onboarding/acme/1","step":"legal","kind":"decision","title":"","owner":"olga","vendor":"acme","policy":{"groups":[{"name":"","rule":"all","seats":[{"id":"legal","role":"legal"}]}]},"opened":"0001-01-01T00:00:00Z","seatings":[{"seat":"legal","group":0,"holders":[{"person":"lena","via":"","since":"0001-01-01T00:00:00Z"}]}],"clocks":null}}}', 'sha256:3bb12bb09b56234439cf4cabb66f377346242ff944bb125c5dfa6baeba801f19', 'sha256:9eba8b1d620f8acd5fcafb4c3a176707a0d9830cd70e9fdd1bea72395d76ccdb', '', NULL, NULL, NULL, NULL);
INSERT INTO lines VALUES (3, 'onboarding/acme/1', 3, 'onboarding/acme/1#2', 'note', NULL, 1, '{"id":"onboarding/acme/1#2","case":"onboarding/acme/1","process":"onboarding/acme/1","kind":"note","at":"2026-03-02T09:00:00Z","caseAt":"2026-03-02T09:00:00Z"}', 'sha256:9eba8b1d620f8acd5fcafb4c3a176707a0d9830cd70e9fdd1bea72395d76ccdb', 'sha256:10c2f6bda4bf6974ce0833138cec958dc8eb8b51082d279980c89448db0c50a0', '', NULL, NULL, NULL, NULL);
INSERT INTO lines VALUES (4, 'register', 1, 'register#archive/1', 'people', NULL, 0, '{"id":"register#archive/1","case":"register","process":"register","kind":"people","at":"2026-11-21T20:18:40.170000318Z","caseAt":"2026-11-21T20:18:40.170000318Z","actor":"olga","detail":{"digest":"sha256:ae063ac9dddd47a15a88286952fefc08b9a2ef10f0450c0b586cdf81220819f4","revision":1}}', 'sha256:11bb9e45ae686bda7c8e2cfdb981d8850d019064df5e7078fabb1ff119bd56ac', 'sha256:bcb12740c28258355cdeae83499c6fcabbe5e524b9dde9b3cf944a30c33d153a', 'sha256:91ed21e3b0b8e294261b828be7079e866494fa0363c4dab6fe45c33c154bfdd4', 'VR7H2JUSZ5AFEVEC4ZGB5YD5ZL', '{"names":[{"id":"lena","name":"Lena"}]}', NULL, NULL);
INSERT INTO numbered VALUES ('contract/acme', 'k', 1);
INSERT INTO numbers VALUES ('contract/acme', 1);
INSERT INTO numbers VALUES ('onboarding/acme', 1);
INSERT INTO people VALUES ('lena', 0, '{"id":"lena","name":"Lena","hours":{"zone":"","week":[null,null,null,null,null,null,null],"holidays":""}}');
INSERT INTO processes VALUES ('onboarding/acme/1', 2);
INSERT INTO queue VALUES (1, 'web-3', 'onboarding/acme/1', 0, 'sam', '', X'7B7D', '2026-03-02T09:00:00Z');
INSERT INTO receipts VALUES ('web-1', 'rita', '', 'counted', '{"status":"counted"}');
INSERT INTO requests VALUES ('onboarding/acme/1/legal', 'onboarding/acme/1', 0, '{"id":"onboarding/acme/1/legal","case":"onboarding/acme/1","process":"onboarding/acme/1","step":"legal","kind":"decision","title":"","owner":"olga","vendor":"acme","policy":{"groups":[{"name":"","rule":"all","seats":[{"id":"legal","role":"legal"}]}]},"opened":"0001-01-01T00:00:00Z","seatings":[{"seat":"legal","group":0,"holders":[{"person":"lena","via":"","since":"0001-01-01T00:00:00Z"}]}],"clocks":null}');
INSERT INTO reservations VALUES (1, 'intake-1', 'onboarding/acme/1', 0, X'7B7D');
INSERT INTO state VALUES ('fold', 1);
INSERT INTO state VALUES ('people', 1);
INSERT INTO state VALUES ('scrub', 0);
INSERT INTO texts VALUES ('web-1', NULL, NULL, NULL, 'sha256:49080fd31b09702764d4ce02f81bafa07ebebfb28a7df2bf4f739ae05b07456a', '');
INSERT INTO texts VALUES ('web-2', '6LMQXB4K5PTZ52T3HFZBPCYLL7', '', 'staged', '', 'sha256:5c506abc52c1659946c4b743a7a68d7f3360187dbd06e0b13015a1575573bfc0');
INSERT INTO vendors VALUES ('acme', 'Acme GmbH');
