package desk

import (
	"io"
	"strings"
	"testing"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// withRoles gives a world an operator and an auditor.
func withRoles(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	people := append(everybody(t), everybody(t)[:2]...)
	oscar, amina := &people[len(people)-2], &people[len(people)-1]
	oscar.ID, oscar.Mail, oscar.Roles = "oscar", "oscar@"+planted+".example", []string{"operator"}
	amina.ID, amina.Mail, amina.Roles = "amina", "amina@"+planted+".example", []string{"auditor"}
	_, _, err := w.desk.SeedPeople(t.Context(), people)
	ok(t, err)
	return w
}

// TestListsShowWhatIsOnesOwn: each list of cases, to each kind of person.
func TestListsShowWhatIsOnesOwn(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena")
	w.asks(w.opens("onboarding/acme/2", calendar.Anchor{}), "need", "sam")
	w.asks(w.opens("onboarding/acme/3", calendar.Anchor{}), "need", "oscar")
	for who, want := range map[string]string{
		"olga": "3+ 2+ 1+", "lena": "1+", "sam": "2+", "dora": "", "amina": "3+ 2+ 1+",
		"oscar": "3+ 2- 1-", // of the others he knows that they are there
	} {
		for name, list := range map[string]func() ([]dossier.CaseView, error){
			"cases":  func() ([]dossier.CaseView, error) { return w.desk.Cases(t.Context(), from(who)) },
			"a page": func() ([]dossier.CaseView, error) { return w.desk.CasePage(t.Context(), from(who), "", 9) },
			"pages of one": func() (all []dossier.CaseView, err error) {
				for after, n := "", 0; n < 5; n++ {
					page, err := w.desk.CasePage(t.Context(), from(who), after, 1)
					if err != nil || len(page) == 0 {
						return all, err
					}
					all, after = append(all, page...), page[len(page)-1].ID
				}
				return all, err
			},
		} {
			var got []string
			for _, v := range must[[]dossier.CaseView](t)(list()) {
				whole := "-"
				if len(v.Requests) > 0 {
					whole = "+"
				}
				if v.Owner != "olga" || v.State != dossier.Running {
					t.Errorf("%s: %s has owner %q and state %q", who, v.ID, v.Owner, v.State)
				}
				got = append(got, v.ID[len(v.ID)-1:]+whole)
			}
			same(t, name+" of "+who, want, strings.Join(got, " "))
		}
	}
}

func TestOperatorAndAuditor(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	request := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena")
	w.answers(approve("web-1", "lena", request))
	outline := must[dossier.CaseView](t)(w.desk.Case(t.Context(), from("oscar"), onboarding))
	same(t, "what an operator sees of a case", []any{onboarding, "olga", 0}, []any{outline.ID, outline.Owner, len(outline.Requests)})
	for who, sees := range map[string]bool{"amina": true, "oscar": false} {
		check := missing
		if sees {
			check = ok
		}
		_, err := w.desk.Lines(t.Context(), from(who), onboarding)
		check(t, err)
		_, err = w.desk.Request(t.Context(), from(who), request)
		check(t, err)
		_, _, _, err = w.desk.Receipt(t.Context(), from(who), "web-1")
		check(t, err)
		check(t, w.desk.Dossier(t.Context(), from(who), onboarding, io.Discard))
	}
	_, err := w.desk.File(t.Context(), from("amina"), strings.NewReader("x"))
	forbidden(t, err)
	people := must[[]playbook.Person](t)(w.desk.People(t.Context(), from("oscar")))
	for _, who := range []string{"amina", "olga", "lena", "vera", "gone"} {
		_, _, err := w.desk.ApplyPeople(t.Context(), from(who), people)
		forbidden(t, err)
	}
	people[0].Roles = nil
	_, changed, err := w.desk.ApplyPeople(t.Context(), from("oscar"), people)
	ok(t, err)
	same(t, "changed", []string{people[0].ID}, changed)
}

// TestTheLastOperatorLeft: nobody takes the people over because of it.
func TestTheLastOperatorLeft(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	_, _, err := w.desk.ApplyPeople(t.Context(), from("oscar"), everybody(t)) // without him
	ok(t, err)
	for _, who := range []string{"oscar", "olga"} {
		_, _, err = w.desk.ApplyPeople(t.Context(), from(who), everybody(t))
		forbidden(t, err)
	}
	_, _, err = w.desk.SeedPeople(t.Context(), everybody(t)) // a file at the start of the worker still can
	ok(t, err)
}

// TestACaseNobodyMayKnowOf: the same words as for one that isn't there.
func TestACaseNobodyMayKnowOf(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	request := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena")
	words := func(id, request string) []string {
		_, noCase := w.desk.Case(t.Context(), from("dora"), id)
		_, noLines := w.desk.Lines(t.Context(), from("dora"), id)
		_, noPage := w.desk.CasePage(t.Context(), from("dora"), id, 5)
		_, noRequest := w.desk.Request(t.Context(), from("dora"), request)
		var all []string
		for _, err := range []error{noCase, noLines, noPage, noRequest} {
			missing(t, err)
			all = append(all, strings.NewReplacer(id, "ID", request, "REQUEST").Replace(err.Error()))
		}
		return all
	}
	same(t, "words", words("onboarding/zeta/1", "onboarding/zeta/1:need.1"), words(onboarding, request))
	var none []review.Request
	same(t, "answered", none, must[[]review.Request](t)(w.desk.Answered(t.Context(), from("dora"), 5)))
}

// TestAuditorsChangeNothing, whatever the record says is theirs from before.
func TestAuditorsChangeNothing(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	root := w.opens(onboarding, calendar.Anchor{})
	request := w.asks(root, "need", "lena")
	people := everybody(t)
	for i := range people {
		if people[i].ID == "lena" || people[i].ID == "olga" {
			people[i].Roles = []string{playbook.AuditorRole}
		}
	}
	_, _, err := w.desk.SeedPeople(t.Context(), people)
	ok(t, err)
	before := len(w.engine.sent)
	_, err = w.desk.Answer(t.Context(), approve("web-1", "lena", request))
	forbidden(t, err)
	for _, kind := range []review.ActKind{review.Withdraw, review.Hold, review.Submit, review.Recuse} {
		a := review.Act{ID: "web-2", Kind: kind, Process: onboarding, At: w.clock.now(), From: from("olga"), Text: review.Text{Inside: planted}}
		_, err = w.desk.Act(t.Context(), a)
		forbidden(t, err)
	}
	in := intake("web-3")
	in.From = from("olga")
	_, err = w.desk.Open(t.Context(), in)
	forbidden(t, err)
	in.From, in.Owner = from("rita"), "olga"
	_, err = w.desk.Open(t.Context(), in)
	isInput(t, err)
	same(t, "what the engine heard", before, len(w.engine.sent))
}

// TestNobodySaysThatAMailWasLost: mail does.
func TestNobodySaysThatAMailWasLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena")
	for _, who := range []string{"lena", "dora", "gone"} {
		_, err := w.desk.Act(t.Context(), review.Act{ID: "web-" + who, Kind: review.Undelivered, Request: request, At: w.clock.now(), From: from(who)})
		isInput(t, err)
	}
}
