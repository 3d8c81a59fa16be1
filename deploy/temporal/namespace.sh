#!/bin/sh
# Makes gangway's namespace if it is not there; its search attributes are
# registered by gangway's worker. Through the frontend's HTTP port, so that it
# needs nothing but wget, with the options that busybox has too.
set -eu
: "${TEMPORAL_HTTP:?such as http://temporal:7243}" "${TEMPORAL_NAMESPACE:?}"
# How long closed runs stay in the engine. They are filed in the record within
# the hour; less than 30 days gangway refuses.
days=${TEMPORAL_RETENTION_DAYS:-90}

there() {
	wget -q -T 10 -O /dev/null "$TEMPORAL_HTTP/api/v1/namespaces/$TEMPORAL_NAMESPACE"
}

if there 2>/dev/null; then
	echo "namespace: $TEMPORAL_NAMESPACE is there"
	exit 0
fi
wget -q -T 10 -O /dev/null --header 'Content-Type: application/json' \
	--post-data "{\"namespace\":\"$TEMPORAL_NAMESPACE\",\"workflowExecutionRetentionPeriod\":\"$((days * 86400))s\"}" \
	"$TEMPORAL_HTTP/api/v1/namespaces"
# The services read namespaces from a cache that is a few seconds old. Whoever
# waits for this job may count on it.
tries=0
until there 2>/dev/null; do
	tries=$((tries + 1))
	[ "$tries" -lt 30 ] || { echo "namespace: $TEMPORAL_NAMESPACE was made and does not show" >&2; exit 1; }
	sleep 1
done
echo "namespace: $TEMPORAL_NAMESPACE is made, $days days"
