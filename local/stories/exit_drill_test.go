package stories

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/workflows"
)

// TestADrillReachesNobodyAndChangesNothing: leaving a vendor is rehearsed on paper on the real engine,
// with mail, Slack and GitHub there. Nobody is written to, GitHub is only read, the
// oversight goes on, and the report is in the record with what would have been asked.
func TestADrillReachesNobodyAndChangesNothing(t *testing.T) {
	t.Parallel()
	s := &small{premises: newPremises(t)}
	s.hub.AddRepository("ledger", "private")
	s.hub.AddCollaborator("ledger", "heron-dev", "write")
	ends := time.Now().AddDate(3, 0, 0).Format(time.DateOnly)
	s.puts("contract.md", example(t, "contract.md"))
	s.puts("vendors.csv", []byte("vendor,service,owner,sponsor,data,contract_file,contract_end,notice_days,contacts,source\n"+
		"Heron Couriers,deliveries,maya,helen,payment,contract.md,"+ends+",90,Ann Archer <ann@heron.example>,the register of 2025\n"))
	s.mail.Whatever("ann@heron.example")
	s.gangway("tom", "adopt", "vendors.csv", "--playbook", "whole", "--rehearsal").ends(0, "oversight/heron-couriers/1")
	watch := &onboarding{h: s.house, id: "oversight/heron-couriers/1"}
	watch.until("what is known is watched", func(v dossier.CaseView) bool { return len(v.Watched) >= 3 })
	watch.quiet()
	before := s.wentOut(watch.id)

	done := s.gangway("tom", "exit", "heron-couriers", "--ends", "--by", time.Now().AddDate(0, 8, 0).Format(time.DateOnly), "--mode", "drill",
		"--rehearses", "planned", "--reason", "the drill of the year", "--confirm", "Heron Couriers").ends(0, "")
	o := &onboarding{h: s.house, id: strings.TrimSpace(done.out)}
	s.rehearses(o)
	v := o.sealed(workflows.ResultDone)
	if len(v.Requests) > 0 || !v.Rehearsal {
		t.Errorf("%d were asked", len(v.Requests))
	}
	if after := s.wentOut(watch.id); !slices.Equal(before, after) {
		t.Errorf("something went out:\n%s\nbefore\n%s", strings.Join(after, "\n"), strings.Join(before, "\n"))
	}
	for _, c := range s.hub.Calls("") {
		if !strings.HasPrefix(c.Call, http.MethodGet+" ") {
			t.Errorf("GitHub was called %s", c.Call)
		}
	}
	report := ""
	would := 0
	for _, l := range o.lines() {
		switch d := l.Entry.Detail; {
		case l.Entry.Kind == dossier.Certified:
			report = s.reads(d.Document)
		case l.Entry.Kind == dossier.DocumentFiled && d.Name == "would-be-asked":
			would++
			if text := s.reads(d.Document); !strings.Contains(text, `"title"`) {
				t.Errorf("nobody would have been asked:\n%s", text)
			}
		}
	}
	for _, want := range []string{"REPORT OF THE DRILL " + o.id, "the notice period of 90 days", "There is no signed exit plan", "data-deleted", "GAPS", "roster (revocation): open no roster"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report lacks %q:\n%s", want, report)
		}
	}
	if would != 5 {
		t.Errorf("%d lists of who would have been asked", would)
	}
	if took := v.Closed.Sub(v.Opened); took < 60*day || took > 200*day {
		t.Errorf("it took %s of its own time", took)
	}
	if w := watch.view(); !w.Closed.IsZero() {
		t.Error("the vendor is watched no more")
	}
	o.replayed()
}

// wentOut is what has left the house, mails and what was written to Slack, but for what
// the oversight says, which goes on meanwhile.
func (s *small) wentOut(watched string) []string {
	var all []string
	for _, to := range []string{"ann@heron.example", "maya@northgate.example", "helen@northgate.example", "tom@northgate.example", "jonas@northgate.example"} {
		for _, m := range s.mail.Mails(to) {
			if !strings.Contains(m.Subject, watched) {
				all = append(all, "mail to "+to+": "+m.Subject)
			}
		}
	}
	for _, method := range []string{"chat.postMessage", "conversations.open"} {
		for _, c := range s.slack.Calls(method) {
			if text := fmt.Sprint(c); !strings.Contains(text, watched) {
				all = append(all, method+": "+text)
			}
		}
	}
	return all
}

// rehearses waits for the end of a drill in which nobody is asked: its clock runs by itself.
func (s *small) rehearses(o *onboarding) {
	s.t.Helper()
	over := func() bool {
		v, err := s.Archive.Case(context.Background(), o.id)
		if err == nil && len(v.Requests) > 0 {
			s.t.Fatalf("somebody is asked\n%s", describe(v))
		}
		return err == nil && !v.Closed.IsZero()
	}
	for range 4 {
		if within(patience, over) {
			return
		}
	}
	s.t.Fatalf("the drill does not end\n%s", describe(o.view()))
}

// reads is the text of a document.
func (s *small) reads(digest string) string {
	s.t.Helper()
	_, r, err := s.Archive.Get(context.Background(), digest)
	if err != nil {
		s.t.Fatalf("opening a document: %v", err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		s.t.Fatalf("reading a document: %v", err)
	}
	return string(text)
}
