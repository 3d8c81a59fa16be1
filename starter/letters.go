package main

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"gangway/internal/outbox"
)

// Exit codes of bounce, from sysexits.h: what a mail server's pipe understands.
const (
	exitData      = 65 // EX_DATAERR: never try this one again
	exitTemporary = 75 // EX_TEMPFAIL
)

// mostBounce is how many bytes of a report are read; one that carries the whole
// of one of our mails is far below.
const mostBounce = 1 << 20

// letters lists what arrived nowhere.
func (s *session) letters([]string) error {
	var list []outbox.Letter
	raw, err := s.fetchInto(get("/api/letters"), &list)
	if err != nil {
		return err
	}
	err = s.print(raw, func() {
		g := newGrid("", "STATE", "PERSON", "ABOUT", "CASE", "SINCE", "FAULT", "ID")
		for _, l := range list {
			g.add(string(l.State), l.Person, string(l.Kind), dash(l.Case), s.when(l.Changed, s.now()), dash(l.Fault), l.ID)
		}
		g.print(s.out)
	})
	switch {
	case err != nil:
	case len(list) == 0:
		s.tell("every letter arrived, as far as anybody knows")
	default:
		s.tell("send one once more with: gangway letters again ID")
	}
	return err
}

func (s *session) letterAgain(args []string) error {
	w, err := post("/api/letters/again", map[string]string{"id": args[0]})
	if err != nil {
		return err
	}
	var l outbox.Letter
	raw, err := s.fetchInto(w, &l)
	if err != nil {
		return err
	}
	return s.print(raw, func() { s.out.line("on its way once more: %s", l.ID) })
}

// bounce reads a delivery report and posts it. Its exit codes tell the mail
// server whether to keep the report and try again.
func (s *session) bounce([]string) error {
	err := s.postBounce()
	var p problem
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &p): // nothing is known of it: better once more than lost
		p = problem{err: err}
	}
	// A token that ended is mended by somebody: until then the mail server keeps
	// the report.
	switch p.status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		p.code = exitData
	default:
		p.code = exitTemporary
	}
	return p
}

func (s *session) postBounce() error {
	report, err := io.ReadAll(io.LimitReader(s.stdin, mostBounce+1))
	switch {
	case err != nil:
		return problem{err: errors.New("the report could not be read from stdin")}
	case len(report) == 0:
		return problem{code: exitData, status: http.StatusBadRequest, err: errors.New("there is no report on stdin")}
	case len(report) > mostBounce:
		return problem{code: exitData, status: http.StatusRequestEntityTooLarge, err: errors.New("the report is larger than 1 MiB"), hints: []string{"delivery reports are far smaller; it is dropped"}}
	}
	var taken struct{} // whatever else answers at this address says no JSON
	_, err = s.fetchInto(wish{method: http.MethodPost, path: "/api/bounce", media: "message/rfc822",
		body: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(report)), nil }}, &taken)
	return err
}
