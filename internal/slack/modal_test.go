package slack

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// stateOf is what a modal would send if it were submitted as it was opened: what
// stands in its fields at first (Slack, "Reference: view interaction payloads").
func stateOf(v any) *slack.ViewState {
	var o struct {
		Blocks []struct {
			ID      string `json:"block_id"`
			Element struct {
				ID             string                    `json:"action_id"`
				Value          string                    `json:"initial_value"`
				Date           string                    `json:"initial_date"`
				InitialOption  slack.OptionBlockObject   `json:"initial_option"`
				InitialOptions []slack.OptionBlockObject `json:"initial_options"`
			} `json:"element"`
		} `json:"blocks"`
	}
	if err := json.Unmarshal(wire(v), &o); err != nil {
		panic(err)
	}
	st := &slack.ViewState{Values: map[string]map[string]slack.BlockAction{}}
	for _, b := range o.Blocks {
		e := b.Element
		st.Values[b.ID] = map[string]slack.BlockAction{e.ID: {Value: e.Value, SelectedDate: e.Date, SelectedOption: e.InitialOption, SelectedOptions: e.InitialOptions}}
	}
	return st
}

// paired holds both seats of the first group.
func paired(s *scene) {
	attested(s)
	s.Request.Policy.Pairs = []review.Pair{{A: "legal", B: "security"}}
	s.Request.Seatings[1].Holders = append(s.Request.Seatings[1].Holders, holder("helen"))
}

func intakeForm() playbook.IntakeForm {
	return playbook.IntakeForm{Playbook: "standard", Fields: []playbook.IntakeField{
		{Name: "vendor.name", Label: "Vendor", Kind: playbook.LineField, Required: true, Most: 100},
		{Name: "vendor.service", Label: "What they do", Kind: playbook.LineField, Required: true},
		{Name: "reason", Label: "Why them", Kind: playbook.TextField, Required: true},
		{Name: "success", Label: "How we see that it worked", Kind: playbook.TextField},
		{Name: "yearlyCost", Label: "Cost a year", Kind: playbook.NumberField},
		{Name: "currency", Label: "Currency", Kind: playbook.ChoiceField, Options: []string{"GBP", "EUR"}},
		{Name: "data", Label: "Data they see", Kind: playbook.ManyField, Options: []string{"personal", "payroll"}},
		{Name: "systems", Label: "Systems they touch", Kind: playbook.ManyField},
		{Name: "owner", Label: "Who owns it", Kind: playbook.PersonField, Required: true},
		{Name: "sponsor", Label: "Sponsor", Kind: playbook.PersonField},
	}}
}

func intake() playbook.Intake {
	return playbook.Intake{Playbook: "standard", Vendor: engagement.Vendor{Name: "Acme *Hosting*", Service: "Hosts <us>"}, Reason: "Cheaper.\nAnd near.",
		Success: []string{"up 99,9 %", "no complaints"}, YearlyCost: 12000, Currency: "EUR", Data: []string{"payroll"}, Systems: []string{"crm", "billing"}, Owner: "rita", Sponsor: "sam"}
}

func TestGoldenModals(t *testing.T) {
	t.Parallel()
	s := sceneOf("helen", attested)
	drilled := sceneOf("helen", func(s *scene) { s.Case.Rehearsal = true })
	for name, v := range map[string]any{
		"answer":         s.answerModal(review.Form{Verdict: review.Reject}),
		"answer-typed":   sceneOf("helen", paired).answerModal(review.Form{Verdict: review.Approve, Seat: "legal", Attest: []string{"read-4-9"}, Inside: "Fine.", Vendor: "Thank you."}),
		"answer-drill":   drilled.answerModal(review.Form{}),
		"delegate":       s.delegateModal(review.Form{}),
		"delegate-typed": s.delegateModal(review.Form{To: "dora", Until: hour(0).AddDate(0, 0, 3), Inside: "Away."}),
		"recuse":         s.recuseModal(review.Form{Inside: "Family or friends: My brother works there."}),
		"snooze":         s.snoozeModal(review.Form{}),
		"snooze-late":    sceneOf("helen", func(s *scene) { s.Now = hour(9).AddDate(0, 0, 3) }).snoozeModal(review.Form{}),
		"not-me":         s.notMeModal(review.Form{Inside: "I left legal."}),
		"onboard":        onboardModal(intakeForm(), staff(), playbook.Intake{}),
		"onboard-typed":  onboardModal(intakeForm(), staff(), intake()),
		"exit":           exitModal(dossier.ExitOrder{Mode: exit.ModePlanned}),
		"exit-typed":     exitModal(exitOrdered()),
		"exit-name":      exitNameModal(exitSeen(), exitOrdered()),
		"settle":         settleModal(dossier.CaseView{ID: "exit/acme/1"}, "Acme *Hosting*", review.Form{}),
		"settle-typed":   settleModal(dossier.CaseView{ID: "exit/acme/1", Rehearsal: true}, "Acme", review.Form{Name: "replaced", Values: []string{"beta"}, Inside: "They won."}),
		"away":           awayModal(personOf("helen"), staff(), playbook.Away{}),
		"result":         resultModal("Counted", s.outcomeWords(review.Outcome{Status: review.Counted, Verdict: review.Approve})),
	} {
		holdView(t, "modal/"+name, v)
	}
}

// TestAModalKeepsWhatWasTyped: what a form has comes back from the modal that is
// opened with it, whatever it is.
func TestAModalKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	written := rapid.Custom(func(t *rapid.T) string {
		a := answers{st: &slack.ViewState{Values: map[string]map[string]slack.BlockAction{"x": {typedID: {Value: rapid.OneOf(rapid.StringN(0, 400, -1), rapid.SampledFrom(hostile())).Draw(t, "typed")}}}}}
		return clampPlain(a.text("x"), 2800)
	})
	rapid.Check(t, func(t *rapid.T) {
		s := sceneOf("helen", paired)
		answer := review.Form{Verdict: review.Approve, Seat: rapid.SampledFrom([]string{"legal", "security"}).Draw(t, "seat"), Attest: []string{"read-4-9"}, Inside: written.Draw(t, "inside"), Vendor: written.Draw(t, "vendor")}
		back, _ := s.readAnswer(stateOf(s.answerModal(answer)))
		same(t, "answer", answer, back)
		one := sceneOf("helen")
		delegate := review.Form{Act: review.Delegate, Seat: "legal", To: "dora", Inside: answer.Inside, Until: hour(0).AddDate(0, 0, rapid.IntRange(1, 90).Draw(t, "days"))}
		back, faults := one.readDelegate(stateOf(one.delegateModal(delegate)))
		same(t, "delegate", delegate, back)
		if faults != nil {
			t.Fatalf("a sound delegation has faults: %v", faults)
		}
		if answer.Inside == "" {
			return
		}
		recuse := review.Form{Act: review.Recuse, Inside: "Something else: " + answer.Inside}
		back, _ = one.readRecuse(stateOf(one.recuseModal(recuse)))
		same(t, "recusal", recuse, back)
		notMe := review.Form{To: "rita", Inside: answer.Inside}
		back, _ = one.readNotMe(stateOf(one.notMeModal(notMe)))
		same(t, "not me", notMe, back)
	})
}

func same[T any](t interface {
	Helper()
	Fatalf(string, ...any)
}, what string, want, got T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("%s (-typed +read):\n%s", what, d)
	}
}

func TestIntakesAreReadAsTyped(t *testing.T) {
	t.Parallel()
	in, faults := readOnboard(intakeForm(), stateOf(onboardModal(intakeForm(), staff(), intake())))
	if faults != nil {
		t.Errorf("a sound intake has faults: %v", faults)
	}
	same(t, "intake", intake(), in)
	_, faults = readOnboard(intakeForm(), stateOf(onboardModal(intakeForm(), staff(), playbook.Intake{})))
	for _, name := range []string{"vendor.name", "vendor.service", "reason", "owner"} {
		if faults[blockField+name] == "" {
			t.Errorf("%s may be left out: %v", name, faults)
		}
	}
	for text, want := range map[string]int{"12000": 12000, "12,000": 12000, " 12 000": 12000, "": 0} {
		a := answers{}
		if n := a.number("x", text); n != want || a.faults != nil {
			t.Errorf("%q is read as %d, %v", text, n, a.faults)
		}
	}
	a := answers{}
	if a.number("x", "a lot"); a.faults["x"] == "" {
		t.Error("words are a number")
	}
	at := onboardFaults(intakeForm(), []playbook.Fault{{Place: "$.vendor.name", Message: "the name is missing", Hint: "write it"}, {Place: "$.data[1]", Message: "unknown"}, {Place: "$.deputy", Message: "name somebody else"}})
	same(t, "faults", map[string]string{"field/vendor.name": "The name is missing. Write it.", "field/data": "Unknown."}, at)
}

func TestAways(t *testing.T) {
	t.Parallel()
	helen := personOf("helen")
	from, until := time.Date(2026, 7, 1, 0, 0, 0, 0, zone(helen)), time.Date(2026, 7, 15, 0, 0, 0, 0, zone(helen))
	away := playbook.Away{From: from.UTC(), Until: until.UTC(), Backup: "dora"}
	got, faults := readAway(helen, stateOf(awayModal(helen, staff(), away)))
	if faults != nil {
		t.Errorf("a sound absence has faults: %v", faults)
	}
	same(t, "away", away, got)
	if _, faults = readAway(helen, stateOf(awayModal(helen, staff(), playbook.Away{From: until, Until: from}))); faults[blockUntil] == "" {
		t.Error("the last day may be before the first")
	}
	if _, faults = readAway(helen, &slack.ViewState{}); len(faults) != 2 {
		t.Errorf("no days at all: %v", faults)
	}
}

// TestFaultsStandAtFieldsThatTheModalHas: Slack shows "trouble connecting" for a
// fault at a block that is no input.
func TestFaultsStandAtFieldsThatTheModalHas(t *testing.T) {
	t.Parallel()
	s := sceneOf("helen", attested)
	refusals := []review.Refusal{review.NeedsReason, review.NeedsAttest, review.WrongVerdict, review.WhichSeat, review.BadDelegate, review.Circle, review.TooDeep, review.BadTime, review.Stale, review.Closed}
	for _, c := range []click{{Verb: verbAsk, Verdict: review.Reject}, {Verb: verbDelegate}, {Verb: verbRecuse}, {Verb: verbSnooze}, {Verb: verbNotMe}} {
		v, has := s.modalFor(c, review.Form{})
		if !has {
			t.Fatalf("%s opens nothing", c.Verb)
		}
		_, faults, _ := s.readModal(v.CallbackID, &slack.ViewState{})
		if len(faults) == 0 {
			t.Errorf("%s takes an empty form", v.CallbackID)
		}
		check := func(what string, faults map[string]string) {
			for at := range faults {
				if !slices.ContainsFunc(v.Blocks.BlockSet, func(b slack.Block) bool { return b.ID() == at && b.BlockType() == slack.MBTInput }) {
					t.Errorf("%s: %s stands at %q, which it has not", v.CallbackID, what, at)
				}
			}
		}
		check("an empty form", faults)
		check("a fault of all of it", modalFault(v.CallbackID, "x"))
		for _, why := range refusals {
			check(string(why), refusalFaults(v.CallbackID, review.Outcome{Status: review.Refused, Refusal: why, Missing: []string{"read-4-9"}}))
		}
	}
}

// TestOnlyWhoMayIsOffered: neither the requester, nor whoever holds a seat, left,
// is recused or of a vendor is offered as a delegate.
func TestOnlyWhoMayIsOffered(t *testing.T) {
	t.Parallel()
	s := sceneOf("helen", func(s *scene) {
		s.People = append(s.People, playbook.Person{ID: "gone", Name: "Gone", Left: true}, playbook.Person{ID: "them", Name: "Them", Employer: "acme-hosting"}, playbook.Person{ID: "rec", Name: "Rec"})
		s.Request.Recused = []string{"rec"}
	})
	var ids []string
	for _, p := range s.delegates() {
		ids = append(ids, p.ID)
	}
	same(t, "delegates", []string{"dora"}, ids)
	s.People = s.People[:2]
	if v := s.delegateModal(review.Form{}); v.CallbackID != string(verbResult) || v.Submit != nil {
		t.Error("there is nobody to choose, and it asks for somebody")
	}
}

// TestManyPeopleFitIntoAMenu holds three menus of many in a view.
func TestManyPeopleFitIntoAMenu(t *testing.T) {
	t.Parallel()
	var people []playbook.Person
	for i := range 1000 {
		people = append(people, playbook.Person{ID: "p" + itoa(i), Name: strings.Repeat("ש", 200) + itoa(i), Roles: []string{strings.Repeat("𝔘", 200)}})
	}
	f := intakeForm()
	v := onboardModal(f, people, playbook.Intake{Owner: "p999"})
	if faults := viewFaults(v); faults != nil {
		t.Errorf("Slack refuses it: %v", faults[:1])
	}
	in, _ := readOnboard(f, stateOf(v))
	if in.Owner != "p999" {
		t.Errorf("who was chosen is lost: %q", in.Owner)
	}
}

// TestAMenuSaysWhoIsLeftOut: by number, and by the size of their names long before.
func TestAMenuSaysWhoIsLeftOut(t *testing.T) {
	t.Parallel()
	crowd := func(n, letters int) []playbook.Person {
		var people []playbook.Person
		for i := range n {
			people = append(people, playbook.Person{ID: "p" + itoa(i), Name: strings.Repeat("ש", letters) + itoa(i), Roles: []string{strings.Repeat("𝔘", letters)}})
		}
		return people
	}
	for _, tc := range []struct {
		n, letters int
		crowded    bool
	}{{290, 1, false}, {400, 1, true}, {200, 200, true}, {3, 200, false}} {
		people := crowd(tc.n, tc.letters)
		e, left := someone(people, "")
		menu := e.(*slack.SelectBlockElement)
		shown := len(menu.Options)
		for _, g := range menu.OptionGroups {
			shown += len(g.Options)
		}
		if shown+left != tc.n || (left > 0) != tc.crowded {
			t.Errorf("of %d people %d are shown and %d left out", tc.n, shown, left)
		}
		s := sceneOf("helen", func(s *scene) { s.People = append(s.People, people...) })
		for what, v := range map[string]slack.ModalViewRequest{"delegate": s.delegateModal(review.Form{}), "not me": s.notMeModal(review.Form{}), "away": awayModal(s.Viewer, s.People, playbook.Away{}),
			"onboard": onboardModal(intakeForm(), s.People, playbook.Intake{})} {
			if said := strings.Contains(string(wire(v)), "Not everybody has room here"); said != tc.crowded {
				t.Errorf("%s of %d people says who is left out: %t", what, tc.n, said)
			}
			if faults := viewFaults(v); faults != nil {
				t.Errorf("Slack refuses %s: %v", what, faults[:1])
			}
		}
	}
	if e, left := someone(nil, ""); e != nil || left != 0 {
		t.Error("nobody can be chosen")
	}
}

func TestSnoozesLeaveADay(t *testing.T) {
	t.Parallel()
	friday := sceneOf("helen", func(s *scene) { s.Now, s.Request.Clocks[0].Due = hour(11).AddDate(0, 0, 4), hour(11).AddDate(0, 0, 14) })
	var names []string
	for _, x := range friday.snoozes() {
		names = append(names, x.words+" "+x.at.Format("Mon 15"))
	}
	same(t, "on a Friday", []string{"For an hour Fri 12", "Tomorrow at nine Sat 09", "Your next working day, Monday 30 November Mon 09"}, names)
	f, faults := friday.readSnooze(stateOf(friday.snoozeModal(review.Form{Until: friday.snoozes()[2].at})))
	if faults != nil || !f.Until.Equal(friday.snoozes()[2].at) {
		t.Errorf("it is snoozed to %v, %v", f.Until, faults)
	}
	words := func(day time.Time) string {
		friday.NextDay = day
		all := friday.snoozes()
		return all[len(all)-1].words + " " + all[len(all)-1].at.Format("Mon 15:04")
	}
	for day, want := range map[time.Time]string{ // their hours and holidays are known
		hour(10).AddDate(0, 0, 8): "Your next working day, Tuesday 1 December Tue 10:00", hour(7).AddDate(0, 0, 5): "Tomorrow, when your day begins Sat 07:00", hour(9).AddDate(0, 0, 5): "Tomorrow at nine Sat 09:00",
	} {
		if got := words(day); got != want {
			t.Errorf("it offers %q, want %q", got, want)
		}
	}
	friday.NextDay = time.Time{}
	friday.Request.Clocks[0].Due = friday.Now.Add(26 * time.Hour)
	if n := len(friday.snoozes()); n != 1 {
		t.Errorf("%d times a day before the due date", n)
	}
}
