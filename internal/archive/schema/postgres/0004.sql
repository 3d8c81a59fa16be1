-- Version 4: the record by time. at is an entry's real instant to the second, so
-- that it can be compared as text; the entry has it in full.
ALTER TABLE lines ADD COLUMN at TEXT GENERATED ALWAYS AS (substr(entry::json ->> 'at', 1, 19)) STORED;
CREATE INDEX lines_at ON lines (at, chain, n);
