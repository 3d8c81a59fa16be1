package dossier

import (
	"strings"
	"testing"
	"time"
)

// What happened in an exit reads as sentences: without a machine's hyphens in its closed
// words, and with the dates and counts that matter.
func TestExitWords(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		kind Kind
		d    Detail
		want string
	}{
		{ExitOrdered, Detail{Result: "for-cause", Name: "in-house", Field: "audit-failure", Ends: day}, "The vendor is to be off by 30 September 2026 (for cause, because of audit failure); we do the work ourselves then"},
		{ExitOrdered, Detail{Result: "drill", Step: "stressed", Name: "replaced", Values: []string{"zeta"}, Field: "cost", Ends: day}, "In the drill the vendor would be off by 30 September 2026 (stressed, because of cost); another vendor does the work then: zeta"},
		{ExitOrdered, Detail{Name: "ends"}, "nobody does the work any more"},
		{ExitOrdered, Detail{Name: "undecided"}, "it is undecided"},
		{NoticeDue, Detail{Result: "in-time", Due: day, Ends: day.AddDate(0, 0, 30), Amount: 30}, "Notice has to arrive by 30 September 2026, 30 days before the contract ends on 30 October 2026"},
		{NoticeDue, Detail{Result: "late", Due: day}, "binds longer"},
		{NoticeDue, Detail{Result: "passed", Due: day}, "would have had to arrive by 30 September 2026; the contract binds longer"},
		{NoticeDue, Detail{Result: "needless", Due: day, Ends: day}, "ends by itself on 30 September 2026"},
		{NoticeDue, Detail{Result: "presses", Due: day}, "before the emergency is ratified"},
		{NoticeDue, Detail{Result: "unknown"}, "Nobody said"},
		{NoticeGiven, Detail{Ends: day}, "arrived on 30 September 2026; the receipt is not filed"},
		{PlanRead, Detail{Result: "read", Document: "sha256:1", Amount: 2, Version: 3}, "names 2 things that change hands and 3 areas"},
		{PlanRead, Detail{Result: "read", Amount: 1, Version: 1}, "names 1 thing that changes hands and 1 area of knowledge"},
		{PlanRead, Detail{Result: "unreadable"}, "could not be read"},
		{Compressed, Detail{Result: "in-time", Document: "sha256:1", Amount: 2, Ends: day}, "counted back from 30 September 2026: 2 things are given up, as sha256:1 says"},
		{Compressed, Detail{Result: "late", Ends: day, Due: day.AddDate(0, 1, 0)}, "cannot arrive in time, and the contract binds until 30 October 2026"},
		{Compressed, Detail{Result: "unknown", Ends: day}, "nobody said how long"},
		{PartEnded, Detail{Name: "data-return", Parent: "data-return/acme/1", Amount: 5, Version: 1}, "The return of data came to its end in data-return/acme/1: of 5 matters 1 is open, failed or unchecked"},
		{PartEnded, Detail{Amount: 1}, "of 1 matter none is open"}, {PartEnded, Detail{Amount: 7, Version: 2}, "of 7 matters 2 are open"},
		{PartEnded, Detail{Name: "transfer"}, "knowledge transfer"}, {PartEnded, Detail{Name: "handover"}, "hand-over"},
		{PartEnded, Detail{Name: "revocation"}, "revocation"}, {PartEnded, Detail{}, "The part"},
		{GateReached, Detail{Result: "lost"}, "came to nothing"}, {GateReached, Detail{Result: "withdrawn"}, "open again"},
		{GateReached, Detail{Result: "gone"}, "any more that could say"},
		{GateReached, Detail{Result: "ready"}, "case owner said"}, {GateReached, Detail{Result: "begun"}, "under way"},
		{NotRatified, Detail{}, "nothing is restored by that alone"},
		{GivenUp, Detail{Starts: day, Amount: 2}, "silent since 30 September 2026, through 2 steps"},
		{Rehearsed, Detail{Step: "cut-over", Starts: day, Ends: day}, "On paper “cut over” took"},
		{Rehearsed, Detail{Step: "cut-over", Result: "done"}, "“cut over” was done within its hour"},
		{Rehearsed, Detail{Step: "cut-over", Result: "failed"}, "“cut over” was tried and failed"},
		{Rehearsed, Detail{Step: "cut-over", Result: "open"}, "nobody had done “cut over” within the hour"},
		{Withheld, Detail{Result: "notice", Document: "sha256:1"}, "a notice did not go out: it is sha256:1"},
		{ExitStopped, Detail{}, "without a certificate"},
		{Certified, Detail{Result: "done", Document: "sha256:1"}, "The report of the drill is sha256:1"},
		{Certified, Detail{Result: "exited", Version: 2, Document: "sha256:1"}, "Certificate 2 was signed: sha256:1; no backup is open"},
		{Certified, Detail{Result: "exited", Amount: 1}, "1 backup is open and followed to its end"}, {Certified, Detail{Result: "exited", Amount: 2}, "2 backups are open and followed to their end"},
	} {
		if got := ExitWords(c.kind, &c.d); !strings.Contains(got, c.want) {
			t.Errorf("%s reads %q, want %q", c.kind, got, c.want)
		}
	}
	if got := ExitWords(TierSet, &Detail{}); got != "" {
		t.Errorf("another entry reads %q", got)
	}
	for result, want := range map[string]string{"exit": "being left", "aftercare": "Backups", "oversight": "watched over"} {
		if got := HandedOverWords(&Detail{Result: result}); !strings.Contains(got, want) {
			t.Errorf("handed over to %s reads %q", result, got)
		}
	}
}

// Who comes after is whom the newest order names, unless their onboarding said last that
// it came to nothing; a drill leaves nobody, and another process's entries say nothing.
func TestWhoComesAfter(t *testing.T) {
	t.Parallel()
	const id = "exit/acme/1"
	v := CaseView{}
	v.Apply(Entry{Kind: CaseOpened, Case: id, Process: id, Detail: &Detail{Vendor: "acme"}})
	gate := func(result string) Entry {
		return Entry{Kind: GateReached, Process: id, Detail: &Detail{Parent: "onboarding/zeta/1", Result: result}}
	}
	order := func(process, mode, after string, who ...string) Entry {
		return Entry{Kind: ExitOrdered, Process: process, Detail: &Detail{Result: mode, Name: after, Values: who}}
	}
	for i, step := range []struct {
		e    Entry
		want string
	}{
		{order(id, "planned", "undecided"), ""}, {order(id, "planned", "replaced", "zeta"), "zeta"}, {gate("begun"), "zeta"}, {gate("lost"), ""}, {gate("gone"), ""},
		{gate("signed"), "zeta"}, {gate("gone"), "zeta"}, {gate("ready"), "zeta"}, {order("transfer/acme/1", "planned", "in-house"), "zeta"}, {gate("withdrawn"), ""},
		{order(id, "planned", "undecided"), ""}, {order(id, "planned", "replaced", "eta"), "eta"}, {order(id, "planned", "in-house"), ""}, {order(id, "drill", "replaced", "zeta"), ""},
	} {
		v.Apply(step.e)
		if v.Successor != step.want {
			t.Errorf("after step %d it is %q, want %q", i, v.Successor, step.want)
		}
	}
}
