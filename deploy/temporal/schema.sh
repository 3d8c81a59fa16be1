#!/bin/sh
# Brings the engine's two databases to the schema of its version. May run at
# every start: a database that is up to date stays as it is. Connects with
# SQL_HOST, SQL_PORT, SQL_USER, SQL_PASSWORD and SQL_PLUGIN.
set -eu
: "${SQL_PLUGIN:?}" "${SQL_HOST:?}" "${SQL_PORT:?}" "${SQL_USER:?}" "${SQL_PASSWORD:?}"

# migrate DATABASE SCHEMA. The first step is asked for only where its tables are
# missing: on a database in use it is not meant to run (temporal#1087).
migrate() {
	if tool "$1" update-schema --schema-name "$2"; then
		echo "schema: $1 is up to date"
		return 0
	fi
	case $said in
	*schema_version*'does not exist'*) ;;
	*) fail "$1" ;;
	esac
	tool "$1" setup-schema -v 0.0 || fail "$1"
	tool "$1" update-schema --schema-name "$2" || fail "$1"
	echo "schema: $1 is set up"
}

# tool DATABASE COMMAND...: keeps what was said, which is thousands of lines, for
# the case that it fails.
tool() {
	database=$1
	shift
	said=$(temporal-sql-tool --database "$database" "$@" 2>&1)
}

fail() {
	printf '%s\nschema: %s could not be migrated\n' "$said" "$1" >&2
	exit 1
}

migrate temporal postgresql/v12/temporal
migrate temporal_visibility postgresql/v12/visibility
