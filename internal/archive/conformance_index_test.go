package archive_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

func indexTests() map[string]func(*testing.T, *archive.Archive) {
	ctx := context.Background()
	return map[string]func(*testing.T, *archive.Archive){
		"what has ended is unfiled until its history is there": func(t *testing.T, a *archive.Archive) {
			p := newCase(acme).opened()
			p.say(dossier.Entry{Kind: dossier.Noted, Run: "run-1"})
			p.file(t, a)
			unfiled := func(what string, want ...string) {
				t.Helper()
				same(t, what, want, must[[]string](t)(a.Unfiled(ctx)))
			}
			unfiled("it runs")
			p.say(dossier.Entry{Kind: dossier.ProcessEnded, Run: "run-2"})
			p.file(t, a)
			other := newCase("onboarding/bolt/1").opened()
			other.say(dossier.Entry{Kind: dossier.ProcessEnded, Run: "run-1"})
			other.file(t, a)
			unfiled("both ended", acme, other.of)
			p.filed(t, a, "run-2")
			unfiled("one of two runs is filed", acme, other.of)
			p.filed(t, a, "run-1")
			unfiled("the other case", other.of)
		},
		"a case can be sealed once whole, and again once it went on": sealReady,
		"processes are open until they end, those of the newest case first": func(t *testing.T, a *archive.Archive) {
			p := newCase(acme).opened()
			p.file(t, a)
			child := &process{id: "contract/acme/1", of: acme, at: p.at}
			child.say(dossier.Entry{Kind: dossier.ProcessStarted, Run: "run-c", Detail: &dossier.Detail{Parent: acme}})
			child.file(t, a)
			newCase("onboarding/bolt/1").opened().file(t, a)
			same(t, "open", []string{"onboarding/bolt/1", acme, child.id}, must[[]string](t)(a.OpenProcesses(ctx)))
			same(t, "the child's case", acme, must[string](t)(a.CaseOf(ctx, child.id)))
			p.say(dossier.Entry{Kind: dossier.ProcessEnded, Run: "run-1"})
			p.file(t, a)
			same(t, "open", []string{"onboarding/bolt/1", child.id}, must[[]string](t)(a.OpenProcesses(ctx)))
			same(t, "the case of one that ended", acme, must[string](t)(a.CaseOf(ctx, acme)))
			_, err := a.CaseOf(ctx, "contract/acme/2")
			isNotFound(t, err)
		},
		"whose case it is":                                  casesOf,
		"a page goes on where the last one ended":           casePages,
		"the cases of a process are those of its name":      casesIn,
		"what somebody answered last comes first":           answered,
		"a case is found however its entries were appended": indexFollows,
	}
}

// filed notes the history of a run.
func (p *process) filed(t *testing.T, a *archive.Archive, run string) {
	t.Helper()
	ok(t, a.Append(context.Background(), []dossier.Entry{{ID: p.id + "#archive/history-" + run, Case: p.of, Process: p.id, Run: run, Kind: dossier.HistoryFiled,
		At: p.at, CaseAt: p.at, Detail: &dossier.Detail{Document: "sha256:" + run}}}))
}

func sealReady(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	ready := func(what string, want ...string) {
		t.Helper()
		same(t, what, want, must[[]string](t)(a.SealReady(ctx)))
	}
	p := newCase(acme).opened()
	p.say(dossier.Entry{Kind: dossier.ProcessEnded, Run: "run-1"})
	p.say(dossier.Entry{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: "live"}})
	p.file(t, a)
	ready("its history is not filed")
	p.filed(t, a, "run-1")
	ready("whole", acme)
	seal := func(missing int) (id string) {
		t.Helper()
		n := len(chain(t, a, acme)) - missing
		id = fmt.Sprintf("%s#archive/seal-%d", acme, n)
		ok(t, a.Append(ctx, []dossier.Entry{{ID: id, Case: acme, Process: acme, Kind: dossier.Sealed,
			At: p.at, CaseAt: p.at, Detail: &dossier.Detail{Document: "sha256:seal", Revision: n}}}))
		return id
	}
	first := seal(0)
	ready("sealed")
	ok(t, a.Append(ctx, []dossier.Entry{{ID: acme + "#desk/late", Case: acme, Process: acme, Kind: dossier.Attempt, At: p.at, CaseAt: p.at}}))
	ready("somebody came late", acme)
	seal(1) // it was packed before the late attempt, and recorded after it
	ready("the seal was overtaken on its way", acme)
	seal(0)
	ready("sealed again")
	ok(t, a.Append(ctx, []dossier.Entry{{ID: acme + "#1", Case: acme, Process: acme, Kind: dossier.Noted, At: p.at, CaseAt: p.at}}))
	ready("a conflict was kept after the seal", acme)
	seal(0)
	ready("sealed over the conflict")
	ok(t, a.Append(ctx, []dossier.Entry{{ID: first, Case: acme, Process: acme, Kind: dossier.Sealed, At: p.at, CaseAt: p.at}}))
	ready("a seal that was kept as a conflict changes nothing")
}

func ids(views []dossier.CaseView) []string {
	var list []string
	for _, v := range views {
		list = append(list, v.ID)
	}
	return list
}

// fiveCases opens cases 1 to 5, of which 2 and 4 are over; olga owns and rita
// asked for all but the third.
func fiveCases(t *testing.T, a *archive.Archive) {
	t.Helper()
	for i := range 5 {
		p := newCase(fmt.Sprintf("onboarding/v/%d", i+1))
		d := dossier.Detail{Vendor: "v", Owner: "olga", Requester: "rita"}
		if i == 2 {
			d = dossier.Detail{Vendor: "v", Owner: "paul", Requester: "paul", Sponsor: "olga"}
		}
		p.say(dossier.Entry{Kind: dossier.CaseOpened, Detail: &d})
		p.asks("legal", "lena")
		p.file(t, a)
		if i%2 == 1 {
			p.say(dossier.Entry{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: "live"}})
			p.file(t, a)
		}
	}
}

func casesOf(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	of := func(person string, most int, want ...string) {
		t.Helper()
		views := must[[]dossier.CaseView](t)(a.CasesOf(ctx, person, most))
		same(t, person, want, ids(views))
		for _, v := range views {
			same(t, "alone", must[dossier.CaseView](t)(a.Case(ctx, v.ID)), v)
		}
	}
	of("olga", 10)
	fiveCases(t, a)
	of("olga", 10, "onboarding/v/5", "onboarding/v/3", "onboarding/v/1", "onboarding/v/4", "onboarding/v/2")
	of("olga", 4, "onboarding/v/5", "onboarding/v/3", "onboarding/v/1", "onboarding/v/4")
	of("rita", 10, "onboarding/v/5", "onboarding/v/1", "onboarding/v/4", "onboarding/v/2")
	of("paul", 10, "onboarding/v/3")
	of("lena", 10)
	of("", 10)
	p := &process{id: "onboarding/v/2", of: "onboarding/v/2", n: 4, at: monday()}
	p.say(dossier.Entry{Kind: dossier.Reopened, Detail: &dossier.Detail{Step: "legal"}})
	p.file(t, a)
	of("rita", 10, "onboarding/v/5", "onboarding/v/2", "onboarding/v/1", "onboarding/v/4")
}

func casePages(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	fiveCases(t, a)
	var all []string
	for after, pages := "", 0; pages < 9; pages++ {
		views := must[[]dossier.CaseView](t)(a.CasePage(ctx, after, 2))
		if len(views) == 0 {
			break
		}
		all, after = append(all, ids(views)...), views[len(views)-1].ID
		same(t, "alone", must[dossier.CaseView](t)(a.Case(ctx, after)), views[len(views)-1])
	}
	same(t, "pages", []string{"onboarding/v/5", "onboarding/v/3", "onboarding/v/1", "onboarding/v/4", "onboarding/v/2"}, all)
	_, err := a.CasePage(ctx, "onboarding/v/6", 2)
	isNotFound(t, err)
}

// casesIn: a process whose name begins as another's is another.
func casesIn(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	same(t, "none", 0, len(must[[]dossier.CaseView](t)(a.CasesIn(ctx, "exit"))))
	fiveCases(t, a)
	for _, id := range []string{"exit/v/1", "exit/w/2", "exits/v/1", "exit-plan/v/1", "exit/v/10", "aftercare/v/1"} {
		p := &process{id: id, of: id, at: monday()}
		p.say(dossier.Entry{Kind: dossier.CaseOpened, Detail: &dossier.Detail{Vendor: "v", Owner: "olga"}})
		p.asks("legal", "lena")
		p.file(t, a)
	}
	views := must[[]dossier.CaseView](t)(a.CasesIn(ctx, "exit"))
	same(t, "exits", []string{"exit/v/10", "exit/w/2", "exit/v/1"}, ids(views))
	same(t, "whole", must[dossier.CaseView](t)(a.Case(ctx, "exit/w/2")), views[1])
}

func answered(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	last := func(what, person string, most int, want ...string) {
		t.Helper()
		var got []string
		for _, r := range must[[]review.Request](t)(a.Answered(ctx, person, most)) {
			got = append(got, r.ID)
		}
		same(t, what, want, got)
	}
	p := newCase(acme).opened()
	legal, risk, plan := p.asks("legal", "lena", "sam"), p.asks("risk", "lena"), p.asks("plan", "lena")
	p.file(t, a)
	last("nothing yet", "lena", 9)
	p.answers("web-1", risk, "lena", review.Approve, 1, review.Written{})
	p.answers("web-2", legal, "lena", review.Changes, 1, review.Written{})
	p.answers("web-3", legal, "sam", review.Approve, 1, review.Written{})
	p.file(t, a)
	last("two", "lena", 9, legal, risk)
	last("at most one", "lena", 1, legal)
	last("sam", "sam", 9, legal)
	p.fact(review.Fact{Kind: review.FactTakenBack, Request: risk, Seat: "lena", Person: "lena", Answer: "web-4"})
	p.answers("web-5", risk, "lena", review.Reject, 1, review.Written{})
	p.file(t, a)
	last("again", "lena", 9, risk, legal)
	at := p.at.Add(time.Hour) // a page with several requests answers them at one instant
	for _, id := range []string{plan, legal} {
		p.at = at
		p.answers("web-6"+id, id, "lena", review.Approve, 1, review.Written{})
	}
	p.rest[0].Fact.Ballot.At, p.rest[1].Fact.Ballot.At = at, at
	p.file(t, a)
	last("at one instant: in the order of the case", "lena", 2, legal, plan)
}

// indexFollows ends a process and a case in batches of every cut: what was read
// from the tables and what is new must come to the same.
func indexFollows(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	for cut := range 6 {
		p := newCase(fmt.Sprintf("onboarding/cut/%d", cut+1)).opened()
		id := p.asks("legal", "lena")
		p.answers(fmt.Sprint("web-", cut), id, "lena", review.Approve, 1, review.Written{})
		p.say(dossier.Entry{Kind: dossier.ProcessEnded, Run: "run-1"})
		p.say(dossier.Entry{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: "live"}})
		all := p.rest
		ok(t, a.Append(ctx, all[:cut+1]))
		ok(t, a.Append(ctx, all[cut:]))
		ok(t, a.Append(ctx, all))
	}
	same(t, "unfiled", 6, len(must[[]string](t)(a.Unfiled(ctx))))
	same(t, "open", 0, len(must[[]string](t)(a.OpenProcesses(ctx))))
	same(t, "olga's", 6, len(must[[]dossier.CaseView](t)(a.CasesOf(ctx, "olga", 9))))
	same(t, "answered", 6, len(must[[]review.Request](t)(a.Answered(ctx, "lena", 9))))
}
