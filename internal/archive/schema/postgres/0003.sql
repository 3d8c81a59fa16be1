-- Version 3: letters on their way. Working tables: never evidence. Times here are
-- microseconds since 1970, 0: none.

CREATE TABLE letters (
	id        TEXT PRIMARY KEY,
	person    TEXT NOT NULL,
	kind      TEXT NOT NULL,
	case_id   TEXT NOT NULL,        -- empty: of no case
	letter    TEXT NOT NULL,        -- what never changes
	made      BIGINT NOT NULL,
	state     TEXT NOT NULL,
	next_try  BIGINT NOT NULL,
	tries     BIGINT NOT NULL,
	first_try BIGINT NOT NULL,
	message   TEXT NOT NULL,        -- empty: never tried
	token     TEXT NOT NULL,        -- digest of what the envelope sender carries
	changed   BIGINT NOT NULL,
	fault     TEXT NOT NULL,
	repeated  BIGINT NOT NULL,     -- 1: a later letter names it
	untold    BIGINT NOT NULL      -- 1: it failed, and the case doesn't know yet
);
CREATE INDEX letters_due ON letters (next_try) WHERE state = 'waiting';
CREATE INDEX letters_waiting ON letters (person) WHERE state = 'waiting';
CREATE INDEX letters_sending ON letters (changed) WHERE state = 'sending';
CREATE INDEX letters_untold ON letters (id) WHERE untold = 1;
CREATE INDEX letters_message ON letters (message) WHERE message <> '';
CREATE INDEX letters_token ON letters (token) WHERE token <> '';
CREATE INDEX letters_case ON letters (case_id, made) WHERE case_id <> '';
CREATE INDEX letters_person ON letters (person, made);
CREATE INDEX letters_sign_in ON letters (made) WHERE kind = 'sign-in';
CREATE INDEX letters_trouble ON letters (changed) WHERE repeated = 0 AND state IN ('unknown', 'refused', 'bounced');

-- The day of each person's last digest: one leaves a day.
CREATE TABLE digests (
	person TEXT PRIMARY KEY,
	day    TEXT NOT NULL
);

-- Cases of which somebody was told by letter; told 1: their end too.
CREATE TABLE letter_cases (
	case_id TEXT PRIMARY KEY,
	told    BIGINT NOT NULL
);
CREATE INDEX letter_cases_open ON letter_cases (case_id) WHERE told = 0;
