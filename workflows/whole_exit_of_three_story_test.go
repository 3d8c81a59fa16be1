package workflows

import (
	"slices"
	"strings"
	"testing"

	"gangway/config"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// byThree is an exit by what ships for few, in a house of three: who runs it, who keeps the
// books and wants the vendor left, and who looks after data. All of them are the team.
func byThree(t *testing.T, order exit.Order, has ...inventory.Finding) *wholeExit {
	t.Helper()
	l := newWholeExitBy(t, 2, order, false, has, func(pb *playbook.Playbook) {
		small, _, err := config.Shipped("small")
		if err != nil {
			t.Fatal(err)
		}
		*pb = small
		pb.Steps = slices.Clone(small.Steps) // the book is shared
	})
	l.rec.mu.Lock()
	l.rec.people = slices.DeleteFunc(l.rec.people, func(p playbook.Person) bool { return p.Employer != "acme" })
	l.rec.mu.Unlock()
	for id, role := range map[string]string{"owner-ola": "manager", "deputy-dan": "books", "sponsor-sue": "data"} {
		l.know(id, func(p *playbook.Person) { p.Roles, p.Hours = []string{role, "team"}, l.book.Hours })
	}
	l.exit.Requester, l.exit.Plan = "deputy-dan", "" // of a vendor of few nobody made one
	return l
}

// answered are those of ours who answered anything in the exit.
func (l *wholeExit) answered() (ids []string) {
	for _, r := range l.view().Requests {
		for _, b := range r.Ballots {
			if b.Person != "" && !strings.HasPrefix(b.Person, "acme") && !slices.Contains(ids, b.Person) {
				ids = append(ids, b.Person)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// TestWholeExitOfThree: three people leave a vendor by the exit that ships for few, from the
// order to the certificate. Nothing is waived, and nobody accepts what they did themselves.
func TestWholeExitOfThree(t *testing.T) {
	l := byThree(t, exit.Order{Mode: exit.ModePlanned, After: exit.AfterInHouse, By: monday.AddDate(0, 0, 150), Trigger: exit.TriggerCost},
		ofAcme(inventory.PlaceCollaborators, "member"), ofAcme(inventory.PlaceDeployKeys, "their key"))
	l.alsoCounted(exit.AssetDomain, 1)
	l.when("exit-cut-over", func() {
		if len(l.estate.cuts) != 0 {
			t.Errorf("%v were cut before the cut-over", l.estate.cuts)
		}
	})
	out := l.leaves()
	if out.Result != ResultExited || out.Certificate == "" {
		t.Fatalf("got %+v, asked are %v", out, l.asked())
	}
	l.wantParts(exit.PartHandover, exit.PartRevocation, exit.PartDataReturn)
	if len(l.estate.cuts) != 2 {
		t.Errorf("cut were %v", l.estate.cuts)
	}
	if page := l.textOf(out.Certificate); strings.Contains(page, "WAIVED") || !strings.Contains(page, "more-domain-1: done, verified by") {
		t.Errorf("something is waived, or the domain did not come back:\n%s", page)
	}
	if got := l.answered(); !slices.Equal(got, []string{"deputy-dan", "owner-ola", "sponsor-sue"}) {
		t.Errorf("it took %q", got)
	}
	all := l.view().Requests
	by := func(r review.Request, who string) bool {
		return slices.ContainsFunc(r.Ballots, func(b review.Ballot) bool { return b.Person == who })
	}
	for _, r := range all {
		for _, m := range all {
			if r.Step == m.Step+acceptSuffix && slices.ContainsFunc(r.Ballots, func(b review.Ballot) bool { return by(m, b.Person) }) {
				t.Errorf("whoever did %s accepted it", m.Step)
			}
		}
	}
}

// TestWholeExitForCauseOfThree: the two who did not ask for it say that access is cut now,
// and it is, before the vendor hears of anything; whether that was right somebody says who
// did not decide it, and notice waits for them.
func TestWholeExitForCauseOfThree(t *testing.T) {
	l := byThree(t, exit.Order{Mode: exit.ModeForCause, After: exit.AfterInHouse, By: monday.AddDate(0, 0, 60), Trigger: exit.TriggerIncident},
		ofAcme(inventory.PlaceCollaborators, "member"))
	l.exit.Roster = l.text("roster", asText(inventory.Roster{Vendor: "acme", Identities: []inventory.Identity{{Login: "acme-people"}}}))
	l.when("exit-notice", func() {
		if told := l.told("acme.1"); told != nil || len(l.estate.cuts) != 1 {
			t.Errorf("before notice the vendor was told %v, and %v were cut", told, l.estate.cuts)
		}
	})
	out := l.leaves()
	if out.Result != ResultExited || out.Certificate == "" {
		t.Fatalf("got %+v, asked are %v", out, l.asked())
	}
	for _, r := range l.view().Requests {
		if r.Step == "exit-emergency" && slices.ContainsFunc(r.Ballots, func(b review.Ballot) bool { return b.Person == "deputy-dan" }) {
			t.Errorf("whoever asked for it decided it: %+v", r.Ballots)
		}
	}
}
