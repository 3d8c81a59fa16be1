package main

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"gangway/config"
)

// Exit codes. Scripts branch on them, so they never change their meaning.
const (
	exitDone    = 0
	exitError   = 1
	exitUsage   = 2
	exitPart    = 3
	exitDenied  = 4
	exitRefused = 5
	exitWaiting = 8
)

// exitMeans says each code for the documentation, in order.
func exitMeans() []struct {
	Code int
	Text string
} {
	return []struct {
		Code int
		Text string
	}{
		{exitDone, "done; what was asked for happened, or the file is intact"},
		{exitError, "an error; `verify`: not intact, signed by another key than the one given, or contradicted by its histories or a witness"},
		{exitUsage, "the command line itself is wrong; nothing was tried"},
		{exitPart, "`verify`: intact, but not every history could be replayed, or the witness says nothing of it"},
		{exitDenied, "not allowed, or nobody knows who you are"},
		{exitRefused, "refused: what was said does not count, and why is told"},
		{exitWaiting, "still waiting: received but not yet delivered; `show --exit-code`: the case is running"},
		{exitData, "`bounce`: it is no report of a mail of ours; trying again is of no use"},
		{exitTemporary, "`bounce`: not taken now; a mail server tries again"},
	}
}

// problem is an error as people are told about it: what went wrong, what to do,
// and the exit code.
type problem struct {
	code  int
	err   error
	hints []string
	// status is the server's answer, 0 where it gave none.
	status int
	// unsure: it is not known whether the server took what was sent.
	unsure bool
}

// Error is what went wrong.
func (p problem) Error() string { return p.err.Error() }

// Unwrap gives the cause.
func (p problem) Unwrap() error { return p.err }

func usage(what string, hints ...string) error {
	return problem{code: exitUsage, err: errors.New(what), hints: hints}
}

func failed(what string, hints ...string) error {
	return problem{code: exitError, err: errors.New(what), hints: hints}
}

// silent ends with a code after everything has been said.
type silent int

// Error is never printed.
func (s silent) Error() string { return "" }

// report prints an error with its hints and gives the exit code.
func (s *session) report(err error) int {
	var quiet silent
	if err == nil {
		return exitDone
	}
	if errors.As(err, &quiet) {
		return int(quiet)
	}
	var p problem
	if !errors.As(err, &p) {
		p = problem{code: exitError, err: err}
		var hinted interface{ Hint() string }
		if errors.As(err, &hinted) {
			p.hints = []string{hinted.Hint()}
		}
	}
	var faults config.Faults
	if errors.As(err, &faults) {
		s.block(faults.Error())
		s.errs.line("gangway: error: %s", counted(len(faults), "fault"))
	} else {
		for _, line := range strings.Split(err.Error(), "\n") {
			s.errs.line("gangway: error: %s", plain(line))
		}
	}
	for _, hint := range p.hints {
		if hint != "" {
			s.errs.line("gangway: hint: %s", plain(hint))
		}
	}
	return p.code
}

// block prints text of several lines to stderr as it is, made harmless.
func (s *session) block(text string) {
	for _, line := range strings.Split(text, "\n") {
		s.errs.line("%s", line)
	}
}

// plain is a sentence as an error is written here: no capital, no full stop.
// A first word of capitals stays (HTTP), and I does.
func plain(text string) string {
	text = strings.TrimSpace(text)
	if !strings.HasSuffix(text, "..") {
		text = strings.TrimSuffix(text, ".")
	}
	first, size := utf8.DecodeRuneInString(text)
	second, _ := utf8.DecodeRuneInString(text[size:])
	if unicode.IsUpper(first) && (unicode.IsLower(second) || first == 'A' && second == ' ') {
		return string(unicode.ToLower(first)) + text[size:]
	}
	return text
}
