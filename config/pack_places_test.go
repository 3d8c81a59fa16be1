package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
)

// byHand is what somebody finds who reads a contract for the points of a pack: places
// that say it, apart by blanks; a point that is not named is not in the contract. A
// place stands for all below it.
type byHand struct {
	document, pack string
	places         map[string]string
	// right, of all points that are there, have a right place proposed first; strays are
	// the places proposed that nobody would name. These are what is measured now: the
	// search may get better, and no worse.
	right, strays int
}

// The commercial pack's cues were tuned on the first four contracts, so their numbers
// are the best that can be had; the agreement on data was used for no cue of its pack.
func readings() []byHand {
	return []byHand{
		{"services-agreement.md", "commercial", map[string]string{"scope": "1.1", "change": "1.3 12.2", "deliverables": "1.4 2.1", "confidentiality": "11", "ip": "2", "payment": "4",
			"ending": "5.2 5.3", "disputes": "12.3", "liability": "8 9", "insurance": "10", "subcontracting": "1.5", "data-return": "5.3.c"}, 12, 3},
		{"cloud-agreement-v2-november.md", "commercial", map[string]string{"scope": "1.1 1.2", "change": "12.2", "confidentiality": "10", "ip": "11 1.4 1.5 2.1", "payment": "4", "renewal": "5.1",
			"ending": "5.1 5.3 5.4 5.5", "disputes": "12.3", "liability": "8 9", "data-return": "5.5.b 5.5.c"}, 10, 3},
		{"service-level-agreement.md", "commercial", map[string]string{"service-levels": "1 2", "penalties": "3", "ending": "3.4", "liability": "3.5"}, 4, 7},
		{"mutual-nda.md", "commercial", map[string]string{"change": "11", "confidentiality": "1 2 3 4 6", "ip": "7", "ending": "5", "disputes": "9", "data-return": "6"}, 6, 0},
		{"data-processing-agreement.md", "gdpr-28", map[string]string{"gdpr-28-3-subject": "2.1 2.3", "gdpr-28-3-a": "2.2", "gdpr-28-3-c": "5.2", "gdpr-28-3-d": "2.6.a 3.2.c.ii", "gdpr-28-4": "2.6.b 2.6.c 2.6.d",
			"gdpr-28-3-e": "6.1", "gdpr-28-3-f": "4.1 6.2", "gdpr-28-3-g": "7.2.a", "gdpr-28-3-h": "5.1", "gdpr-28-9": "10.1"}, 9, 0},
	}
}

// TestPlacesOfThePacksInRealContracts: what a search proposes for the packs that ship,
// beside what somebody found by hand.
func TestPlacesOfThePacksInRealContracts(t *testing.T) {
	t.Parallel()
	for _, by := range readings() {
		text, err := os.ReadFile(filepath.Join("..", "..", "shared", "documents", by.document))
		if os.IsNotExist(err) && os.Getenv("GANGWAY_REQUIRE") == "" {
			t.Skipf("the real contracts are not beside this repository (GANGWAY_REQUIRE=1 makes this a failure): %v", err)
		}
		if err != nil {
			t.Fatal(err)
		}
		clauses, err := engagement.Split(text)
		if err != nil {
			t.Fatal(err)
		}
		right, strays := 0, 0
		var lost, stray []string
		for _, p := range engagement.ProposeFor(shippedPack(by.pack).Points, clauses) {
			there := strings.Fields(by.places[p.ID])
			says := func(place string) bool {
				return slices.ContainsFunc(there, func(x string) bool { return place == x || strings.HasPrefix(place, x+".") })
			}
			switch {
			case len(p.Proposed) > 0 && says(p.Proposed[0]):
				right++
			case len(there) > 0:
				lost = append(lost, p.ID)
			}
			for _, place := range p.Proposed {
				if !says(place) {
					strays++
					stray = append(stray, p.ID+" "+place)
				}
			}
		}
		t.Logf("%s for %s: %d of %d points are right (not: %v), %d places are strays (%s)", by.document, by.pack, right, len(by.places), lost, strays, strings.Join(stray, ", "))
		if right < by.right || strays > by.strays {
			t.Errorf("%s for %s: %d of %d points are right, want %d (not: %v); %d places are strays, want at most %d (%s)",
				by.document, by.pack, right, len(by.places), by.right, lost, strays, by.strays, strings.Join(stray, ", "))
		}
	}
}

// TestPlacesOfWhatOutlivesAContract: where the checklist of an exit that ships proposes
// places in real contracts, the best of them is one that a reader would name.
func TestPlacesOfWhatOutlivesAContract(t *testing.T) {
	t.Parallel()
	pb, _, err := Shipped("whole")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(pb.Steps, func(s playbook.Step) bool { return s.Does == exit.DoesSurvival })
	for document, places := range map[string]map[string]string{
		"services-agreement.md":          {"confidentiality": "5.4 11", "ip": "2", "liability": "8 9", "records": "5.4"},
		"cloud-agreement-v2-november.md": {"confidentiality": "5.6 10", "liability": "8 9", "records": "5.6"},
		"mutual-nda.md":                  {"confidentiality": "2 5 6", "ip": "7", "records": "6"},
		"data-processing-agreement.md":   {"audit": "5", "liability": "8"},
	} {
		text, err := os.ReadFile(filepath.Join("..", "..", "shared", "documents", document))
		if os.IsNotExist(err) && os.Getenv("GANGWAY_REQUIRE") == "" {
			t.Skipf("the real contracts are not beside this repository (GANGWAY_REQUIRE=1 makes this a failure): %v", err)
		}
		if err != nil {
			t.Fatal(err)
		}
		clauses, err := engagement.Split(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range engagement.ProposeFor(pb.Steps[i].Points, clauses) {
			there, named := places[p.ID]
			right := len(p.Proposed) > 0 && slices.ContainsFunc(strings.Fields(there), func(x string) bool { return p.Proposed[0] == x || strings.HasPrefix(p.Proposed[0], x+".") })
			if named && !right {
				t.Errorf("%s: of %s the search proposes %q, and a reader %q", document, p.ID, p.Proposed, there)
			}
		}
	}
}
