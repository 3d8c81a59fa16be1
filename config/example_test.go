package config

import (
	"slices"
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/playbook"

	"github.com/google/go-cmp/cmp"
)

func TestExampleContractChangesOneClause(t *testing.T) {
	t.Parallel()
	first, err := engagement.Split(embedded(t, "contract.md"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := engagement.Split(embedded(t, "contract-v2.md"))
	if err != nil {
		t.Fatal(err)
	}
	var refs []string
	for _, c := range first {
		refs = append(refs, c.Ref)
	}
	want := []string{"0", "1", "def/affiliate", "def/client-data", "def/incident", "def/working-day",
		"2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"}
	if d := cmp.Diff(want, refs); d != "" {
		t.Error(d)
	}
	got := engagement.Compare(first, second)
	if d := cmp.Diff(engagement.Comparison{Changed: []string{"5"}, Same: len(first) - 1}, got); d != "" {
		t.Error(d)
	}
	many := []string{"legal", "finance", "service-owner", "sponsor"}
	touched := map[string][]string{"standard": many, "whole": many, "small": {"manager", "books"}}
	for _, name := range Playbooks() {
		pb, _, err := Shipped(name)
		if err != nil {
			t.Fatal(err)
		}
		var asked []string
		for _, seat := range pb.Steps[slices.IndexFunc(pb.Steps, func(s playbook.Step) bool { return s.Process == playbook.Contract && len(s.When.Systems) == 0 })].Policy.Seats() {
			scope := engagement.Scope(seat.Scope).Resolve(first)
			if len(seat.Scope) > 0 && len(scope) == 0 {
				t.Errorf("%s: the scope of %s finds nothing in the example's contract", name, seat.ID)
			}
			if len(seat.Scope) == 0 || engagement.Touched(scope, first, got) {
				asked = append(asked, seat.ID)
			}
		}
		if d := cmp.Diff(touched[name], asked); d != "" {
			t.Errorf("%s asks again: %s", name, d)
		}
	}
}

// Every title that a shipped scope names is a clause of the example, so that a
// renamed heading does not silently leave a seat without its text.
func TestEveryPartOfAShippedScopeFindsAClause(t *testing.T) {
	t.Parallel()
	clauses, err := engagement.Split(embedded(t, "contract.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Playbooks() {
		pb, _, err := Shipped(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range pb.Steps {
			for _, seat := range s.Policy.Seats() {
				for _, part := range seat.Scope {
					if len(engagement.Scope([]string{part}).Resolve(clauses)) == 0 {
						t.Errorf("%s, seat %s: %q finds nothing", name, seat.ID, part)
					}
				}
			}
		}
	}
}

func TestExampleFilesFitTheirPlaybooks(t *testing.T) {
	t.Parallel()
	v, err := ReadIntake("vendor.yaml", embedded(t, "vendor.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if v.ContractFile != "contract.md" {
		t.Errorf("the contract is %q", v.ContractFile)
	}
	pb, _, err := Shipped(v.Intake.Playbook)
	if err != nil {
		t.Fatal(err)
	}
	people, err := ReadPeople("people.yaml", embedded(t, "people.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := CrossIntake(v, people, pb); err != nil {
		t.Error(err)
	}
	if d := cmp.Diff([]string{"england-and-wales", "germany", "us-federal"}, people.Holidays); d != "" || len(people.List) != 14 {
		t.Error(d, len(people.List))
	}
}
