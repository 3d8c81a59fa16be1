package config

import "strings"

// setting is a row of the table of gangway.yaml: from it come the keys that the
// reader takes, docs/configuration.md and the file that `gangway init` writes.
type setting struct {
	// Key is the way through the file: mail.smtp.host.
	Key  string
	Kind string // what may stand there, in words
	// Default is what holds where the key is missing; empty: nothing does.
	Default string
	// Sample is what the written file shows; empty: the default.
	Sample string
	Text   string
}

// section is the key without its last word; empty at the top.
func (s setting) section() string { return s.Key[:max(strings.LastIndexByte(s.Key, '.'), 0)] }

func (s setting) word() string { return s.Key[strings.LastIndexByte(s.Key, '.')+1:] }

const (
	kindPlace  = "host:port"
	kindYes    = "true or false"
	kindPath   = "path"
	kindSecret = "secret"
	kindWord   = "text"
	kindNumber = "whole number"
)

// settings is the table, in the order of the page and of the written file.
func settings() []setting {
	all := []setting{
		{Key: "address", Kind: "URL", Sample: "https://gangway.example.org",
			Text: "The address under which people reach the inbox: links in mails begin with it. https, or http on this machine alone. Needed to sign in by link."},
		{Key: "listen", Kind: kindPlace, Default: "127.0.0.1:8470",
			Text: "Where the inbox listens. It speaks http alone: another machine reaches it through a proxy that speaks https, so every other address than loopback needs `trust-proxy`. `off`: this worker serves no inbox."},
		{Key: "trust-proxy", Kind: kindYes, Default: "false",
			Text: "Only a proxy of yours, or a port that a container publishes on loopback, reaches `listen`. The last address that it names in X-Forwarded-For is then whom limits count; without it everybody behind the proxy counts as one."},
		{Key: "health", Kind: kindPlace, Default: "127.0.0.1:8471",
			Text: "Where /livez and /readyz answer: states and ages, no names and no secrets. `off`: nowhere."},
		{Key: "sign-in", Kind: "link or pick", Default: "link",
			Text: "`link`: by a link or code that was mailed. `pick`: one picks who one is; for trials, and on loopback alone."},
		{Key: "data", Kind: kindPath, Default: "gangway-data",
			Text: "The folder of documents, and of the record where no database is named. Several workers share it. Paths here are relative to this file."},
		{Key: "keys", Kind: kindPath, Sample: "gangway-data/keys",
			Text: "The folder of the keys, called keys; without this line the one in `data`. Whoever reads it signs in as anybody and signs dossiers in your name: keep it apart from backups of the data."},
		{Key: "access-key", Kind: kindSecret, Sample: "{env: GANGWAY_ACCESS_KEY}",
			Text: "What links and codes are derived from, for workers that share no folder of keys: the line of `keys/access.key`. Without it that file is used, and made at the first start."},
		{Key: "people", Kind: kindPath, Sample: "people.yaml",
			Text: "The people file, written at each start when it changed. Without it the people stand that `gangway people apply` wrote."},
		{Key: "database.url", Kind: kindSecret, Sample: "{env: GANGWAY_DATABASE_URL}",
			Text: "The PostgreSQL database of the record: postgres://user:password@host/name. Without it the record is SQLite in `data`, for workers of one machine."},
	}
	all = append(all, engineSettings()...)
	all = append(all, mailSettings()...)
	all = append(all, inboxSettings()...)
	all = append(all, slackSettings()...)
	all = append(all, githubSettings()...)
	all = append(all, documentSettings()...)
	return append(all,
		setting{Key: "log.level", Kind: "debug, info, warn or error", Default: "info", Text: "What is written to standard error. Logs hold ids, never names, addresses or texts."},
		setting{Key: "log.format", Kind: "json or text", Default: "json", Text: "One JSON object a line, or key=value for people."})
}

func engineSettings() []setting {
	return []setting{
		{Key: "engine.profile", Kind: kindWord, Sample: "default",
			Text: "The profile of Temporal's own configuration file, as the temporal command line reads it (TLS, client certificates, API key). TEMPORAL_PROFILE does the same, and the other TEMPORAL_ variables override the profile."},
		{Key: "engine.config-file", Kind: kindPath, Sample: "temporal.toml",
			Text: "That file; without this line TEMPORAL_CONFIG_FILE, else the temporal command line's own."},
		{Key: "engine.address", Kind: kindPlace, Sample: "127.0.0.1:7233",
			Text: "The Temporal server's frontend. Rules over profile and variables; without any of them 127.0.0.1:7233."},
		{Key: "engine.namespace", Kind: kindWord, Sample: "gangway",
			Text: "The namespace. Rules over profile and variables; without any of them `gangway`. It must be there."},
		{Key: "engine.retention-days", Kind: kindNumber, Default: "90",
			Text: "How long the namespace should keep closed runs: at least 30 days. One that keeps them for less than 30 is refused at the start, for less than this is told in the log."},
		{Key: "engine.wait-seconds", Kind: kindNumber, Default: "60",
			Text: "How long a start waits for an engine and a database that do not answer yet."},
	}
}

func slackSettings() []setting {
	return []setting{
		{Key: "slack.app", Kind: "id of an app", Sample: "A0123456789",
			Text: "The app in Slack through which people are asked: docs/slack.md sets it up. One app belongs to one gangway. Needed for Slack; without `slack` nobody is asked there."},
		{Key: "slack.team", Kind: "id of a workspace, or a list", Sample: "T0123456789",
			Text: "The workspace whose people are listened to; everybody else's are refused. Needed for Slack."},
		{Key: "slack.bot-token", Kind: kindSecret, Sample: "{env: GANGWAY_SLACK_BOT_TOKEN}",
			Text: "The app's bot token, xoxb-. Needed for Slack."},
		{Key: "slack.app-token", Kind: kindSecret, Sample: "{env: GANGWAY_SLACK_APP_TOKEN}",
			Text: "The app's own token, xapp-, with connections:write. With it gangway opens the connections to Slack (Socket Mode), and nothing has to reach it from outside."},
		{Key: "slack.signing-secret", Kind: kindSecret, Sample: "{env: GANGWAY_SLACK_SIGNING_SECRET}",
			Text: "With it Slack may send its requests to `address`/slack/…, where a proxy passes them on to `listen`. Either this or `app-token` is needed. With both, both ways are open, and the switch for Socket Mode in the app's settings says which one Slack takes: so one changes over without a gap."},
		{Key: "slack.old-signing-secret", Kind: kindSecret, Sample: "{env: GANGWAY_SLACK_OLD_SIGNING_SECRET}",
			Text: "The secret before this one, which Slack may use for 24 hours after a new one was made. Take the line out then."},
		{Key: "slack.cases-channel", Kind: "id of a channel", Sample: "C0123456789",
			Text: "The channel in which each case has a quiet thread; the app must be in it, and it must not be shared with another organisation. Without it there are no threads."},
		{Key: "slack.bind-by-mail", Kind: "list of domains", Sample: "[example.org]",
			Text: "People with an address in one of these domains are found in Slack by it, once. Without it a person is found by `slack` in the people file, or says at the inbox who they are in Slack."},
		{Key: "slack.api", Kind: "URL", Default: "https://slack.com/api/",
			Text: "Where Slack is: https://slack-gov.com/api/ for GovSlack. Tokens go to these two, or to this machine for a trial."},
	}
}

// keysOf are the keys of a section, sections below it included.
func keysOf(section string) []string {
	var keys []string
	for _, s := range settings() {
		rest, inside := s.Key, section == ""
		if !inside {
			rest, inside = strings.CutPrefix(s.Key, section+".")
		}
		first, _, _ := strings.Cut(rest, ".")
		if inside && !oneOf(first, keys) {
			keys = append(keys, first)
		}
	}
	return keys
}

// defaultOf is what holds where a key is missing.
func defaultOf(key string) string {
	for _, s := range settings() {
		if s.Key == key {
			return s.Default
		}
	}
	return ""
}
