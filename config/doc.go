// Package config reads what an operator and the people of an organisation
// write: gangway.yaml, playbooks, the people file, and the vendor file that
// starts a case.
// It ships playbooks, packs of clauses, three starter sets of holidays and a short example.
//
// Promises. Every fault of a file is reported at once, each with line, column
// and an excerpt, in the order of the file. Values are read from their source
// text, so `no` stays no and 08:00 stays a time, whatever a YAML version makes
// of them. Anchors, aliases, tags and merge keys are refused, files are at most
// 1 MiB and their nesting is bounded: no file can make reading it expensive.
//
// It imports the pure packages and a YAML parser, nothing else; mains translate
// between it and the rooms. It opens no file of the operator's but secrets and
// the access key, where it is asked to (Deployment.Reveal, AccessKey): callers
// pass bytes and the name to show.
package config
