package workflows

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// seesToAll answers whatever is open as those would who see to everything: what can be
// renewed holds for another year.
func (v *vigil) seesToAll() {
	now := v.env.Now()
	until := func(a *review.Answer) {
		a.Findings = append(a.Findings, engagement.Finding{Point: pointUntil, On: now.AddDate(1, 0, 0)})
	}
	for _, r := range v.view().Requests {
		if r.Closed != nil {
			continue
		}
		for _, s := range r.Seatings {
			i := slices.IndexFunc(s.Holders, func(h review.Holder) bool { return h.Active(now) })
			if i < 0 || r.Standing(s.Seat) != nil {
				continue
			}
			verdict, more := review.Done, func(a *review.Answer) { a.Request, a.Seat = r.ID, s.Seat }
			with := []func(*review.Answer){more}
			switch {
			case r.Kind == review.Delivery:
				verdict, with = review.Delivered, append(with, deliver("sha256:"+strings.ReplaceAll(r.ID, "/", "-")))
			case strings.HasSuffix(r.Step, "-accept"):
				verdict, with = playbook.TakeIt, append(with, until)
			case r.Step == "notice":
				verdict = playbook.Renew
			case slices.Contains(r.Options, playbook.Extend):
				verdict, with = playbook.Extend, append(with, until)
			case r.Step == "terms":
				with = append(with, until)
			}
			for _, p := range r.Points {
				switch p.ID {
				case pointFound:
					with = append(with, func(a *review.Answer) {
						a.Findings = append(a.Findings, engagement.Finding{Point: pointFound, Said: true})
					})
				case pointChanged:
					with = append(with, func(a *review.Answer) {
						a.Findings = append(a.Findings, engagement.Finding{Point: pointChanged, Choices: []string{engagement.No}})
					})
				}
			}
			v.says(s.Holders[i].Person, r.Step, verdict, with...)
		}
	}
	for i, in := range v.begun { // collections end as they should, and say so twice
		if !v.reported[i] {
			v.reported[i] = true
			n := News{Process: in.Process, Result: ResultInForce, Document: "sha256:dpa", Expiries: []engagement.Expiry{
				{ID: in.Process + ":ends", Kind: engagement.ExpiryDPA, Name: "ends", On: now.AddDate(1, 0, 0), Process: in.Process}}}
			v.env.SignalWorkflow(SignalNews, n)
			v.env.SignalWorkflow(SignalNews, n)
		}
	}
}

// everyKind is one of everything that is watched.
func everyKind() []engagement.Expiry {
	named := func(e *engagement.Expiry) { e.Person = "legal-lee" }
	return []engagement.Expiry{
		expiry("iso", engagement.ExpiryCertificate, 120), expiry("cover", engagement.ExpiryInsurance, 150), expiry("audit", engagement.ExpiryEvidence, 180),
		expiry("police", engagement.ExpiryStaffCheck, 210), expiry("ends", engagement.ExpiryDPA, 240), expiry("ann", engagement.ExpiryAccess, 270, given),
		expiry("financials", engagement.ExpiryWaiver, 300), expiry("lee", engagement.ExpiryDeclaration, 330, named), expiry("tested", engagement.ExpiryExitPlan, 200),
		expiry("contract", engagement.ExpiryContract, 360, func(e *engagement.Expiry) { e.NoticeDays, e.Renews = 90, true }), expiry("passport", engagement.ExpiryCopy, 90),
	}
}

// Five years of a vendor of whom everything is watched and seen to: each thing is
// brought up once a term, in its time, nothing runs out and nobody is called; whether
// or not every wake begins a new run.
func TestOversightFiveYears(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) {
		v.reported = map[int]bool{}
		v.rec.papers["sha256:passport"] = "a copy"
		v.in.Watch.Reviews = map[engagement.Tier]int{2: 12}
		for d := 4.0; d < 5*365; d += 9 {
			v.after(d, v.seesToAll)
		}
		v.offAfter(5 * 365)
	}, everyKind()...)
	end := monday.AddDate(0, 0, 5*365)
	terms := map[string][]dossier.Entry{}
	for _, e := range v.rec.of(dossier.Watched) {
		terms[e.Detail.Expiry.ID] = append(terms[e.Detail.Expiry.ID], e)
	}
	ups := 0
	for id, list := range terms {
		for i, e := range list {
			x, until := *e.Detail.Expiry, end
			if i+1 < len(list) {
				until = list[i+1].CaseAt
			}
			want := 1
			if x.Kind == engagement.ExpiryCopy || x.BroughtUp(v.in.Watch).After(end.AddDate(0, 0, -1)) {
				want = 0
			}
			if got := v.broughtUp(x, e.CaseAt, until); got != want {
				t.Errorf("%s until %s was brought up %d times in that term, want %d", id, x.On.Format(time.DateOnly), got, want)
			}
			ups += want
		}
		if k := list[0].Detail.Expiry.Kind; len(list) < 5 && k != engagement.ExpiryCopy && k != engagement.ExpiryDPA {
			t.Errorf("%s had %d terms in five years", id, len(list))
		}
	}
	if ups < 50 {
		t.Errorf("only %d terms were looked at", ups)
	}
	if n := len(v.begun); n < 5 || len(v.rec.of(dossier.Reported)) != n {
		t.Errorf("%d collections were begun, %d reported", n, len(v.rec.of(dossier.Reported)))
	}
	lapsed := v.rec.of(dossier.Lapsed)
	if len(lapsed) != 1 || lapsed[0].Detail.Expiry.Kind != engagement.ExpiryCopy || len(v.rec.of(dossier.Escalated)) > 0 || len(v.rec.of(dossier.NoticePassed)) > 0 {
		t.Errorf("everything was seen to, and %d things ran out", len(lapsed))
	}
}

// broughtUp is how often something was brought up in a time: as a request, or as a
// process that was begun.
func (v *vigil) broughtUp(x engagement.Expiry, from, until time.Time) (n int) {
	step := string(x.Kind)
	if x.Kind == engagement.ExpiryContract {
		step = "notice"
	}
	in := func(at time.Time) bool { return !at.Before(from) && at.Before(until) }
	for _, r := range v.view().Requests {
		if r.Step == step && in(r.Opened) {
			n++
		}
	}
	for _, e := range v.rec.of(dossier.Begun) {
		if e.Detail.Expiry.ID == x.ID && in(e.CaseAt) {
			n++
		}
	}
	return n
}
