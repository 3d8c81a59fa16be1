package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// plainFault is a fault of our own with everything a page says about it.
type plainFault struct {
	status     int
	what, hint string
}

func (f plainFault) Error() string { return f.what }

// Hint says what to do.
func (f plainFault) Hint() string { return f.hint }

func missing(what string) error {
	return plainFault{http.StatusNotFound, "there is no such " + what, "follow a link from your inbox; what is not for you is not shown either"}
}

func badForm(what string) error {
	return plainFault{http.StatusBadRequest, what, "go back, load the page anew and send it again"}
}

// fault is an error as people are told about it.
type fault struct {
	Status    int
	What      string
	Hint      string
	Reference string // in the log under this; empty where people can help themselves
	After     time.Duration
}

// faultOf turns an error into words: those of the error in the chain that says
// whose it is, without what was being done when it came. One that is ours to
// repair gets a reference, under which the caller must log it.
func (s *server) faultOf(err error) fault {
	var (
		own      plainFault
		large    *http.MaxBytesError
		notFound interface {
			error
			NotFound() bool
		}
		forbidden interface {
			error
			Forbidden() bool
		}
		invalid interface {
			error
			Invalid() bool
		}
		hinted interface {
			error
			Hint() string
		}
	)
	f := fault{What: err.Error()}
	if errors.As(err, &hinted) {
		f.Hint = hinted.Hint()
	}
	switch {
	case limited(err):
		f.Status, f.What, f.After = http.StatusTooManyRequests, "that was asked for too often", 15*time.Minute
		var later interface{ RetryAfter() time.Duration }
		if errors.As(err, &later) && later.RetryAfter() > 0 {
			f.After = later.RetryAfter()
		}
		f.Hint = cmp.Or(f.Hint, "try again in "+count(int((f.After+time.Minute-1)/time.Minute), "minute"))
	case errors.As(err, &own):
		f.Status, f.What = own.status, own.what
	case errors.As(err, &large):
		f.Status, f.What = http.StatusRequestEntityTooLarge, fmt.Sprintf("this is more than the %s that are taken here", bytesText(large.Limit))
		f.Hint = "split the document, or send the text and keep large pictures out of it; nothing was filed"
	case errors.As(err, &notFound) && notFound.NotFound():
		f.Status, f.What = http.StatusNotFound, notFound.Error()
	case errors.As(err, &forbidden) && forbidden.Forbidden():
		f.Status, f.What = http.StatusForbidden, forbidden.Error()
	case errors.As(err, &invalid) && invalid.Invalid():
		f.Status, f.What = http.StatusUnprocessableEntity, invalid.Error()
	case f.Hint != "":
		f.Status, f.What = http.StatusServiceUnavailable, hinted.Error()
	default:
		f.Status, f.Reference = http.StatusInternalServerError, strings.ToLower(rand.Text()[:8])
		f.What = "something went wrong on our side"
		f.Hint = "try again in a moment; if it stays, tell whoever runs gangway the reference " + f.Reference
	}
	return f
}

// report gives an error's words and logs what is ours to repair.
func (s *server) report(r *http.Request, err error) fault {
	f := s.faultOf(err)
	if f.Reference != "" && !errors.Is(err, context.Canceled) {
		s.o.Log.Error("a page failed", "reference", f.Reference, "method", r.Method, "route", r.Pattern, "error", err)
	}
	return f
}

// fail shows an error: as JSON to the command line, as a page to people, with
// whatever they wrote in it.
func (s *server) fail(w http.ResponseWriter, r *http.Request, me *visitor, err error) {
	f := s.report(r, err)
	if f.After > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((f.After+time.Second-1)/time.Second)))
	}
	if strings.HasPrefix(r.URL.Path, "/api/") {
		writeFault(w, f)
		return
	}
	if s.o.Portal != nil && (r.URL.Path == portalPath || strings.HasPrefix(r.URL.Path, portalPath+"/")) {
		s.showGuest(w, r, nil, f.Status, "guest-fault", faultTitle(f.Status), faultPage{fault: portalFault(err, f).forPage(), Kept: wroteIn(r)})
		return
	}
	s.show(w, r, me, f.Status, "fault", faultTitle(f.Status), faultPage{fault: f.forPage(), Kept: keptFrom(r)})
}

// forPage writes the sentences of a fault as sentences.
func (f fault) forPage() fault {
	f.What, f.Hint = closed(f.What), closed(f.Hint)
	return f
}

// closed makes a line of an error, which has neither capital nor full stop, a
// sentence.
func closed(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") {
		return upper(s)
	}
	return upper(s) + "."
}

// faultPage is the page of an error.
type faultPage struct {
	fault
	Kept []kept
}

// kept is something that somebody wrote, given back.
type kept struct{ Label, Text string }

// keptFrom finds what a person wrote in a form that could not be taken.
func keptFrom(r *http.Request) []kept {
	if r.Method != http.MethodPost || r.PostForm == nil {
		return nil
	}
	var texts []kept
	for _, field := range sortedKeys(r.PostForm) {
		label := ""
		switch field[strings.LastIndexByte(field, '.')+1:] {
		case "inside":
			label = "For your own people"
		case "vendor":
			label = "For the vendor"
		case "a", "none":
			label = "In the form"
		default:
			if !strings.HasPrefix(field, inIntake) {
				continue
			}
			label = "In the form"
		}
		for _, text := range r.PostForm[field] {
			if text = tidy(text); text != "" {
				texts = append(texts, kept{label, text})
			}
		}
	}
	return texts
}

func faultTitle(status int) string {
	switch status {
	case http.StatusNotFound:
		return "Nothing here"
	case http.StatusForbidden:
		return "Not for you"
	case http.StatusMisdirectedRequest:
		return "Another address"
	case http.StatusRequestEntityTooLarge:
		return "Too large"
	case http.StatusServiceUnavailable:
		return "Not now"
	case http.StatusTooManyRequests:
		return "Too often"
	case http.StatusInternalServerError:
		return "Our fault"
	default:
		return "That did not work"
	}
}
