package config

import (
	"fmt"
	"strings"
)

// SampleDeployment is gangway.yaml as `gangway init` writes it: every key with
// what it means, those in set with a value, the others commented out. set maps
// keys such as mail.from to YAML.
func SampleDeployment(set map[string]string) []byte {
	var b strings.Builder
	b.WriteString("# How this gangway runs. `gangway config check` reads it, `gangway doctor` tries it.\n" +
		"# Secrets don't stand here: {env: NAME} names a variable (or NAME_FILE a file that\n# holds it), {file: PATH} a file that only gangway's user may read.\n")
	in := ""
	for _, s := range settings() {
		b.WriteString(enter(in, s.section(), set))
		in = s.section()
		indent := strings.Repeat("  ", strings.Count(s.Key, "."))
		b.WriteString("\n")
		for _, line := range folded(s.Text, 84) {
			b.WriteString(indent + "# " + line + "\n")
		}
		if v, given := set[s.Key]; given {
			fmt.Fprintf(&b, "%s%s: %s\n", indent, s.word(), v)
			continue
		}
		shown := s.Sample
		if shown == "" {
			shown = s.Default
		}
		fmt.Fprintf(&b, "%s#%s: %s\n", indent, s.word(), shown)
	}
	return []byte(b.String())
}

// enter writes the headings from one section to another; those with nothing set
// in them are commented out like their keys.
func enter(from, to string, set map[string]string) string {
	var b strings.Builder
	way := ""
	for i, word := range strings.Split(to, ".") {
		way = strings.TrimPrefix(way+"."+word, ".")
		if to == "" || from == way || strings.HasPrefix(from, way+".") {
			continue
		}
		mark := "#"
		for key := range set {
			if strings.HasPrefix(key, way+".") {
				mark = ""
			}
		}
		fmt.Fprintf(&b, "\n%s%s%s:\n", strings.Repeat("  ", i), mark, word)
	}
	return b.String()
}

// folded breaks a text into lines of at most so many letters.
func folded(text string, wide int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > wide {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}

// DeploymentReference is docs/configuration.md, made from the table of settings and
// those of what a playbook holds.
func DeploymentReference() []byte {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# gangway.yaml\n")
	say("<!-- Made from the tables of keys in config; `make docs` writes it anew. -->\n")
	say("`gangway init` writes this file with every key explained, `gangway config check gangway.yaml` names every fault with its")
	say("line, `gangway doctor` and `worker doctor` try what it says. The worker reads the file that `-config` or `GANGWAY_CONFIG`")
	say("names, once, at its start; flags of the worker rule over it. Paths are relative to the file.\n")
	in := "-"
	for _, s := range settings() {
		if s.section() != in {
			in = s.section()
			title := "## " + in + "\n"
			if in == "" {
				title = "## At the top\n"
			}
			if in != "" {
				say("")
			}
			say("%s", title)
			say("| key | value | unless given | meaning |\n|---|---|---|---|")
		}
		fallback := ""
		if s.Default != "" {
			fallback = "`" + s.Default + "`"
		}
		say("| `%s` | %s | %s | %s |", s.Key, s.Kind, fallback, s.Text)
	}
	say("\n## Secrets\n")
	say("A secret is never written into the file. `{env: NAME}` is the variable NAME; where that is empty, the file that `NAME_FILE`")
	say("names. `{file: PATH}` is a file; a bare name lies in `$CREDENTIALS_DIRECTORY` where systemd sets that, else beside")
	say("gangway.yaml. One line break at its end is dropped. A file that everybody on the machine may read is refused (0400 or 0440),")
	say("as is an empty one. Nothing prints, logs or encodes a secret: `[redacted]` stands in its place.\n")
	say("## Variables\n")
	say("| variable | meaning |\n|---|---|")
	say("| `GANGWAY_CONFIG` | the worker's gangway.yaml, where `-config` is left out |")
	say("| `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS…`, `TEMPORAL_PROFILE`, `TEMPORAL_CONFIG_FILE` | as the temporal command line reads them; `engine` rules over them |")
	say("| `CREDENTIALS_DIRECTORY` | where systemd puts credentials |")
	say("| every NAME in `{env: NAME}`, and `NAME_FILE` | secrets |")
	sayPlaybooks(say)
	return []byte(b.String())
}
