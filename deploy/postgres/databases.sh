#!/bin/sh
# The databases of one deployment, each with an owner of its own that can reach
# no other: temporal and temporal_visibility for the engine, gangway for the
# record. The image of PostgreSQL runs this once, when its volume is empty; by
# hand it runs with psql's own variables (PGHOST, PGPORT, PGUSER).
set -eu
: "${TEMPORAL_DB_PASSWORD:?}" "${GANGWAY_DB_PASSWORD:?}"

# Passwords go in as variables that psql quotes: any character may be in them. A
# heredoc, because psql replaces variables in its input and not in -c.
psql -v ON_ERROR_STOP=1 -v temporal="$TEMPORAL_DB_PASSWORD" -v gangway="$GANGWAY_DB_PASSWORD" \
	--no-psqlrc --quiet --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE ROLE gangway LOGIN PASSWORD :'gangway';
CREATE DATABASE temporal OWNER temporal ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE temporal_visibility OWNER temporal ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE gangway OWNER gangway ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE temporal, temporal_visibility, gangway, postgres FROM PUBLIC;
SQL
