package main

import (
	"fmt"
	"strings"
)

// docs prints docs/commands.md.
func (s *session) docs([]string) error {
	s.out.write([]byte(reference()))
	return nil
}

// reference is docs/commands.md, made from the table of commands.
func reference() string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# The command line\n")
	say("<!-- Made from the table of commands by `gangway docs`; `make docs` writes it anew. -->\n")
	say("`gangway` talks to a gangway that runs: to the local on `./gangway-data`, or to the one that `--data` or `--url`")
	say("names. `plan`, `verify` and `config check` need none. Data goes to stdout, messages to stderr.\n")
	referenceFlags(say)
	referenceExits(say)
	referenceJSON(say)
	for _, group := range groups() {
		var rows []command
		for _, c := range commands() {
			if c.Group == group && !c.Hidden {
				rows = append(rows, c)
			}
		}
		say("## %s\n", group)
		for _, c := range rows {
			referenceCommand(say, c)
		}
		if group == groupTool {
			say("### gangway completion\n")
			say("Print a completion script for bash, zsh, fish or powershell: `gangway completion bash --help` says where it goes.")
			say("Cases, steps, answers and people complete from the gangway that runs.")
		}
	}
	return b.String()
}

type sayer = func(format string, args ...any)

func referenceFlags(say sayer) {
	say("## Flags of every command\n")
	flagTable(say, globalFlags())
	say("The environment variables in brackets hold where the flag is left out. A token, in `GANGWAY_TOKEN` or a file, says who acts")
	say("at the gangway that `--url` names and goes nowhere else: `--as` is for a local, where one picks a person. The first token")
	say("is made in the browser, under one's name.\n")
}

func flagTable(say sayer, flags []flag) {
	say("| flag | meaning |\n|---|---|")
	for _, f := range flags {
		name := "`--" + f.Name
		if f.Letter != "" {
			name = "`-" + f.Letter + "`, " + name
		}
		if f.Value != "" {
			name += " " + strings.ReplaceAll(f.Value, "|", `\|`)
		}
		usage := f.Usage
		if f.Default != "" {
			usage += fmt.Sprintf("; `%s` unless given", f.Default)
		}
		say("| %s` | %s |", name, strings.ReplaceAll(usage, "|", `\|`))
	}
	say("")
}

func referenceExits(say sayer) {
	say("## Exit codes\n")
	say("| code | meaning |\n|---|---|")
	for _, e := range exitMeans() {
		say("| %d | %s |", e.Code, e.Text)
	}
	say("")
}

func referenceJSON(say sayer) {
	say("## JSON\n")
	say("`-o json` prints what the server sent, as one value; fields are only ever added. Times are RFC 3339. A field that is")
	say("empty may be left out or null. Messages and errors stay on stderr; a refused answer's outcome is printed as well.\n")
	say("| command | value |\n|---|---|")
	for _, row := range [][2]string{
		{"`cases`", "a list of cases: `id`, `vendor`, `owner`, `state` (running, live, withdrawn), `stage`, `requests`, `documents`, …"},
		{"`show`", "one case; `requests[].ballots[]` has `seat`, `person`, `verdict`, `version`, `at` of every answer"},
		{"`show --journal`", "a list of lines: `n`, `entry`, `prev`, `hash`, `body`"},
		{"`waiting`", "a list of requests: `id`, `case`, `step`, `title`, `policy`, `seatings`, `clocks`, `versions`"},
		{"`answer`, `submit`, `take-back`, `recuse`, `delegate`, `withdraw`, `reopen`", "an outcome: `status` (counted, already, pending, refused), `refusal`, `seat`, `version`, `state`, `by`, `at`, `missing`"},
		{"`receipt`", "`outcome`, and `filed`: the line of the record, null until it is filed"},
		{"`onboard`", "`case`"},
		{"`away`", "a list of absences that have not ended: `from`, `until`, `backup`, `own` (you said so; else the people file)"},
		{"`people list`", "a list of people as `people apply` sent them"},
		{"`people apply`", "`revision`, `changed` (ids)"},
		{"`token list`", "a list of tokens: `id`, `person`, `name`, `made`, `until`, `seen`, `revoked`; never a secret"},
		{"`token new`", "`token`, and `secret`, this once"},
		{"`plan`", "the plan: `steps[].groups[].seats[]`, `load`, `empty`, `idle`, `fewest`"},
		{"`verify`, `dossier`", "`intact`, `findings`, `case`, `state`, `fingerprint`, `known`, `wrong`, `signedAt`, `lines`, `documents`, `histories`, …"},
		{"`key fingerprint`", "`fingerprint`"},
		{"`config check`", "`files` (`file`, `kind`), `faults` (`file`, `line`, `column`, `message`, `hint`, `excerpt`)"},
	} {
		say("| %s | %s |", row[0], row[1])
	}
	say("")
}

func referenceCommand(say sayer, c command) {
	say("### gangway %s\n", c.Name)
	say("```\ngangway %s\n```\n", usageLine(c))
	say("%s\n", c.long())
	if len(c.Flags) > 0 {
		flagTable(say, c.Flags)
	}
	if len(c.Exits) > 0 {
		codes := make([]string, 0, len(c.Exits)+3)
		for _, code := range append([]int{exitDone, exitError, exitUsage}, c.Exits...) {
			codes = append(codes, fmt.Sprint(code))
		}
		say("Exit codes: %s.\n", strings.Join(codes, ", "))
	}
	if len(c.Examples) > 0 {
		say("```sh\n%s\n```\n", strings.Join(c.Examples, "\n"))
	}
}

func usageLine(c command) string {
	line := strings.TrimSpace(c.Name + " " + c.Args)
	if len(c.Flags) > 0 {
		line += " [flags]"
	}
	return line
}
