package dossier_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

var began = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// steeredCase is a case with a child, of which lee has been asked something.
func steeredCase(more ...dossier.Entry) dossier.CaseView {
	const root = "onboarding/acme/1"
	seats := []review.Seat{{ID: "legal", Role: "legal"}, {ID: "tax", Role: "tax"}}
	r := review.Request{ID: root + ":need.1", Step: "need", Vendor: "acme", Requester: "rae",
		Policy: review.Policy{Groups: []review.Group{{Name: "g", Rule: review.RuleAll, Seats: seats}}},
		Seatings: []review.Seating{{Seat: "legal", Holders: []review.Holder{{Person: "lee"}, {Person: "del", Via: review.ViaDelegate, From: "lee"}}},
			{Seat: "tax", Holders: []review.Holder{{Person: "tom"}}}}}
	var v dossier.CaseView
	for _, e := range append([]dossier.Entry{
		{Kind: dossier.CaseOpened, Detail: &dossier.Detail{Vendor: "acme", Owner: "ola", Deputy: "dan", Sponsor: "sue", Requester: "rae"}},
		{Kind: dossier.ProcessStarted, Process: root, Run: "r1"},
		{Kind: dossier.ProcessStarted, Process: "contract/acme/1", Detail: &dossier.Detail{Parent: root}},
		{Kind: dossier.TierSet, Detail: &dossier.Detail{Tier: 3}},
		{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactOpened, Request: r.ID, Opened: &r}},
	}, more...) {
		e.Case = root
		if e.Process == "" {
			e.Process = root
		}
		e.CaseAt = began
		v.Apply(e)
	}
	return v
}

func TestFoldOfWhatTheOwnerDid(t *testing.T) {
	t.Parallel()
	held := dossier.Entry{Kind: dossier.Held, Actor: "ola"}
	if v := steeredCase(held); v.Held == nil || *v.Held != (dossier.Hold{Since: began, By: "ola"}) {
		t.Errorf("held: %+v", v.Held)
	}
	follows := held
	follows.Process = "contract/acme/1"
	if v := steeredCase(follows); v.Held != nil {
		t.Error("a child alone is no held case")
	}
	resumed := dossier.Entry{Kind: dossier.Resumed, Actor: "ola"}
	childs := resumed
	childs.Process = "contract/acme/1"
	if v := steeredCase(held, childs); v.Held == nil {
		t.Error("resumed by a child")
	}
	if v := steeredCase(held, resumed); v.Held != nil {
		t.Errorf("still held: %+v", v.Held)
	}
	if v := steeredCase(held, dossier.Entry{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: "withdrawn"}}); v.Held != nil {
		t.Error("a closed case is held")
	}
	v := steeredCase(dossier.Entry{Kind: dossier.Corrected, Actor: "ola", Answer: "w-1", Detail: &dossier.Detail{Field: "data", Values: []string{"health"}, From: 3, Tier: 1}},
		dossier.Entry{Kind: dossier.OwnerChanged, Detail: &dossier.Detail{Owner: "dan", Sponsor: "sue"}})
	want := []dossier.Correction{{Field: "data", Values: []string{"health"}, From: 3, To: 1, By: "ola", At: began, Answer: "w-1"}}
	if d := cmp.Diff(want, v.Corrections); d != "" || v.Tier != engagement.Tier(1) {
		t.Errorf("tier %d, corrections:\n%s", v.Tier, d)
	}
	if v.Owner != "dan" || v.Deputy != "" || v.Sponsor != "sue" || v.Requester != "rae" {
		t.Errorf("owned by %s, %s, %s for %s", v.Owner, v.Deputy, v.Sponsor, v.Requester)
	}
	v = steeredCase(dossier.Entry{Kind: dossier.Noted, Run: "r2"})
	if d := cmp.Diff([]string{"r1", "r2"}, v.Processes[0].Runs); d != "" {
		t.Errorf("a run after a reset (- want, + got):\n%s", d)
	}
}

func TestRecusedOfACase(t *testing.T) {
	t.Parallel()
	v := steeredCase(dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactRecused, Request: "onboarding/acme/1:need.1", Person: "lee"}})
	if d := cmp.Diff([]string{"lee"}, v.Recused()); d != "" {
		t.Error(d)
	}
}

func TestWhatAReplacementTouches(t *testing.T) {
	t.Parallel()
	v := []dossier.CaseView{steeredCase()}
	by := func(id string) review.Person { return review.Person{ID: id, Active: true} }
	seat := dossier.ReplacedSeat{Case: v[0].ID, Request: v[0].ID + ":need.1", Step: "need", Seat: "legal", Passed: []string{"del"}}
	vacant := seat
	vacant.Vacant = true
	for name, c := range map[string]struct {
		leaver string
		by     review.Person
		want   dossier.Replacement
	}{
		"a holder":             {"lee", by("lou"), dossier.Replacement{Seats: []dossier.ReplacedSeat{seat}}},
		"by another holder":    {"lee", by("tom"), dossier.Replacement{Seats: []dossier.ReplacedSeat{vacant}}},
		"by who asked":         {"lee", by("rae"), dossier.Replacement{Seats: []dossier.ReplacedSeat{vacant}}},
		"by another vendor's":  {"lee", review.Person{ID: "vi", Active: true, Employer: "other"}, dossier.Replacement{Seats: []dossier.ReplacedSeat{vacant}}},
		"the owner":            {"ola", by("lou"), dossier.Replacement{Cases: []dossier.ReplacedCase{{Case: v[0].ID, As: "owner"}}}},
		"the deputy":           {"dan", by("lou"), dossier.Replacement{Cases: []dossier.ReplacedCase{{Case: v[0].ID, As: "deputy"}}}},
		"the sponsor":          {"sue", by("lou"), dossier.Replacement{Cases: []dossier.ReplacedCase{{Case: v[0].ID, As: "sponsor"}}}},
		"the requester":        {"rae", by("lou"), dossier.Replacement{Requested: []string{v[0].ID}}},
		"nobody of the case's": {"nemo", by("lou"), dossier.Replacement{}},
	} {
		c.want.Leaver, c.want.By = c.leaver, c.by.ID
		got := dossier.Replace(c.leaver, c.by, v, began)
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (- want, + got):\n%s", name, d)
		}
		signed := got
		signed.Sign()
		other := signed
		other.Roles = []string{"operator"}
		other.Sign()
		if signed.Digest == "" || signed.Digest == other.Digest {
			t.Errorf("%s: digests %s and %s", name, signed.Digest, other.Digest)
		}
	}
}

// Every kind of entry is asked about by an audit or known not to be.
func TestWhatAnAuditAsksAbout(t *testing.T) {
	t.Parallel()
	fact := func(f review.Fact) dossier.Entry {
		f.Request = "onboarding/acme/1:first-look.2"
		return dossier.Entry{Kind: dossier.Request, Fact: &f}
	}
	for name, c := range map[string]struct {
		entry dossier.Entry
		sort  string // empty: not asked about
	}{
		"opened":           {dossier.Entry{Kind: dossier.CaseOpened}, dossier.AuditCase},
		"closed":           {dossier.Entry{Kind: dossier.CaseClosed}, dossier.AuditCase},
		"withdrawn":        {dossier.Entry{Kind: dossier.Withdrawn}, dossier.AuditCase},
		"reopened":         {dossier.Entry{Kind: dossier.Reopened}, dossier.AuditOverride},
		"held":             {dossier.Entry{Kind: dossier.Held}, dossier.AuditOverride},
		"resumed":          {dossier.Entry{Kind: dossier.Resumed}, dossier.AuditOverride},
		"corrected":        {dossier.Entry{Kind: dossier.Corrected}, dossier.AuditOverride},
		"another owner":    {dossier.Entry{Kind: dossier.OwnerChanged}, dossier.AuditOverride},
		"people":           {dossier.Entry{Kind: dossier.PeopleChanged}, dossier.AuditPeople},
		"replaced":         {dossier.Entry{Kind: dossier.Replaced}, dossier.AuditPeople},
		"playbook":         {dossier.Entry{Kind: dossier.PlaybookUsed}, dossier.AuditPlaybook},
		"key":              {dossier.Entry{Kind: dossier.KeyMade}, dossier.AuditKey},
		"access":           {dossier.Entry{Kind: dossier.AccessChanged}, dossier.AuditAccess},
		"bound":            {dossier.Entry{Kind: dossier.Bound}, dossier.AuditAccess},
		"unbound":          {dossier.Entry{Kind: dossier.Unbound}, dossier.AuditAccess},
		"unreached":        {dossier.Entry{Kind: dossier.Noted}, ""},
		"erased":           {dossier.Entry{Kind: dossier.Erased}, dossier.AuditRecord},
		"answered":         {fact(review.Fact{Kind: review.FactCounted, Ballot: &review.Ballot{Verdict: review.Approve}}), dossier.AuditDecision},
		"taken back":       {fact(review.Fact{Kind: review.FactTakenBack}), dossier.AuditDecision},
		"recused":          {fact(review.Fact{Kind: review.FactRecused}), dossier.AuditDecision},
		"waived":           {fact(review.Fact{Kind: review.FactWaived}), dossier.AuditWaiver},
		"extended":         {fact(review.Fact{Kind: review.FactDue, Answer: "w-1", Why: "extended"}), dossier.AuditOverride},
		"seat added":       {fact(review.Fact{Kind: review.FactAdded, Answer: "w-1"}), dossier.AuditOverride},
		"asked beside":     {fact(review.Fact{Kind: review.FactOpened, Answer: "w-1"}), dossier.AuditOverride},
		"due by resuming":  {fact(review.Fact{Kind: review.FactDue}), ""},
		"asked":            {fact(review.Fact{Kind: review.FactOpened}), ""},
		"told":             {fact(review.Fact{Kind: review.FactTold}), ""},
		"stage":            {dossier.Entry{Kind: dossier.StageReached}, ""},
		"pilot stopped":    {dossier.Entry{Kind: dossier.PilotStopped}, dossier.AuditOverride},
		"scores opened":    {dossier.Entry{Kind: dossier.ScoresOpened}, dossier.AuditDecision},
		"risk record":      {dossier.Entry{Kind: dossier.RiskSigned}, dossier.AuditDecision},
		"notice decided":   {dossier.Entry{Kind: dossier.NoticeDecided}, dossier.AuditDecision},
		"a fact of none":   {dossier.Entry{Kind: dossier.Request}, ""},
		"history exported": {dossier.Entry{Kind: dossier.HistoryFiled}, ""},
	} {
		row, asked := dossier.Audited("onboarding/acme/1", dossier.Line{N: 7, Entry: c.entry, Body: &dossier.Body{Inside: "why"}})
		if row.Sort != c.sort || asked != (c.sort != "") {
			t.Errorf("%s: %q, %t, want %q", name, row.Sort, asked, c.sort)
		}
		if asked && (row.N != 7 || row.Case != "onboarding/acme/1" || row.Inside != "why") {
			t.Errorf("%s: %+v", name, row)
		}
		if c.entry.Fact != nil && row.Step != "first-look" {
			t.Errorf("%s is of the step %q", name, row.Step)
		}
	}
	row, _ := dossier.Audited(dossier.Register, dossier.Line{Conflict: true, Entry: dossier.Entry{Kind: dossier.StageReached}})
	if row.Sort != dossier.AuditFinding {
		t.Errorf("a conflict is %+v", row)
	}
	row, _ = dossier.Audited(dossier.Register, dossier.Line{Entry: dossier.Entry{Kind: dossier.Replaced, Detail: &dossier.Detail{Person: "lee", By: "lou"}}, Erased: &dossier.Erasure{Rule: "two years"}})
	if row.Person != "lee" || row.Result != "lou" || row.Erased != "two years" || row.Case != "" {
		t.Errorf("a replacement is %+v", row)
	}
}
