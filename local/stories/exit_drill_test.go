package stories

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/workflows"
)

// TestADrillReachesNobodyAndChangesNothing: leaving a vendor is rehearsed on the real engine, with mail,
// Slack, a GitHub and its git there, and with what is known of the vendor: an exit plan, accounts, a
// repository. The inventory is taken and the repository copied and restored; what would be cut or
// transferred is put down, GitHub is only read, and nobody is written to. Then people take part: what
// they are asked is marked, and how each task ended is in the report.
func TestADrillReachesNobodyAndChangesNothing(t *testing.T) {
	t.Parallel()
	s := &small{premises: newPremises(t)}
	watch := s.wellKnown()
	before, stood := s.wentOut(watch.id), s.hub.Stands()

	o := s.drills("planned")
	s.rehearses(o)
	v := o.sealed(workflows.ResultDone)
	if len(v.Requests) > 0 || !v.Rehearsal {
		t.Errorf("%d were asked", len(v.Requests))
	}
	if after := s.wentOut(watch.id); !slices.Equal(before, after) {
		t.Errorf("something went out:\n%s\nbefore\n%s", strings.Join(after, "\n"), strings.Join(before, "\n"))
	}
	s.onlyRead(stood)
	s.reported(o)
	watch.until("the report is filed with what is known of the vendor", func(v dossier.CaseView) bool {
		return slices.ContainsFunc(v.Documents, func(d dossier.DocumentView) bool {
			return d.Name == "drill-report" && d.Version == 1 && strings.HasPrefix(s.reads(d.Document), "REPORT OF THE DRILL "+o.id)
		})
	})
	if took := v.Closed.Sub(v.Opened); took < 60*day || took > 200*day {
		t.Errorf("it took %s of its own time", took)
	}

	s.practises(before, watch)
	s.onlyRead(stood)
	if w := watch.view(); !w.Closed.IsZero() {
		t.Error("the vendor is watched no more")
	}
}

// drills orders a drill on the command line.
func (s *small) drills(rehearses string, more ...string) *onboarding {
	s.t.Helper()
	done := s.gangway("tom", append([]string{"exit", "heron-couriers", "--ends", "--by", time.Now().AddDate(0, 8, 0).Format(time.DateOnly), "--mode", "drill",
		"--rehearses", rehearses, "--reason", "the drill of the year", "--confirm", "Heron Couriers"}, more...)...).ends(0, "")
	return &onboarding{h: s.house, id: strings.TrimSpace(done.out)}
}

// onlyRead wants GitHub to stand as it did, and to have been asked nothing that changes
// anything: by calls, and by git.
func (s *small) onlyRead(stood string) {
	t := s.t
	t.Helper()
	if now := s.hub.Stands(); now != stood {
		t.Errorf("GitHub stands otherwise:\n%s\nbefore\n%s", now, stood)
	}
	for _, c := range s.hub.Calls("") {
		if !strings.HasPrefix(c.Call, http.MethodGet+" ") && !strings.HasPrefix(c.Call, http.MethodHead+" ") {
			t.Errorf("GitHub was called %s", c.Call)
		}
	}
	fetched := s.hub.Fetches()
	for _, f := range fetched {
		if !strings.HasSuffix(f, "/info/refs?service=git-upload-pack") && !strings.HasSuffix(f, "/git-upload-pack") {
			t.Errorf("git was asked %s", f)
		}
	}
	if !slices.Contains(fetched, "heron/engine /git-upload-pack") {
		t.Errorf("the repository was never copied: %q", fetched)
	}
}

// reported wants in a drill's record what it really saw and did, and what it would have.
func (s *small) reported(o *onboarding) {
	t := s.t
	t.Helper()
	filed := map[string][]string{} // looked up only
	report := ""
	for _, l := range o.lines() {
		switch d := l.Entry.Detail; l.Entry.Kind {
		case dossier.Certified:
			report = s.reads(d.Document)
		case dossier.DocumentFiled:
			filed[d.Name] = append(filed[d.Name], s.reads(d.Document))
		}
	}
	for _, want := range []string{"REPORT OF THE DRILL " + o.id, "the notice period of 90 days", "data-deleted", "GAPS", "asset-2, heron.example (handover): nobody is named who takes it over", "data-returned: ", "asked of the vendor", "IF THE VENDOR NEVER ANSWERED", "From the notice on the vendor is needed"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report lacks %q:\n%s", want, report)
		}
	}
	for _, not := range []string{"There is no signed exit plan", "roster (revocation)", "asset-1-restored", "heron-dev"} {
		if strings.Contains(report, not) {
			t.Errorf("the report says %q:\n%s", not, report)
		}
	}
	for name, want := range map[string]struct {
		times int
		says  []string
	}{
		"would-be-asked":            {5, []string{`"title"`}},
		workflows.RosterDocument:    {2, []string{"heron-dev"}},
		workflows.InventoryDocument: {1, []string{"heron-dev", "heron deploys"}},
		workflows.CutDocument:       {1, []string{"heron-dev", `"rehearsed"`}},
		"repositories":              {1, []string{`"restorations"`, `"why": "rehearsed"`}},
	} {
		if len(filed[name]) != want.times {
			t.Errorf("%d documents are called %s, want %d", len(filed[name]), name, want.times)
		}
		for _, text := range filed[name] {
			for _, says := range want.says {
				if !strings.Contains(text, says) {
					t.Errorf("%s does not say %q:\n%.4000s", name, says, text)
				}
			}
		}
	}
	if data := filed["drill-report-data"]; len(data) != 1 {
		t.Errorf("%d reports as data", len(data))
	} else {
		s.measured(data[0])
	}
}

// measured wants in the data of a report what became of the repository and of the accounts.
func (s *small) measured(data string) {
	t := s.t
	t.Helper()
	var c exit.Certificate
	if err := json.Unmarshal([]byte(data), &c); err != nil {
		t.Fatalf("reading a report: %v", err)
	}
	restored, would := false, 0
	for _, m := range c.Matters {
		restored = restored || m.Name == "asset-1-restored" && m.State == exit.StateDone && m.Document != ""
		if m.Part == exit.PartRevocation && m.Name == "cut" && m.State == exit.StateNotNeeded {
			would = m.Found
		}
	}
	if !restored || would != 3 {
		t.Errorf("restored: %v; %d accesses would have been cut, and there are three: as an outside collaborator, of a repository, by a key: %s", restored, would, data)
	}
}

// wentOut is what has left the house, mails and what was written to Slack, but for what
// the oversight says, which goes on meanwhile.
func (s *small) wentOut(watched string) []string {
	var all []string
	addresses := []string{"ann@heron.example"}
	for _, p := range s.people {
		addresses = append(addresses, p.Address)
	}
	slices.Sort(addresses)
	for _, to := range addresses {
		for _, m := range s.mail.Mails(to) {
			if !strings.Contains(m.Subject, watched) {
				all = append(all, "mail to "+to+": "+m.Subject)
			}
		}
	}
	for _, method := range []string{"chat.postMessage", "chat.postEphemeral"} {
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
		<-time.After(50 * time.Millisecond) // else the record is read for nothing
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
