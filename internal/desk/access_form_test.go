package desk

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// ruled puts a shipped playbook among a case's documents.
func (w *world) ruled(p *process, name string) playbook.Playbook {
	w.t.Helper()
	rules, text, err := shelf{}.Playbook(name)
	ok(w.t, err)
	paper := must[dossier.Paper](w.t)(w.desk.File(w.t.Context(), from("rita"), strings.NewReader(string(text))))
	w.engine.mu.Lock()
	defer w.engine.mu.Unlock()
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "playbook", Document: paper.Digest}})
	w.flush(p)
	return rules
}

// asAccess makes a request the form of accesses that the playbook has.
func asAccess(rules playbook.Playbook) func(*review.Request) {
	return func(r *review.Request) {
		r.Kind, r.Sheet, r.Versions, r.Requester = review.Task, true, nil, ""
		for _, s := range rules.Steps {
			if s.ID == r.Step {
				r.Title, r.Points = s.Title, s.Points
			}
		}
	}
}

// wants is a form of accesses that is sound, on Monday.
func wants(id, person, request string) review.Answer {
	return review.Answer{ID: id, Request: request, Verdict: review.Done, Channel: "web", At: monday(), From: from(person),
		Findings: []engagement.Finding{{Point: "access-1-permission", Choices: []string{"write"}}, {Point: "access-1-until", On: monday().Truncate(24*time.Hour).AddDate(0, 6, 0)}},
		Words:    map[string]string{"access-1-login": "planted-dev", "access-1-repository": "ledger", "access-1-reason": planted + " builds it"}}
}

func accessWorld(t *testing.T) (*world, *process, string) {
	t.Helper()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	return w, p, w.asksAs(p, "access", asAccess(w.ruled(p, "whole")), "lena")
}

// TestAnAccessFormIsHeldToWhatCanBeCarriedOut: what is wrong is said at its point, and
// nothing of it is sent.
func TestAnAccessFormIsHeldToWhatCanBeCarriedOut(t *testing.T) {
	t.Parallel()
	w, _, request := accessWorld(t)
	for name, c := range map[string]struct {
		change func(*review.Answer)
		want   []string
	}{
		"no login":    {func(a *review.Answer) { a.Words["access-1-login"] = planted + " a b" }, []string{"access-1-login"}},
		"no team":     {func(a *review.Answer) { a.Words["access-1-team"], a.Words["access-1-repository"] = "a/b", "" }, []string{"access-1-team"}},
		"a role":      {func(a *review.Answer) { a.Findings[0].Choices = []string{"maintainer"} }, []string{"access-1-permission"}},
		"in the past": {func(a *review.Answer) { a.Findings[1].On = monday().Truncate(24*time.Hour).AddDate(0, 0, -1) }, []string{"access-1-until"}},
		"today":       {func(a *review.Answer) { a.Findings[1].On = monday().Truncate(24 * time.Hour) }, []string{"access-1-until"}},
		"for years":   {func(a *review.Answer) { a.Findings[1].On = monday().Truncate(24*time.Hour).AddDate(2, 0, 0) }, []string{"access-1-until"}},
		"two wrongs": {func(a *review.Answer) {
			a.Words["access-1-repository"], a.Findings[1].On = planted+"/x", monday().Truncate(24*time.Hour).AddDate(0, 0, -1)
		}, []string{"access-1-repository", "access-1-until"}},
	} {
		a := wants("web-"+strings.ReplaceAll(name, " ", "-"), "lena", request)
		c.change(&a)
		out, err := w.desk.Answer(t.Context(), a)
		var at interface{ Points() map[string]string }
		var input InputError
		if !errors.As(err, &at) || !errors.As(err, &input) || !input.Invalid() || input.Hint() == "" || out.Status == review.Counted {
			t.Errorf("%s: %+v, %v", name, out, err)
			continue
		}
		if strings.Contains(err.Error(), planted) {
			t.Errorf("%s: %v", name, err)
		}
		same(t, name+": points", len(c.want), len(at.Points()))
		for _, id := range c.want {
			if said := at.Points()[id]; !strings.Contains(said, "; ") {
				t.Errorf("%s: at %s stands %q", name, id, said)
			}
		}
		_, found, err := w.store.Text(t.Context(), a.ID+sheetOf)
		ok(t, err)
		same(t, name+": kept", false, found)
	}
	same(t, "Updates", 0, len(w.engine.calls))
	same(t, "the sound one", review.Counted, w.answers(wants("web-1", "lena", request)).Status)
}

// TestOtherFormsAreNotHeldToAccess: points of the same names in a step that gives none.
func TestOtherFormsAreNotHeldToAccess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	rules := w.ruled(p, "whole")
	request := w.asksAs(p, "backup-people", func(r *review.Request) {
		asAccess(rules)(r)
		r.Points = []engagement.Point{{ID: "access-1-login", Title: "Who", Kind: engagement.PointText}}
	}, "lena")
	a := review.Answer{ID: "web-1", Request: request, Verdict: review.Done, Channel: "web", At: monday(), From: from("lena"), Words: map[string]string{"access-1-login": planted + " a b"},
		Findings: []engagement.Finding{{Point: "access-1-login", Said: true}}}
	same(t, "counted", review.Counted, w.answers(a).Status)
}

// TestInARehearsalTheDayIsTheCases: what is over on the case's calendar is over.
func TestInARehearsalTheDayIsTheCases(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anchor := calendar.Anchor{Real: monday(), Case: monday().AddDate(0, 7, 0)}
	p := w.opens(onboarding, anchor)
	request := w.asksAs(p, "access", asAccess(w.ruled(p, "whole")), "lena")
	_, err := w.desk.Answer(t.Context(), wants("web-1", "lena", request))
	var at interface{ Points() map[string]string }
	if !errors.As(err, &at) || at.Points()["access-1-until"] == "" {
		t.Errorf("an end that is over: %v", err)
	}
	later := wants("web-2", "lena", request)
	later.Findings[1].On = monday().Truncate(24*time.Hour).AddDate(1, 0, 0)
	same(t, "an end to come", review.Counted, w.answers(later).Status)
}

// eyes are a looker that knows one account.
type eyes struct{ away bool }

func (e *eyes) Look(_ context.Context, g entitlement.Grant) (entitlement.Standing, error) {
	s := entitlement.Standing{Grant: g.ID, Login: g.Login, Place: "repository/" + g.Repository, Verdict: entitlement.VerdictClean}
	switch {
	case e.away:
		return s, errors.New("GitHub is away")
	case g.Login != "planted-dev":
		s.Verdict, s.Doubts = entitlement.VerdictNotCheckable, []entitlement.Doubt{entitlement.DoubtLogin}
	}
	return s, nil
}

// TestWhoAcceptsAccessIsToldWhatGitHubKnows of the very form that they accept, and
// nobody else is.
func TestWhoAcceptsAccessIsToldWhatGitHubKnows(t *testing.T) {
	t.Parallel()
	w, p, request := accessWorld(t)
	form := wants("web-1", "lena", request)
	form.Words["access-2-login"], form.Words["access-2-repository"], form.Words["access-2-reason"] = "planted-nobody", "ledger", planted
	form.Findings = append(form.Findings, engagement.Finding{Point: "access-2-permission", Choices: []string{"read"}}, engagement.Finding{Point: "access-2-until", On: form.Findings[1].On})
	same(t, "the form", review.Counted, w.answers(form).Status)
	_, b := w.sheetIn("web-1")
	digest := b.Documents[len(b.Documents)-1]
	accept := w.asksAs(p, "access-accept", func(r *review.Request) {
		r.Document, r.Requester, r.Versions = "access", "", []review.Version{{Number: 1, Document: digest, At: monday()}}
	}, "sam")
	all, err := w.desk.AccessNow(t.Context(), from("sam"), accept)
	if err != nil || all != nil {
		t.Errorf("without a GitHub: %v, %v", all, err)
	}
	e := &eyes{}
	w.desk.clerk.looks = e
	all, err = w.desk.AccessNow(t.Context(), from("sam"), accept)
	if err != nil || len(all) != 2 || all[0].Verdict != entitlement.VerdictClean || len(all[1].Doubts) != 1 || all[1].Doubts[0] != entitlement.DoubtLogin {
		t.Errorf("%+v, %v", all, err)
	}
	for who, what := range map[string]string{"lena": accept, "sam": request, "vera": accept, "nobody": accept} {
		if all, _ := w.desk.AccessNow(t.Context(), from(who), what); all != nil {
			t.Errorf("%s is told of %s: %+v", who, what, all)
		}
	}
	e.away = true
	all, err = w.desk.AccessNow(t.Context(), from("sam"), accept)
	if err != nil || len(all) != 2 || all[0].Verdict != entitlement.VerdictNotCheckable || len(all[0].Doubts) != 0 || all[0].Place != "repository/ledger" || all[0].Login != "planted-dev" {
		t.Errorf("while GitHub is away: %+v, %v", all, err)
	}
}

// A date that a point bounds is held to it where it is filled in, in days of the case:
// the fault stands at the point, and its hint names the last day.
func TestADateIsHeldToItsPoint(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	request := w.asksAs(p, "access", func(r *review.Request) {
		r.Kind, r.Sheet, r.Versions, r.Requester = review.Task, true, nil, ""
		r.Points = []engagement.Point{{ID: "until", Title: "Until when", Kind: engagement.PointDate, MostDays: 100}}
	}, "lena")
	day := monday().UTC().Truncate(24 * time.Hour)
	says := func(id string, days int) (review.Outcome, error) {
		return w.desk.Answer(t.Context(), review.Answer{ID: id, Request: request, Verdict: review.Done, Channel: "web", At: monday(), From: from("lena"),
			Findings: []engagement.Finding{{Point: "until", On: day.AddDate(0, 0, days)}}})
	}
	out, err := says("web-far", 101)
	var at interface{ Points() map[string]string }
	var input InputError
	if !errors.As(err, &at) || !errors.As(err, &input) || !input.Invalid() || out.OK() && out.Status != "" {
		t.Fatalf("too far ahead: %+v, %v", out, err)
	}
	last := day.AddDate(0, 0, 100).Format("2 January 2006")
	if said := at.Points()["until"]; !strings.Contains(said, "100 days") || !strings.Contains(said, last) || !strings.Contains(input.Hint(), last) || !strings.Contains(err.Error(), "Until when") {
		t.Errorf("it says %q, %v, %q", said, err, input.Hint())
	}
	if out, err := says("web-near", 100); err != nil || !out.OK() {
		t.Errorf("the last day that may be: %+v, %v", out, err)
	}
}
