#!/bin/sh
# Writes .env beside docker-compose.yml: a password for each user of the database,
# made now. An .env that is there stays: its passwords are those of the volume.
set -eu
umask 077
cd "$(dirname "$0")/.."
if [ -e .env ]; then
	echo "secrets: .env is there and stays as it is" >&2
	exit 1
fi
# 32 bytes as hexadecimal digits, which mean nothing to a URL or a shell.
secret() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
{
	for name in POSTGRES_PASSWORD TEMPORAL_DB_PASSWORD GANGWAY_DB_PASSWORD; do
		echo "$name=$(secret)"
	done
} >.env.new
mv .env.new .env
echo "secrets: .env is written; keep it with the backups of the volumes"
