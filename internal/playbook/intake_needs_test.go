package playbook

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// wanting is a playbook that wants more of a critical vendor's intake, and everybody's
// statement on interests.
func wanting() Playbook {
	p := sound()
	p.Declaration = "read"
	p.Tiers[0].Needs = []string{"alternative", "success", "summary", FieldCost, "baselineCost", "deputy", "sponsor", "vendor.country", "vendor.contacts"}
	p.Tiers[1].Needs = []string{"summary"}
	return p
}

func TestATierNeedsMoreOfAnIntake(t *testing.T) {
	t.Parallel()
	nothing := 0
	full := Intake{Vendor: engagement.Vendor{Name: "Acme", Service: "s", Country: "GB", Contacts: []engagement.Contact{{Name: "Sam", Mail: "sam@acme.example"}}},
		Reason: "r", Alternative: "a", Success: []string{"s"}, Summary: "s", YearlyCost: 1, BaselineCost: &nothing, Data: []string{"personal"},
		Owner: "eva", Deputy: "ann", Sponsor: "ben", Interest: engagement.No}
	if f := wanting().CheckIntake(full, staff()); f != nil {
		t.Errorf("nobody does it yet, so it costs 0: %v", f)
	}
	bare := Intake{Vendor: engagement.Vendor{Name: "Acme", Service: "s"}, Reason: "r", Data: []string{"personal"}, Owner: "eva", Interest: engagement.No}
	var places []string
	for _, f := range wanting().CheckIntake(bare, staff()) {
		places = append(places, f.Place)
	}
	want := []string{"$.alternative", "$.baselineCost", "$.deputy", "$.sponsor", "$.success", "$.summary", "$.vendor.contacts", "$.vendor.country", "$.yearlyCost"}
	if d := cmp.Diff(want, places); d != "" {
		t.Error(d)
	}
	bare.Data = nil
	if f := wanting().CheckIntake(bare, staff()); len(f) != 1 || f[0].Place != "$.summary" || !strings.Contains(f[0].Message, "tier 3") {
		t.Errorf("tier 3 wants a summary alone: %v", f)
	}
	for _, field := range needed() {
		if fieldWords(field) == "" || field != "vendor.contacts" && fieldWords(field) == fieldWords("vendor.contacts") {
			t.Errorf("%s is called %q", field, fieldWords(field))
		}
	}
}

func TestWhoAsksDeclaresTheirInterests(t *testing.T) {
	t.Parallel()
	in := Intake{Vendor: engagement.Vendor{Name: "Acme", Service: "s"}, Reason: "r", Owner: "eva", Summary: "s", From: review.Address{ID: "eva"}}
	faults := func(change func(i *Intake)) string {
		i := in
		change(&i)
		var all []string
		for _, f := range append(i.Check(), wanting().CheckIntake(i, staff())...) {
			all = append(all, f.Place+" "+f.Message)
		}
		return strings.Join(all, "\n")
	}
	for _, c := range []struct {
		what   string
		change func(i *Intake)
		want   string
	}{
		{"says nothing", func(*Intake) {}, "$.interest whoever asks for a vendor says first"},
		{"has none", func(i *Intake) { i.Interest = engagement.No }, ""},
		{"has one, not which", func(i *Intake) { i.Interest, i.Owner = engagement.Yes, "ann" }, "$.whichInterest an interest is declared, but not which"},
		{"has one and owns it", func(i *Intake) { i.Interest, i.WhichInterest = engagement.Yes, "my brother" }, "$.owner whoever declares an interest does not own the case"},
		{"has one and stands in", func(i *Intake) {
			i.Interest, i.WhichInterest, i.Owner, i.Deputy = engagement.Yes, "my brother", "ann", "eva"
		}, "$.deputy whoever declares an interest does not stand in"},
		{"has one, another owns it", func(i *Intake) { i.Interest, i.WhichInterest, i.Owner = engagement.Yes, "my brother", "ann" }, ""},
		{"says something else", func(i *Intake) { i.Interest = "perhaps" }, "$.interest \"perhaps\" says neither"},
		{"describes what nobody declares", func(i *Intake) { i.Interest, i.WhichInterest = engagement.No, "my brother" }, "$.interest an interest is described"},
	} {
		if got := faults(c.change); !strings.HasPrefix(got, c.want) || c.want == "" && got != "" || strings.Contains(got, "\n") {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	in.Interest = ""
	if f := wanting().CheckIntake(in.Collection().Intake(), staff()); f != nil {
		t.Errorf("a collection by itself asks for no more than it did: %v", f)
	}
	if f := sound().CheckIntake(in, staff()); f != nil {
		t.Errorf("a playbook that asks nobody asks whoever files no more: %v", f)
	}
}

func TestTheFormOfAPlaybookThatWantsMore(t *testing.T) {
	t.Parallel()
	field := func(p Playbook, name string) IntakeField {
		i := slices.IndexFunc(p.IntakeForm().Fields, func(f IntakeField) bool { return f.Name == name })
		if i < 0 {
			return IntakeField{}
		}
		return p.IntakeForm().Fields[i]
	}
	if f := field(wanting(), "summary"); !f.Required {
		t.Errorf("every tier needs it: %+v", f)
	}
	if f := field(wanting(), "baselineCost"); f.Required || f.Needed != "Needed for tier 1." || strings.Contains(f.Hint, "tier") {
		t.Errorf("%+v", f)
	}
	if f := field(wanting(), "interest"); !f.Required || f.Kind != ChoiceField || !strings.Contains(f.Hint, "I have read it.") {
		t.Errorf("%+v", f)
	}
	if f := field(sound(), "interest"); f.Name != "" {
		t.Errorf("nobody is asked for a statement: %+v", f)
	}
	got, faults := wanting().IntakeForm().Intake(map[string][]string{"vendor.name": {"Acme"}, "vendor.service": {"s"}, "reason": {"r"}, "summary": {"In short."},
		"baselineCost": {"0"}, "interest": {"yes"}, "whichInterest": {"my brother"}, "owner": {"ann"}})
	nothing := 0
	want := Intake{Playbook: "sound", Vendor: engagement.Vendor{Name: "Acme", Service: "s"}, Reason: "r", Summary: "In short.", BaselineCost: &nothing,
		Interest: engagement.Yes, WhichInterest: "my brother", Owner: "ann"}
	if d := cmp.Diff(want, got); d != "" || faults != nil {
		t.Error(faults, d)
	}
	_, faults = wanting().IntakeForm().Intake(map[string][]string{"vendor.name": {"Acme"}, "vendor.service": {"s"}, "reason": {"r"}, "summary": {"s"}, "baselineCost": {"much"}, "interest": {"perhaps"}})
	var places []string
	for _, f := range faults {
		places = append(places, f.Place)
	}
	if d := cmp.Diff([]string{"baselineCost", "interest"}, places); d != "" {
		t.Error(d)
	}
}
