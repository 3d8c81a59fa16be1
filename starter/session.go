package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/pflag"
)

// program is what outlives one invocation in tests: the clock, and how patient
// the client is with a local that restarts.
type program struct {
	now      func() time.Time
	patience time.Duration // how long connection errors are tried again
	asking   time.Duration // how long a new case's first request is waited for
	pause    time.Duration // between two tries
}

// session is one invocation.
type session struct {
	program
	ctx   context.Context
	env   environment
	stdin io.Reader
	out   *terminal // data
	errs  *terminal // messages
	flags *pflag.FlagSet
	json  bool
	iso   bool
	as    string // person id; empty: nobody said
	whose string // the token's person, once the server has said
}

// settle reads the global flags, once they are parsed.
func (s *session) settle(flags *pflag.FlagSet) error {
	s.flags = flags
	switch s.text("output") {
	case "text":
	case "json":
		s.json = true
	case "csv":
		if flags.Lookup("from") == nil { // audit's
			return usage("only audit writes csv", "text or json")
		}
	default:
		return usage(fmt.Sprintf("there is no output %.40q", s.text("output")), "text or json")
	}
	switch s.text("time-format") {
	case "relative":
	case "iso":
		s.iso = true
	default:
		return usage(fmt.Sprintf("there is no time format %.40q", s.text("time-format")), "relative or iso")
	}
	s.as = s.setting("as", "GANGWAY_AS")
	off := s.yes("no-color")
	s.out.color, s.errs.color = hasColor(s.out.w, s.env, off), hasColor(s.errs.w, s.env, off)
	return nil
}

// text, yes and list are the flags of the running command by their names.
func (s *session) text(flag string) string {
	if f := s.flags.Lookup(flag); f != nil {
		return f.Value.String()
	}
	return ""
}

func (s *session) yes(flag string) bool { return s.text(flag) == "true" }

func (s *session) list(flag string) []string {
	if f := s.flags.Lookup(flag); f != nil {
		if v, ok := f.Value.(*value); ok {
			return v.texts
		}
	}
	return nil
}

// setting is a flag, or the environment where the flag was left out.
func (s *session) setting(flag, variable string) string {
	if s.flags.Changed(flag) || s.env.get(variable) == "" {
		return s.text(flag)
	}
	return s.env.get(variable)
}

// known holds that somebody acts: a person is named, or a token will say who;
// the error says how.
func (s *session) known() error {
	if s.as != "" {
		return nil
	}
	hint := "name a person with --as PERSON, or set GANGWAY_AS"
	if s.setting("url", "GANGWAY_URL") != "" {
		secret, err := s.token()
		if err != nil || secret != "" {
			return err
		}
		hint = "give a token with --token-file FILE or in GANGWAY_TOKEN; you make one in the browser, under your name"
	}
	return problem{code: exitDenied, err: fmt.Errorf("nobody knows who you are"), hints: []string{hint}}
}

// print writes data: the JSON as it came, or as text does it.
func (s *session) print(raw []byte, text func()) error {
	if !s.json {
		text()
		return nil
	}
	return s.out.json(raw)
}

// printValue is print for a value that no server sent.
func (s *session) printValue(v any, text func()) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	return s.print(raw, text)
}

// tell writes a message: what changed, how to look at it, what to do next.
func (s *session) tell(format string, args ...any) { s.errs.line("gangway: "+format, args...) }
