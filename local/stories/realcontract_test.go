package stories

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// realContract reads one of the real contracts that lie beside the project.
func realContract(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "documents", name))
	if err != nil {
		if os.Getenv("GANGWAY_REQUIRE") != "" {
			t.Fatalf("the real contracts are not beside the project: %v", err)
		}
		t.Skip("the real contracts are not beside the project")
	}
	return text
}

// TestRealContractsNextVersions takes real agreements and their next versions
// through the real engine: exactly the seats that read what changed, or read a
// clause that refers to it, and the one who wanted changes, are asked again.
func TestRealContractsNextVersions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, earlier, next string
		changed, fresh      []string
		again               []string // besides jonas, who wanted changes
	}{
		// Security and data protection read Confidentiality. No clause has a title
		// that finance's scope names, so finance reads the whole document.
		{"services", "services-agreement-earlier.md", "services-agreement.md", []string{"11.3"}, nil, []string{"daniel", "ruth", "ravi"}},
		// What changed in the general terms, and two new definitions that only they
		// use, are for those alone who read the whole document.
		{"cloud", "cloud-agreement-v2-first.md", "cloud-agreement-v2-april.md", []string{"12.13"}, []string{"def/embargoed-country", "def/ofac"}, []string{"ravi"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			earlier, next := realContract(t, c.earlier), realContract(t, c.next)
			h := newHouse(t)
			o := h.onboard(func(i *playbook.Intake) { i.Contract = h.file("tom", earlier) })
			o.needed()
			o.answer("jonas", "review", review.Changes)
			for _, p := range []string{"daniel", "ruth", "ravi"} {
				o.answer(p, "review", review.Approve)
			}
			o.answer("maya", playbook.ChoreSend, playbook.Sent)
			o.answer("maya", playbook.ChoreNext, review.Delivered, withDocument(h.file("maya", next)))
			o.asked("jonas", "review")
			v := o.until("the second version is in the record", func(v dossier.CaseView) bool {
				return slices.ContainsFunc(v.Documents, func(d dossier.DocumentView) bool { return d.Version == 2 })
			})
			d := v.Documents[len(v.Documents)-1]
			if d.Comparison == nil || !slices.Equal(d.Comparison.Changed, c.changed) || !slices.Equal(d.Comparison.New, c.fresh) || len(d.Comparison.Gone) > 0 {
				t.Errorf("the second version differs by %+v, want %v changed and %v new", d.Comparison, c.changed, c.fresh)
			}
			for _, person := range []string{"daniel", "ruth", "ravi"} {
				waiting, err := h.Desk.Waiting(context.Background(), as(person))
				if err != nil {
					t.Fatalf("looking at what waits for %s: %v", person, err)
				}
				if asked, want := len(waiting) > 0, slices.Contains(c.again, person); asked != want {
					t.Errorf("%s is asked again: %t, want %t", person, asked, want)
				}
			}
		})
	}
}
