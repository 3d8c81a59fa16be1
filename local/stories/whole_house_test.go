package stories

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/config"
	"gangway/internal/assembly"
	"gangway/internal/dossier"
	"gangway/internal/github/githubtest"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

// The words in which a whole onboarding is told, by the shipped playbook of that name.

// premises are a house with mail, a portal, a browser, a command line, a GitHub, and a
// Slack in which jonas alone is: everybody else is written to.
type premises struct {
	*posted
	slack  *slacktest.Server
	hub    *githubtest.Server
	folder string               // in which the command line runs
	desks  map[string]*somebody // at their browsers, by person
	nadia  guest
}

func newPremises(t *testing.T, about ...string) *premises {
	t.Helper()
	s := &premises{folder: t.TempDir(), desks: map[string]*somebody{}, slack: slacktest.Start(t, slacktest.Options{Users: []slacktest.User{
		{ID: slackID("jonas"), Name: "jonas", RealName: "Jonas Keller", Email: "jonas@northgate.example"}}})}
	hub, github := openHub(t)
	s.hub = hub
	s.posted = postedOn(t, ground{options: func(o *assembly.Options) {
		o.GitHub = github
		at := s.slack.Options()
		o.Slack = config.Slack{App: at.App, Teams: []string{at.Team}, BotToken: config.Opened(at.BotToken), AppToken: config.Opened(at.AppToken),
			BindByMail: []string{"northgate.example"}, API: s.slack.URL() + "/api/"}
	}}, about...)
	if !within(patience, func() bool { return s.slack.Connections() >= 1 }) {
		t.Fatalf("%d sockets are open", s.slack.Connections())
	}
	s.nadia = s.guest("nadia")
	s.mail.Whatever("nadia@brightwell.example")
	s.slack.Whatever("jonas")
	return s
}

// whole makes the example's intake one for the playbook `whole`: payment data make it
// tier 1, personal data want an agreement, and there is code at GitHub.
func whole(i *playbook.Intake) {
	i.Playbook = "whole"
	i.Systems = append(i.Systems, "github")
}

// gangway runs the command line as a person, in a folder of their own.
func (s *premises) gangway(person string, args ...string) finished {
	s.t.Helper()
	return execute(s.t, s.folder, []string{"GANGWAY_URL=" + s.address, "GANGWAY_AS=" + person, "NO_COLOR=1"}, "gangway", args...)
}

// at is somebody of ours at their browser, signed in.
func (s *premises) at(person string) *somebody {
	s.t.Helper()
	if p, sits := s.desks[person]; sits {
		return p
	}
	p := s.guest(person).somebody
	f := p.opens("/signin").form("/signin")
	if f == nil {
		s.t.Fatalf("%s can't sign in", person)
	}
	f.values.Set("person", person)
	if shown := p.sends(f); shown.status != http.StatusOK {
		s.t.Fatalf("%s can't sign in: %d %s", person, shown.status, shown.text)
	}
	s.desks[person] = p
	return p
}

// sound makes sound answers as of now.
func (o *onboarding) sound() sounding {
	return soundly(o.now(), "maya", o.h.file)
}

// open lists what is asked now and has somebody to answer it.
func (o *onboarding) open() (all []asked) {
	o.h.t.Helper()
	v := o.view()
	for i := range v.Requests {
		if v.Requests[i].Closed == nil {
			all = append(all, asked{&v.Requests[i]})
		}
	}
	return all
}

// opens waits until a step is asked, of whomever.
func (o *onboarding) opens(step string) (r review.Request) {
	o.h.t.Helper()
	if !within(patience, func() bool {
		all := o.open()
		i := slices.IndexFunc(all, func(a asked) bool { return a.Step == step })
		if i >= 0 {
			r = *all[i].Request
		}
		return i >= 0
	}) {
		o.h.t.Fatalf("nobody is asked %q\n%s", step, describe(o.view()))
	}
	return r
}

// quiet waits until nothing of the case is on its way, and returns when its clock
// wants something next. Unlike rest it does not wait for a question: between the parts
// of a pilot nobody is asked anything.
func (o *onboarding) quiet() (next time.Time) {
	o.h.t.Helper()
	if !within(patience, func() bool {
		n, quiet, err := o.h.Rehearse(o.id).Due(context.Background())
		if err != nil {
			o.h.t.Fatalf("asking what is due: %v", err)
		}
		next = n
		return quiet
	}) {
		o.h.t.Fatalf("the case never comes to rest\n%s", describe(o.view()))
	}
	return next
}

// others answer soundly whatever they are asked, the vendor's in the portal, until
// these steps are asked and nothing else; the clock moves when nobody is asked
// anything. Without steps: until the case is over.
func (s *premises) others(o *onboarding, until ...string) {
	s.t.Helper()
	for range 400 {
		next := o.quiet()
		if v := o.view(); !v.Closed.IsZero() {
			return
		}
		answered, awaited := false, 0
		for _, r := range o.open() {
			if slices.Contains(until, r.Step) {
				awaited++
				continue
			}
			answered = s.serve(o, r) || answered
		}
		switch {
		case answered:
		case len(until) > 0 && awaited == len(until):
			return
		case !soon(next, o.now()) || len(o.open()) > awaited:
		default:
			if err := s.Rehearse(o.id).Jump(context.Background(), next); err != nil {
				s.t.Fatalf("jumping to %s: %v", next, err)
			}
		}
	}
	s.t.Fatalf("%q are never asked\n%s", until, describe(o.view()))
}

// soon reports whether the clock wants something within the weeks of a pilot. Between two
// stages nobody is asked anything for a moment, and what comes next then is the day on
// which a certificate runs out.
func soon(next, now time.Time) bool { return !next.IsZero() && next.Before(now.AddDate(0, 0, 30)) }

// serve lets one of those answer who are asked.
func (s *premises) serve(o *onboarding, r asked) bool {
	s.t.Helper()
	who, is := r.next(o.now())
	switch {
	case !is:
		return false
	case who.vendor && r.Sheet:
		s.nadia.fillsPages(o, *r.Request)
		return true
	}
	person, f := o.sound().answers(r.Request, who)
	f.ID = "web-" + freshID()
	out, err := s.Desk.Answer(context.Background(), f.Answer(as(person), time.Now()))
	o.accepts(out, err, r, who)
	return true
}

// accepts waits until an answer counts: on a busy machine that is a moment after it was
// taken.
func (o *onboarding) accepts(out review.Outcome, err error, r asked, who asker) {
	o.h.t.Helper()
	switch {
	case err == nil && out.Status == review.Pending:
		o.until("it counts", func(v dossier.CaseView) bool {
			q := v.Request(r.ID)
			return q != nil && (q.Closed != nil || q.Standing(who.seat.ID) != nil)
		})
	case err != nil || out.Status != review.Counted && out.Status != review.Already:
		o.h.t.Fatalf("an answer to %s: %+v, %v", r.ID, out, err)
	}
}

// now is the case's time.
func (o *onboarding) now() time.Time {
	v := o.view()
	return v.Now(time.Now())
}

// taskAt is a page of the vendor's task.
func taskAt(r review.Request, name string) string {
	return query("/portal/task", "id", r.ID, "page", name)
}

// fillsPages goes through the pages of a form in the portal, and sends it.
func (g guest) fillsPages(o *onboarding, r review.Request) page {
	g.m.t.Helper()
	sound := o.sound()
	var shown page
	if !within(patience, func() bool { shown = g.opens(taskAt(r, "q1")); return shown.status == http.StatusOK }) { // they are told a moment later
		g.m.t.Fatalf("%s has no task %s: %d %s", g.id, r.ID, shown.status, shown.text)
	}
	for range 60 {
		if up := shown.form("/portal/upload"); up != nil && shown.form("/portal/send") == nil {
			up.file = sound.text(r.Step, r.ID)
			shown = g.sends(up)
		}
		if send := shown.form("/portal/send"); send != nil {
			return g.sends(send)
		}
		save := shown.form("/portal/save")
		if save == nil {
			break
		}
		save.fillLines(r, sound)
		shown = g.sends(save)
	}
	g.m.t.Fatalf("%s never gets to the end of %s: %d %s", g.id, r.ID, shown.status, shown.text)
	return shown
}

// fillLines fills in the lines of a page, as they are named there.
func (f *form) fillLines(r review.Request, s sounding) {
	for name := range f.values {
		field, is := strings.CutSuffix(name, ".point")
		if !is {
			continue
		}
		for _, p := range r.Points {
			if typed := s.typed(p); p.ID == f.values.Get(name) && len(typed) > 0 {
				f.values[field+".a"] = typed
			}
		}
	}
}

// overseen waits until the oversight of a case that went live runs, and returns it.
func (o *onboarding) overseen() *onboarding {
	o.h.t.Helper()
	var found string
	if !within(patience, func() bool {
		all, err := o.h.Archive.Cases(context.Background())
		if err != nil {
			o.h.t.Fatalf("reading the cases: %v", err)
		}
		i := slices.IndexFunc(all, func(v dossier.CaseView) bool { return v.Predecessor == o.id })
		if i >= 0 {
			found = all[i].ID
		}
		return i >= 0
	}) {
		o.h.t.Fatalf("nobody watches %s", o.id)
	}
	return &onboarding{h: o.h, id: found}
}

// puts a file into the folder in which the command line runs.
func (s *premises) puts(name string, text []byte) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.folder, name), text, 0o600); err != nil {
		s.t.Fatalf("writing a file: %v", err)
	}
}
