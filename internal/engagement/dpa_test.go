package engagement

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// proposed splits a document and gives what is proposed for each point.
func proposed(t *testing.T, text string) map[string][]string {
	t.Helper()
	clauses, err := Split([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, p := range Propose(clauses) {
		found[p.ID] = p.Proposed
	}
	return found
}

func shared(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "documents", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestThePlacesOfARealAgreement: what somebody finds who reads the agreement, beside
// what is proposed. The first of the proposals must be among what was found.
//
// The agreement says nothing of the confidentiality of those who process, leaves the
// security measures to an annex and a "Security Policy" (5.2 mentions it), and has no
// date to look at it again: there nothing may be proposed, or the mention alone.
func TestThePlacesOfARealAgreement(t *testing.T) {
	t.Parallel()
	byHand := map[string][]string{
		"gdpr-28-3-subject":  {"2.1"},
		"gdpr-28-3-duration": {"2.1", "2.3", "10.1"},
		"gdpr-28-3-purpose":  {"2.1", "2.3"},
		"gdpr-28-3-data":     {"2.1", "2.3"},
		"gdpr-28-3-subjects": {"2.1", "2.3"},
		"gdpr-28-3-rights":   {"2.4", "2.5", "2.2", "5.1"},
		"gdpr-28-3-a":        {"2.2"},
		"gdpr-28-3-b":        nil,
		"gdpr-28-3-c":        {"5.2"},
		"gdpr-28-3-d":        {"2.6.a", "3.2.c.ii"},
		"gdpr-28-4":          {"2.6.b", "2.6.c", "2.6.d"},
		"gdpr-28-3-e":        {"6.1"},
		"gdpr-28-3-f":        {"4.1", "6.2"},
		"gdpr-28-3-g":        {"7.2.a"},
		"gdpr-28-3-h":        {"5.1"},
		PointEnds:            {"10.1"},
		PointLookAgain:       nil,
	}
	got := proposed(t, shared(t, "data-processing-agreement.md"))
	if len(got) != len(byHand) {
		t.Errorf("%d points, %d looked for by hand", len(got), len(byHand))
	}
	strays := 0
	for point, places := range byHand {
		switch {
		case len(places) == 0 && len(got[point]) > 0:
			t.Errorf("%s: %v is proposed, and it says nothing of it", point, got[point])
		case len(places) > 0 && (len(got[point]) == 0 || !slices.Contains(places, got[point][0])):
			t.Errorf("%s: proposed %v, found by hand %v", point, got[point], places)
		}
		for _, p := range got[point] {
			if !slices.Contains(places, p) {
				strays++
			}
		}
	}
	for point, both := range map[string][]string{"gdpr-28-3-f": {"4.1", "6.2"}, "gdpr-28-3-d": {"2.6.a"}} {
		for _, p := range both {
			if !slices.Contains(got[point], p) {
				t.Errorf("%s: %s is not among %v", point, p, got[point])
			}
		}
	}
	if strays > 1 {
		t.Errorf("%d places are proposed that nobody would name: %v", strays, got)
	}
}

// TestOtherContractsAreNoDPA: only the agreement looks like one, by a wide margin.
func TestOtherContractsAreNoDPA(t *testing.T) {
	t.Parallel()
	found := func(name string) (points []Point, n int) {
		clauses, err := Split([]byte(shared(t, name)))
		if err != nil {
			t.Fatal(err)
		}
		points = Propose(clauses)
		for _, p := range points {
			if len(p.Proposed) > 0 && !p.Dated {
				n++
			}
		}
		return points, n
	}
	points, dpa := found("data-processing-agreement.md")
	if !LooksLikeDPA(points) || dpa < 13 {
		t.Errorf("the agreement itself: %d points", dpa)
	}
	for _, other := range []string{"mutual-nda.md", "service-level-agreement.md", "services-agreement.md", "services-agreement-earlier.md",
		"cloud-agreement-v2-first.md", "cloud-agreement-v2-november.md"} {
		if points, n := found(other); LooksLikeDPA(points) || 2*n >= dpa {
			t.Errorf("%s: %d points", other, n)
		}
	}
	if LooksLikeDPA(DPAPoints()) || LooksLikeDPA(nil) {
		t.Error("nothing looks like one")
	}
}

const german = `# Vertrag zur Auftragsverarbeitung

1. Gegenstand, Art und Zweck der Verarbeitung sind in der Anlage 1 beschrieben, ebenso die Dauer der Verarbeitung, die Art der personenbezogenen Daten und die Kategorien betroffener Personen.
2. Rechte und Pflichten des Verantwortlichen: Der Verantwortliche bleibt für die Rechtmäßigkeit der Verarbeitung zuständig.
3. Der Auftragsverarbeiter verarbeitet personenbezogene Daten nur auf dokumentierte Weisung des Verantwortlichen.
4. Zur Verarbeitung befugte Personen haben sich zur Vertraulichkeit verpflichtet.
5. Der Auftragsverarbeiter trifft die geeigneten technischen und organisatorischen Maßnahmen der Anlage 2.
6. Ein weiterer Auftragsverarbeiter wird nur mit vorheriger schriftlicher Genehmigung eingesetzt; über jede beabsichtigte Änderung wird so informiert, dass der Verantwortliche Einspruch erheben kann.
7. Dem weiteren Auftragsverarbeiter werden dieselben Pflichten auferlegt; der Auftragsverarbeiter haftet für ihn.
8. Der Auftragsverarbeiter unterstützt den Verantwortlichen bei der Beantwortung von Anträgen betroffener Personen.
9. Eine Verletzung des Schutzes personenbezogener Daten wird unverzüglich gemeldet; bei einer Datenschutz-Folgenabschätzung wird unterstützt.
10. Nach Beendigung werden alle personenbezogenen Daten gelöscht oder zurückgegeben.
11. Der Auftragsverarbeiter ermöglicht Überprüfungen und Inspektionen und stellt alle Nachweise bereit.
12. Die Laufzeit beginnt am 1. Januar 2027; der Vertrag endet am 31. Dezember 2029.
13. Der Vertrag wird jährlich überprüft.
`

const french = `# Contrat de sous-traitance de données

1. L'objet du traitement, la durée du traitement, la nature et la finalité du traitement sont décrits à l'annexe I, ainsi que les catégories de données à caractère personnel et les catégories de personnes concernées.
2. Obligations et droits du responsable du traitement : il garantit la licéité du traitement.
3. Le sous-traitant ne traite les données que sur instruction documentée du responsable.
4. Les personnes autorisées à traiter les données s'engagent à la confidentialité.
5. Le sous-traitant met en œuvre les mesures techniques et organisationnelles appropriées.
6. Un sous-traitant ultérieur n'est engagé qu'avec l'autorisation écrite préalable du responsable, qui peut s'opposer à tout changement.
7. Les mêmes obligations sont imposées au sous-traitant ultérieur ; le sous-traitant demeure pleinement responsable.
8. Le sous-traitant aide le responsable à répondre aux demandes des personnes concernées.
9. Toute violation de données est notifiée dans les meilleurs délais ; le sous-traitant aide à l'analyse d'impact.
10. Au terme de la prestation, toutes les données sont supprimées ou restituées.
11. Le sous-traitant démontre le respect de ses obligations et permet la réalisation d'audits.
12. La durée du contrat est de trois ans ; il entre en vigueur le 1er janvier 2027.
13. Le contrat est revu annuellement.
`

// TestTheSameInGermanAndFrench: one agreement in two languages, written for the test
// after the words of the article, each of whose clauses is about one point.
func TestTheSameInGermanAndFrench(t *testing.T) {
	t.Parallel()
	want := map[string]string{"gdpr-28-3-subject": "1", "gdpr-28-3-duration": "1", "gdpr-28-3-purpose": "1", "gdpr-28-3-data": "1", "gdpr-28-3-subjects": "1",
		"gdpr-28-3-rights": "2", "gdpr-28-3-a": "3", "gdpr-28-3-b": "4", "gdpr-28-3-c": "5", "gdpr-28-3-d": "6", "gdpr-28-4": "7", "gdpr-28-3-e": "8",
		"gdpr-28-3-f": "9", "gdpr-28-3-g": "10", "gdpr-28-3-h": "11", PointEnds: "12", PointLookAgain: "13"}
	for language, text := range map[string]string{"German": german, "French": french} {
		for point, places := range proposed(t, text) {
			if len(places) == 0 || places[0] != want[point] {
				t.Errorf("%s, %s: proposed %v, want %s", language, point, places, want[point])
			}
		}
	}
}

func TestAHeadingAndADefinitionAreNoPlace(t *testing.T) {
	t.Parallel()
	text := "1. **Deletion or return of personal data after the end**\n\n    a. The vendor deletes or returns the personal data after the services end.\n\n" +
		"2. **Definitions**\n\n    a. **\"Audit\"** means an inspection that allows us to demonstrate compliance.\n"
	got := proposed(t, text)
	if d := cmp.Diff([]string{"1.a"}, got["gdpr-28-3-g"]); d != "" || got["gdpr-28-3-h"] != nil {
		t.Errorf("%s\n%v", d, got["gdpr-28-3-h"])
	}
}

// TestProposalsOfAnything: whatever the text, few places that exist, of each point.
func TestProposalsOfAnything(t *testing.T) {
	t.Parallel()
	var stems []string
	for _, p := range DPAPoints() {
		for _, c := range cuesOf(p.ID) {
			stems = append(stems, c.ways...)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(stems), rapid.String(), rapid.SampledFrom([]string{"\n1. ", "\n\n", ". ", "a. "})), 1, 200).Draw(t, "words")
		clauses, err := Split([]byte(strings.Join(words, " ")))
		if err != nil {
			t.Skip(err)
		}
		points := Propose(clauses)
		if d := cmp.Diff(points, Propose(clauses)); d != "" {
			t.Fatalf("proposed twice, twice different:\n%s", d)
		}
		for _, p := range points {
			seen := map[string]bool{}
			for _, ref := range p.Proposed {
				known := slices.ContainsFunc(clauses, func(c Clause) bool { return c.Ref == ref })
				if !known || seen[ref] || len(p.Proposed) > mostProposed {
					t.Fatalf("%s: %v", p.ID, p.Proposed)
				}
				seen[ref] = true
			}
		}
	})
}

// TestEveryPointIsAskedAndSoughtFor: each has words of its own and signs to be found
// by, one of which must be there.
func TestEveryPointIsAskedAndSoughtFor(t *testing.T) {
	t.Parallel()
	ids, titles := map[string]bool{}, map[string]bool{}
	for _, p := range DPAPoints() {
		if ids[p.ID] || titles[p.Title] || p.Ask == "" || !p.Dated && !strings.HasPrefix(p.Source, "Art. 28(") || p.Proposed != nil {
			t.Errorf("%+v", p)
		}
		ids[p.ID], titles[p.Title] = true, true
		if !slices.ContainsFunc(cuesOf(p.ID), func(c cue) bool { return c.must }) {
			t.Errorf("%s has no sign that must be there", p.ID)
		}
	}
	for letter := 'a'; letter <= 'h'; letter++ {
		if !ids["gdpr-28-3-"+string(letter)] {
			t.Errorf("Art. 28(3)(%c) is not looked for", letter)
		}
	}
}

func TestWhatIsLacking(t *testing.T) {
	t.Parallel()
	points := []Point{{ID: "a"}, {ID: "b"}, {ID: "c", Optional: true}, {ID: "d", Dated: true}}
	lacks := func(f ...Finding) string {
		var ids []string
		for _, p := range Lacking(points, f) {
			ids = append(ids, p.ID)
		}
		return fmt.Sprint(ids)
	}
	if got := lacks(Finding{Point: "a", Places: []string{"1"}}, Finding{Point: "b", Missing: true}, Finding{Point: "c", Missing: true}, Finding{Point: "d", Places: []string{"9"}}); got != "[b]" {
		t.Error(got)
	}
	if got := lacks(); got != "[a b d]" { // nobody looked: nothing is there
		t.Error(got)
	}
}
