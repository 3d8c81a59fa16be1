package config

import (
	"slices"
	"strings"
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/playbook"

	"github.com/google/go-cmp/cmp"
)

// withPack is the short playbook with a clause checklist of a pack.
func withPack(packs string) string {
	return strings.NewReplacer("attestations:", "packs: "+packs+"\nattestations:", "tier: 2}", "tier: 2, exit-plan: none}").Replace(short) + `
  - id: clauses
    process: contract
    kind: checklist
    does: clauses
    form: gdpr-28
    title: Clauses
    seats: [legal]
    due: 5d
`
}

func TestEveryPackThatShipsIsSound(t *testing.T) {
	t.Parallel()
	if d := cmp.Diff([]string{"commercial", "dora-30", "gdpr-28", "schools"}, packNames()); d != "" {
		t.Error(d)
	}
	seen := map[string]string{}
	for _, name := range packNames() {
		f := shippedPack(name)
		if f.ID != name || len(f.Points) < 8 {
			t.Errorf("%s: %q with %d points", name, f.ID, len(f.Points))
		}
		for _, p := range f.Points {
			if (len(p.Cues) == 0 && name != "gdpr-28") || p.Kind != "" || p.Ask == "" {
				t.Errorf("%s, %s: a clause is a place in a text, with a question, and cues where gangway knows none", name, p.ID)
			}
			if before := seen[p.ID]; before != "" {
				t.Errorf("%s is a point of %s and of %s", p.ID, before, name)
			}
			seen[p.ID] = name
		}
	}
}

// The points of Article 28 have the ids under which the collection of an agreement
// has them, so that one thing is not looked up under two names.
func TestThePackOfArticle28NamesItsPointsAsTheCollectionDoes(t *testing.T) {
	t.Parallel()
	known := []string{"gdpr-28-9"} // of the contract alone
	for _, p := range engagement.DPAPoints() {
		known = append(known, p.ID)
	}
	for _, p := range shippedPack("gdpr-28").Points {
		if !slices.Contains(known, p.ID) {
			t.Errorf("%s is a name of its own", p.ID)
		}
	}
}

func TestAPackIsTakenByItsName(t *testing.T) {
	t.Parallel()
	pb, err := ReadPlaybook("s", []byte(withPack("[gdpr-28]")))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(shippedPack("gdpr-28").Points, pb.Steps[2].Points); d != "" || pb.Steps[2].Does != playbook.DoesClauses {
		t.Error(d)
	}
	_, err = ReadPlaybook("s", []byte(withPack("[gdpr-29]")))
	if got := heads(err); !oneOf(`8:9: unknown pack "gdpr-29" (did you mean gdpr-28?)`, got) {
		t.Error(got)
	}
}

// A playbook is filed with its packs, so that what was asked can be read when other
// packs ship.
func TestAPlaybookIsGivenOutWithItsPacks(t *testing.T) {
	t.Parallel()
	text := withPacks([]byte(withPack("[gdpr-28]")))
	pb, err := ReadPlaybook("s", text)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), "title: On instructions only", "title: Only when told", 1)
	old, err := ReadPlaybook("s", []byte(changed))
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(pb.Steps[2].Points, func(p engagement.Point) bool { return p.ID == "gdpr-28-3-a" })
	if pb.Steps[2].Points[i].Title != "On instructions only" || old.Steps[2].Points[i].Title != "Only when told" {
		t.Errorf("%q, then %q", pb.Steps[2].Points[i].Title, old.Steps[2].Points[i].Title)
	}
	if string(withPacks([]byte(short))) != short {
		t.Error("a playbook without packs is given out as it is")
	}
}

// What the search proposes in the example's contract: the clause that says it, where
// there is one. What the contract says nothing of is proposed nowhere.
func TestCuesOfTheCommercialPackFindTheExamplesClauses(t *testing.T) {
	t.Parallel()
	clauses, err := engagement.Split(embedded(t, "contract.md"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"scope": "2", "deliverables": "3", "timelines": "3", "service-levels": "3", "penalties": "3", "confidentiality": "7", "payment": "5",
		"price-rises": "5", "renewal": "12", "ending": "12", "disputes": "15", "liability": "11", "subcontracting": "10", "data-return": "14", "exit-help": "13",
		"change": "", "ip": "", "insurance": "", "audit": ""}
	got := map[string]string{}
	for _, p := range engagement.ProposeFor(shippedPack("commercial").Points, clauses) {
		got[p.ID] = ""
		if len(p.Proposed) > 0 {
			got[p.ID] = p.Proposed[0]
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
