package engagement

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// contract reads one of the real contracts, which lie beside the repository and not in it.
func contract(t *testing.T, name string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			break
		}
		dir = parent
	}
	text, err := os.ReadFile(filepath.Join(dir, "..", "shared", "documents", name))
	if err != nil {
		if os.Getenv("GANGWAY_REQUIRE") != "" {
			t.Fatalf("reading a real contract: %v", err)
		}
		t.Skipf("the real contracts are not beside this repository (GANGWAY_REQUIRE=1 makes this a failure): %v", err)
	}
	return text
}

func split(t *testing.T, text string) []Clause {
	t.Helper()
	cs, err := Split([]byte(text))
	if err != nil {
		t.Fatalf("splitting %q: %v", head(text, 80), err)
	}
	return cs
}

func splitContract(t *testing.T, name string) []Clause {
	t.Helper()
	return split(t, string(contract(t, name)))
}

func refs(cs []Clause) []string {
	var refs []string
	for _, c := range cs {
		refs = append(refs, c.Ref)
	}
	return refs
}

func find(t *testing.T, cs []Clause, ref string) Clause {
	t.Helper()
	for _, c := range cs {
		if c.Ref == ref {
			return c
		}
	}
	t.Fatalf("no clause %s among %v", ref, refs(cs))
	return Clause{}
}

func expect(t *testing.T, got Comparison, changed, added, gone []string) {
	t.Helper()
	want := Comparison{Changed: changed, New: added, Gone: gone, Same: got.Same}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the comparison differs (-want +got):\n%s", diff)
	}
}

func TestServicesAgreementChangesRequiredDisclosuresOnly(t *testing.T) {
	t.Parallel()
	old, new := splitContract(t, "services-agreement-earlier.md"), splitContract(t, "services-agreement.md")
	cmp := Compare(old, new)
	expect(t, cmp, []string{"11.3"}, nil, nil)
	if cmp.Same != len(new)-1 {
		t.Errorf("%d of %d clauses are the same, want all but one", cmp.Same, len(new))
	}
	if title := find(t, new, "11.3").Title; title != "Required Disclosures" {
		t.Errorf("11.3 is %q, want Required Disclosures", title)
	}
	for _, seat := range []struct {
		name  string
		scope Scope
		asked bool
	}{
		{"confidentiality by number", Scope{"11"}, true},
		{"confidentiality by title", Scope{"title:confidentiality"}, true},
		{"the clause itself", Scope{"title:Required Disclosures"}, true},
		{"the whole document", nil, true},
		{"payment", Scope{"4"}, false},
		{"clause 1, not 11", Scope{"1"}, false},
		{"privacy", Scope{"title:privacy & security"}, false},
		{"liability, which names Section 11", Scope{"8"}, true},
		{"definitions", Scope{"def/*"}, false},
	} {
		for _, side := range [][]Clause{old, new} {
			if got := Touched(seat.scope.Resolve(side), side, cmp); got != seat.asked {
				t.Errorf("%s: asked again %v, want %v", seat.name, got, seat.asked)
			}
		}
		same := ScopeDigest(seat.scope.Resolve(old), old) == ScopeDigest(seat.scope.Resolve(new), new)
		if same == seat.asked {
			t.Errorf("%s: the digests of what is read are equal %v, but asked again is %v", seat.name, same, seat.asked)
		}
	}
}

func TestCloudAgreementAprilChangesExportControls(t *testing.T) {
	t.Parallel()
	old, new := splitContract(t, "cloud-agreement-v2-first.md"), splitContract(t, "cloud-agreement-v2-april.md")
	cmp := Compare(old, new)
	expect(t, cmp, []string{"12.13"}, []string{"def/embargoed-country", "def/ofac"}, nil)
	for scope, asked := range map[string]bool{"12": true, "title:export controls": true, "def/*": true, "4": false, "9": false} {
		if got := Touched(Scope{scope}.Resolve(new), new, cmp); got != asked {
			t.Errorf("scope %s: asked again %v, want %v", scope, got, asked)
		}
	}
}

func TestCloudAgreementNovemberChangesExceptionsAndStandardTerms(t *testing.T) {
	t.Parallel()
	old, new := splitContract(t, "cloud-agreement-v2-april.md"), splitContract(t, "cloud-agreement-v2-november.md")
	cmp := Compare(old, new)
	expect(t, cmp, []string{"8.4", "def/standard-terms"}, nil, nil)
	// 12.5 says "Agreement", which means the Framework Terms, which mean the Standard Terms.
	for scope, asked := range map[string]bool{"8": true, "12.5": true, "title:user accounts": true, "12.10": false, "12.8": false} {
		if got := Touched(Scope{scope}.Resolve(new), new, cmp); got != asked {
			t.Errorf("scope %s: asked again %v, want %v", scope, got, asked)
		}
	}
}

func TestContractsCompareEqualWithThemselves(t *testing.T) {
	t.Parallel()
	for _, name := range contractNames() {
		cs := splitContract(t, name)
		if got := Compare(cs, cs); !got.Empty() || got.Same != len(cs) || got.Moved != nil {
			t.Errorf("%s differs from itself: %+v", name, got)
		}
	}
}

func contractNames() []string {
	return []string{"services-agreement-earlier.md", "services-agreement.md", "cloud-agreement-v2-first.md", "cloud-agreement-v2-april.md",
		"cloud-agreement-v2-november.md", "data-processing-agreement.md", "mutual-nda.md", "service-level-agreement.md"}
}

// The ids that the documents carry in their own markup are a second opinion on refs.
func TestRefsAgreeWithTheIdsInTheDocument(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"cloud-agreement-v2-first.md", "cloud-agreement-v2-april.md", "service-level-agreement.md"} {
		checked := 0
		for _, c := range splitContract(t, name) {
			_, after, ok := strings.Cut(c.Source, ` id="`)
			if !ok || isDefinition(c.Ref) {
				continue
			}
			id, _, _ := strings.Cut(after, `"`)
			if id == "5.4.b" && c.Ref == "5.6.b" {
				continue // the document's own slip
			}
			checked++
			if id != c.Ref {
				t.Errorf("%s: clause %s carries the id %s", name, c.Ref, id)
			}
		}
		if checked < 13 {
			t.Errorf("%s: only %d ids were compared", name, checked)
		}
	}
}

func TestMutualNDA(t *testing.T) {
	t.Parallel()
	cs := splitContract(t, "mutual-nda.md")
	if diff := cmp.Diff([]string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}, refs(cs)); diff != "" {
		t.Errorf("refs differ (-want +got):\n%s", diff)
	}
	if got := find(t, cs, "9").Title; got != "Governing Law and Jurisdiction" {
		t.Errorf("9 is titled %q", got)
	}
	if got := find(t, cs, "4").Uses; !slices.Equal(got, []string{"1"}) {
		t.Errorf("4 uses %v, want 1, which defines the parties in passing", got)
	}
}

func TestDataProcessingAgreement(t *testing.T) {
	t.Parallel()
	cs := splitContract(t, "data-processing-agreement.md")
	got := refs(cs)
	for _, ref := range []string{"2.6.d", "3.2.c.i", "3.2.c.iv", "3.2.c.vii", "3.3.a", "7.2.b", "11", "def/european-economic-area", "def/uk-addendum"} {
		if !slices.Contains(got, ref) {
			t.Errorf("no clause %s", ref)
		}
	}
	if find(t, cs, "3.3.a").Uses[0] != "3.2" {
		t.Errorf("3.3.a uses %v, want 3.2 first", find(t, cs, "3.3.a").Uses)
	}
	if uses := find(t, cs, "3.4").Uses; !slices.Contains(uses, "def/european-economic-area") {
		t.Errorf("3.4 uses %v, want the definition behind EEA", uses)
	}
	definitions := Scope{"def/*"}.Resolve(cs)
	if len(definitions) != 20 {
		t.Errorf("%d definitions, want 20", len(definitions))
	}
}

func TestServiceLevelAgreement(t *testing.T) {
	t.Parallel()
	want := []string{"0", "1", "1.1", "1.2", "2", "2.1", "2.2", "3", "3.1", "3.2", "3.2.a", "3.2.b", "3.3", "3.4", "3.5", "4",
		"def/available-minutes", "def/downtime-minutes", "def/excluded-minutes", "def/service-credit", "def/sla", "def/sla-standard-terms"}
	got := refs(splitContract(t, "service-level-agreement.md"))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("refs differ (-want +got):\n%s", diff)
	}
}

// Hard line breaks, as mail programs put them in, change nothing.
func TestWrappedContractsAreTheSame(t *testing.T) {
	t.Parallel()
	for _, name := range contractNames() {
		text := string(contract(t, name))
		for _, width := range []int{60, 73, 80, 97} {
			old, new := split(t, text), split(t, wrap(text, width))
			if got := Compare(old, new); !got.Empty() || got.Moved != nil {
				t.Errorf("%s wrapped at %d differs: %+v", name, width, got)
			}
		}
	}
}

// wrap breaks lines at blanks and indents what follows as its line was.
func wrap(text string, width int) string {
	var b strings.Builder
	for _, line := range strings.Split(text, "\n") {
		words := strings.TrimLeft(line, " ")
		indent := strings.Repeat(" ", len(line)-len(words))
		column := len(indent)
		b.WriteString(indent)
		for i, word := range strings.Fields(words) {
			if i > 0 && column+len(word) >= width {
				b.WriteString("\n   " + indent)
				column = len(indent) + 3
			} else if i > 0 {
				b.WriteByte(' ')
				column++
			}
			b.WriteString(word)
			column += len(word)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
