package stories

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/github/githubtest"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// comesOnBoard takes the small vendor on board, and watches it.
func (s *small) comesOnBoard() (watch *onboarding) {
	s.t.Helper()
	contract := s.wants()
	s.needed()
	s.sworn()
	s.agreed(contract)
	s.speaks()
	s.o.sealed(dossier.Live)
	watch = s.o.overseen()
	watch.quiet()
	return watch
}

// calm is quiet, for what asks GitHub a lot: it is asked in half a minute what it could
// be asked in seconds, so that others have their share of its limits.
func (o *onboarding) calm() (next time.Time) {
	o.h.t.Helper()
	for deadline := time.Now().Add(4 * patience); ; <-time.After(50 * time.Millisecond) {
		at, quiet, err := o.h.Rehearse(o.id).Due(context.Background())
		switch {
		case err != nil:
			o.h.t.Fatalf("asking what is due: %v", err)
		case quiet:
			return at
		case time.Now().After(deadline):
			o.h.t.Fatalf("the case never comes to rest\n%s", describe(o.view()))
		}
	}
}

// runsTo lets a case's clock run to a time, and stops wherever it wants something before.
func (s *premises) runsTo(o *onboarding, to time.Time) {
	s.t.Helper()
	for range 100 {
		at := o.calm()
		if at.IsZero() || at.After(to) {
			at = to
		}
		if err := s.Rehearse(o.id).Jump(context.Background(), at); err != nil {
			s.t.Fatalf("jumping to %s: %v", at, err)
		}
		if at.Equal(to) {
			o.calm()
			return
		}
	}
	s.t.Fatalf("%s never comes to %s", o.id, to)
}

// fridayEvening is the next one at London, with nobody at work.
func fridayEvening(t *testing.T, after time.Time) time.Time {
	t.Helper()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatalf("loading a zone: %v", err)
	}
	at := after.In(london)
	at = time.Date(at.Year(), at.Month(), at.Day()+1, 19, 0, 0, 0, london)
	for at.Weekday() != time.Friday {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// exits orders the exit of a vendor on the command line.
func (s *premises) exits(person, vendor string, mode exit.Mode, reason string, by time.Time) *onboarding {
	s.t.Helper()
	done := s.gangway(person, "exit", vendor, "--in-house", "--by", by.Format(time.DateOnly), "--mode", string(mode), "--reason", reason, "--confirm", vendor).ends(0, "")
	return &onboarding{h: s.house, id: strings.TrimSpace(done.out)}
}

// goesOn has everybody answer what an exit asks, but for those of whom silent says so,
// until that is so.
func (s *small) goesOn(o *onboarding, until func(dossier.CaseView) bool, silent func(asked, asker) bool) {
	s.t.Helper()
	for range 600 {
		next := o.calm()
		if until(o.view()) {
			return
		}
		answered := false
		for _, r := range o.open() {
			if who, is := r.next(o.now()); is && silent != nil && silent(r, who) {
				continue
			}
			answered = s.partsWith(o, r) || answered
		}
		switch {
		case answered:
		case next.IsZero():
			s.t.Fatalf("nobody answers any more, and no day is waited for\n%s", describe(o.view()))
		default:
			if err := s.Rehearse(o.id).Jump(context.Background(), next); err != nil {
				s.t.Fatalf("jumping to %s: %v", next, err)
			}
		}
	}
	s.t.Fatalf("it never comes so far\n%s", describe(o.view()))
}

// over reports whether a case has ended.
func over(v dossier.CaseView) bool { return !v.Closed.IsZero() }

// isAsked reports whether a step is open now.
func isAsked(step string) func(dossier.CaseView) bool {
	return func(v dossier.CaseView) bool {
		return slices.ContainsFunc(v.Requests, func(r review.Request) bool { return r.Step == step && r.Closed == nil })
	}
}

// getsIn gives people of the vendor all ways into the hub that a person has, and one
// colleague the same.
func (s *premises) getsIn() {
	s.t.Helper()
	h := s.hub
	h.AddTeam("exports", "push", "nadia-rahman", "northgate-developer")
	h.AddCollaborator("payroll-exports", "nadia-rahman", "admin")
	h.AddCollaborator("payroll-exports", "northgate-developer", "write")
	h.AddCollaborator("payroll-exports", "brightwell-robot", "write")
	h.AddUser("ben-brightwell")
	h.AddKey("payroll-exports", "brightwell deploys", "nadia-rahman")
	h.AddKey("payroll-exports", "our own", "northgate-developer")
	h.AddEnvironment("payroll-exports", "production", 30, "nadia-rahman", "northgate-developer")
	req, err := http.NewRequest(http.MethodPut, h.API()+"repos/"+h.Organisation()+"/payroll-exports/collaborators/ben-brightwell", strings.NewReader(`{"permission":"push"}`))
	if err != nil {
		s.t.Fatalf("inviting at GitHub: %v", err)
	}
	req.Header.Set("Authorization", "Bearer "+h.Token())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatalf("inviting at GitHub: %v", err)
	}
	_ = resp.Body.Close() // nothing of it is read
	if n := len(h.Invitations()); resp.StatusCode != http.StatusCreated || n != 1 {
		s.t.Fatalf("inviting at GitHub: %d, %d invitations", resp.StatusCode, n)
	}
}

// theirs are the accounts of the vendor in a form: a founder who is the organisation's
// only owner among them.
func theirs(s sounding) {
	s.own["account-1-login"], s.own["account-2-login"], s.own["account-3-login"], s.own["account-4-login"] = "nadia-rahman", "ben-brightwell", "brightwell-robot", "northgate-owner"
	s.own["named-1-title"] = "brightwell deploys"
}

// isCut wants none of the vendor's at GitHub any more, and everybody else as they were.
func (s *premises) isCut() {
	t, h := s.t, s.hub
	t.Helper()
	for _, login := range []string{"nadia-rahman", "ben-brightwell", "brightwell-robot"} {
		if m := h.Membership(login, ""); m != (githubtest.Membership{}) {
			t.Errorf("%s is still a member: %+v", login, m)
		}
		if roles := h.Roles("payroll-exports", login); len(roles) > 0 {
			t.Errorf("%s still has %v of the code", login, roles)
		}
	}
	if h.Membership("nadia-rahman", "exports").State != "" || len(h.Invitations()) > 0 {
		t.Errorf("somebody is in the team or invited still: %+v", h.Invitations())
	}
	if got, want := h.Things(), []string{"deploy key our own payroll-exports northgate-developer", "environment production 30 min payroll-exports northgate-developer"}; !slices.Equal(got, want) {
		t.Errorf("there is %q, want %q", got, want)
	}
	if h.Membership("northgate-owner", "") != (githubtest.Membership{Role: "admin", State: "active"}) {
		t.Errorf("the last owner is %+v", h.Membership("northgate-owner", ""))
	}
	if h.Membership("northgate-developer", "exports").State != "active" || h.Membership("northgate-developer", "payroll").State != "active" || h.Roles("payroll-exports", "northgate-developer")["direct"] == "" {
		t.Error("a colleague was cut")
	}
}

// TestForCauseOnAFridayEvening: helen wants the vendor's access cut on a Friday evening,
// and may not decide it. Two of the list do, by Slack and mail and reminded at night; it is
// cut the same evening, and the vendor sees nothing before. On Monday two do not ratify
// it: that escalates, and restores nothing. Asked again they do, and the vendor is off.
func TestForCauseOnAFridayEvening(t *testing.T) {
	t.Parallel()
	s := &small{premises: newPremises(t), rehearsal: true}
	watch := s.comesOnBoard()
	s.getsIn()
	friday := fridayEvening(t, watch.now())
	s.runsTo(watch, friday)
	before := s.seenBy(s.nadia, "brightwell.example")
	if len(before.mails) == 0 || len(before.portal) < 2 {
		t.Fatalf("there is nothing that could change: %v, %v", before.mails, before.portal)
	}

	o := s.exits("helen", "brightwell-payroll-ltd", exit.ModeForCause, "their keys are in strange hands", friday.AddDate(0, 2, 0))
	s.decides(o)
	if d := s.seenBy(s.nadia, "brightwell.example").changed(before); len(d) > 0 {
		t.Errorf("before access was cut the vendor can see %v", d)
	}
	o.answer("jonas", "exit-emergency", review.Approve)
	s.fillsIn(o, "access-roster-now", theirs)
	s.goesOn(o, func(dossier.CaseView) bool { return len(s.hub.Calls("DELETE /repos/{owner}/{repo}/keys/{key_id}")) > 0 }, func(asked, asker) bool { return true })
	s.isCut()
	if late := o.now().Sub(friday); late > 5*time.Hour {
		t.Errorf("access was cut %s after the order", late)
	}
	if d := s.seenBy(s.nadia, "brightwell.example").changed(before); len(d) != 2 || d["github"] == "" || d["audit"] == "" {
		t.Errorf("by the cut the vendor sees %v", d)
	}
	s.refusesToRatify(o)
	s.goesOn(o, over, nil)
	s.isCut()
	o.sealed("exited")
	changed := s.seenBy(s.nadia, "brightwell.example").changed(before)
	for _, where := range []string{"mails", "calendars", "portal", "github", "audit"} {
		if changed[where] == "" { // else what was compared before could not have differed
			t.Errorf("nothing of the whole exit shows in the %s", where)
		}
	}
	o.replayed()
}

// decides has one of the list agree at once, and all be reminded by the clock; helen, who
// asked for it, is refused.
func (s *small) decides(o *onboarding) {
	t := s.t
	t.Helper()
	r := o.opens("exit-emergency")
	o.calm()
	jonas := s.slack.Person(slackID("jonas"))
	jonas.Expect(t, r.Title)
	for _, person := range []string{"daniel", "jonas", "george"} {
		s.people[person].Inbox.Expect(t, r.Title)
	}
	out := o.say("helen", r, review.Approve)
	if out.Refusal != review.OwnRequest {
		t.Errorf("helen decides what she asked for: %+v", out)
	}
	who, is := asked{&r}.next(o.now())
	if !is || who.person != "daniel" {
		t.Fatalf("asked first is %+v", who)
	}
	s.runsTo(o, o.now().Add(70*time.Minute))
	if got := o.told("jonas"); !slices.Contains(got, "reminder exit-emergency") {
		t.Errorf("on a Friday night jonas is told %q", got)
	}
	o.answer("daniel", "exit-emergency", review.Approve)
	o.calm()
	if v := o.view(); len(v.Processes) > 1 {
		t.Errorf("one of two was enough for %+v", v.Processes)
	}
}

// fillsIn lets whoever is asked a step answer it soundly, but for some lines of their own.
func (s *small) fillsIn(o *onboarding, step string, own func(sounding)) {
	s.t.Helper()
	o.opens(step)
	o.calm() // until somebody has the seat
	r := o.newest(step)
	who, is := asked{&r}.next(o.now())
	if !is {
		s.t.Fatalf("nobody is asked %s\n%s", step, describe(o.view()))
	}
	sound := o.sound()
	own(sound)
	person, f := sound.answers(&r, who)
	f.ID = "web-" + freshID()
	out, err := s.Desk.Answer(context.Background(), f.Answer(as(person), time.Now()))
	o.accepts(out, err, asked{&r}, who)
}

// refusesToRatify: two do not stand by it on the next working day.
func (s *small) refusesToRatify(o *onboarding) {
	t := s.t
	t.Helper()
	r := o.opens("exit-ratify")
	due := r.Clocks[0].Due
	if due.Weekday() == time.Saturday || due.Weekday() == time.Sunday || due.Sub(o.now()) > 5*day { // of which four may be holidays
		t.Errorf("on %s it is to be ratified by %s", o.now(), due)
	}
	if n := len(o.kinds(dossier.NoticeGiven)); n > 0 {
		t.Errorf("%d notices were given before anybody stands by it", n)
	}
	s.runsTo(o, due.Add(-time.Hour))
	for _, person := range []string{"ruth", "ravi"} {
		o.answer(person, "exit-ratify", review.Reject)
	}
	o.opens(playbook.ChoreSettle + "-exit-ratify")
	o.calm()
	if got := o.told("helen"); !slices.ContainsFunc(got, func(l string) bool { return strings.HasSuffix(l, "exit-ratify") }) {
		t.Errorf("helen hears of the refusal: %q", got)
	}
	s.isCut()
	if n := len(o.kinds(dossier.NotRatified)); n != 1 {
		t.Errorf("that it was not ratified is in the record %d times", n)
	}
}
