#!/bin/sh
# Makes gangway's namespace if it is not there; its search attributes are
# registered by gangway's worker. Through the frontend's HTTP port, so that it
# needs nothing but wget, with the options that busybox has too.
set -eu
: "${TEMPORAL_HTTP:?such as http://temporal:7243}" "${TEMPORAL_NAMESPACE:?}"
# How long closed runs stay in the engine. They are filed in the record within
# the hour; less than 30 days gangway refuses.
days=${TEMPORAL_RETENTION_DAYS:-90}

ask() {
	wget -q -T 10 -O /dev/null "$TEMPORAL_HTTP/api/v1/namespaces/$TEMPORAL_NAMESPACE$1" 2>/dev/null
}

said="is there"
if ! ask ""; then
	wget -q -T 10 -O /dev/null --header 'Content-Type: application/json' \
		--post-data "{\"namespace\":\"$TEMPORAL_NAMESPACE\",\"workflowExecutionRetentionPeriod\":\"$((days * 86400))s\"}" \
		"$TEMPORAL_HTTP/api/v1/namespaces"
	said="is made, $days days"
fi
# That it can be described does not mean that it can be used: all other calls look
# into a cache which is up to ten seconds old. Whoever waits for this job may
# count on it.
tries=0
until ask /search-attributes; do
	tries=$((tries + 1))
	[ "$tries" -lt 60 ] || { echo "namespace: $TEMPORAL_NAMESPACE $said and does not show" >&2; exit 1; }
	sleep 1
done
echo "namespace: $TEMPORAL_NAMESPACE $said"
