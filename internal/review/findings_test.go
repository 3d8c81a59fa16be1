package review_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// checks is a checklist of two places and two dates, asked of Legal.
func checks(t *testing.T) *room {
	return gather(t, policy(all("legal")), func(r *review.Request) {
		r.Kind = review.Checklist
		r.Points = []engagement.Point{{ID: "a"}, {ID: "b", Optional: true}, {ID: "ends", Dated: true}, {ID: "again", Dated: true, Optional: true}}
	})
}

// sound is findings that are complete.
func sound() []engagement.Finding {
	return []engagement.Finding{{Point: "again", On: friday}, {Point: "a", Places: []string{"5.2", "def/personal-data"}}, {Point: "b", Missing: true},
		{Point: "ends", Places: []string{"14.1"}}}
}

func found(f ...engagement.Finding) func(*review.Answer) {
	return func(a *review.Answer) { a.Findings = f }
}

func TestAChecklistIsAnswered(t *testing.T) {
	t.Parallel()
	m := checks(t)
	m.refused(m.says("Legal", review.Approve), review.WrongVerdict)
	m.counted(m.says("Legal", review.Checked, found(sound()...)))
	m.is(review.Met)
	if d := cmp.Diff(sound(), m.r.Standing("legal").Findings); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
}

// TestEveryPointNeedsOneFinding: whatever is left out, twice, unknown or unclear is
// named, and nothing counts.
func TestEveryPointNeedsOneFinding(t *testing.T) {
	t.Parallel()
	many := slices.Repeat([]string{"1"}, 11)
	for what, c := range map[string]struct {
		change func([]engagement.Finding) []engagement.Finding
		want   []string
	}{
		"nothing":                  {func([]engagement.Finding) []engagement.Finding { return nil }, []string{"a", "b", "ends", "again"}},
		"one left out":             {func(f []engagement.Finding) []engagement.Finding { return f[:3] }, []string{"ends"}},
		"an optional one left out": {func(f []engagement.Finding) []engagement.Finding { return append(f[:2], f[3]) }, []string{"b"}},
		"twice":                    {func(f []engagement.Finding) []engagement.Finding { return append(f, f[1]) }, []string{"a"}},
		"twice, once missing": {func(f []engagement.Finding) []engagement.Finding {
			return append(f, engagement.Finding{Point: "a", Missing: true})
		}, []string{"a"}},
		"unknown": {func(f []engagement.Finding) []engagement.Finding {
			return append(f, engagement.Finding{Point: "z", Missing: true})
		}, []string{"z"}},
		"no place":             {func(f []engagement.Finding) []engagement.Finding { f[1].Places = nil; return f }, []string{"a"}},
		"an empty place":       {func(f []engagement.Finding) []engagement.Finding { f[1].Places = []string{"5.2", ""}; return f }, []string{"a"}},
		"a blank place":        {func(f []engagement.Finding) []engagement.Finding { f[1].Places = []string{" "}; return f }, []string{"a"}},
		"a place of two lines": {func(f []engagement.Finding) []engagement.Finding { f[1].Places = []string{"5\n6"}; return f }, []string{"a"}},
		"an endless place": {func(f []engagement.Finding) []engagement.Finding {
			f[1].Places = []string{strings.Repeat("x", 201)}
			return f
		}, []string{"a"}},
		"a sentence for a place": {func(f []engagement.Finding) []engagement.Finding {
			f[1].Places = []string{"see the mail of Vera"}
			return f
		}, []string{"a"}},
		"too many places":        {func(f []engagement.Finding) []engagement.Finding { f[1].Places = many; return f }, []string{"a"}},
		"missing, with a place":  {func(f []engagement.Finding) []engagement.Finding { f[2].Places = []string{"1"}; return f }, []string{"b"}},
		"missing, with a date":   {func(f []engagement.Finding) []engagement.Finding { f[0].Missing = true; return f }, []string{"again"}},
		"a date without asking":  {func(f []engagement.Finding) []engagement.Finding { f[1].On = friday; return f }, []string{"a"}},
		"neither date nor place": {func(f []engagement.Finding) []engagement.Finding { f[3].Places = nil; return f }, []string{"ends"}},
	} {
		m := checks(t)
		out := m.says("Legal", review.Checked, found(c.change(sound())...))
		m.refused(out, review.NeedsFindings)
		if !slices.Equal(out.Missing, c.want) {
			t.Errorf("%s: told %v, want %v", what, out.Missing, c.want)
		}
		m.is(review.Open)
	}
}

// TestWhatGoesToTheVendorNeedsWordsForThem: a reason for inside alone would leave
// the vendor without a word.
func TestWhatGoesToTheVendorNeedsWordsForThem(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("olga")), func(r *review.Request) {
		r.Kind, r.Options, r.ToVendor = review.Task, []review.Verdict{"ask-vendor", "refuse"}, []review.Verdict{"ask-vendor"}
	})
	m.refused(m.says("Olga", "ask-vendor"), review.NeedsWords)
	m.counted(m.says("Olga", "ask-vendor", func(a *review.Answer) { a.Written = review.Written{Vendor: "digest"} }))
	m.counted(m.does("Olga", review.TakeBack))
	m.counted(m.says("Olga", "refuse"))
}

func TestADateMayNameItsPlaceAsWell(t *testing.T) {
	t.Parallel()
	m := checks(t)
	f := sound()
	f[3].On = friday
	m.counted(m.says("Legal", review.Checked, found(f...)))
}

// TestOnlyAChecklistTakesFindings: the other kinds ignore none of their own rules
// because of them, and a checklist without points is answered by nobody's words.
func TestChecklistOfNothing(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal")), func(r *review.Request) { r.Kind = review.Checklist })
	m.refused(m.says("Legal", review.Checked, found(engagement.Finding{Point: "a", Missing: true})), review.NeedsFindings)
	m.counted(m.says("Legal", review.Checked))
}

// TestFindingsAreNobodyElsesMemory: what is folded is not the caller's.
func TestFindingsAreNobodyElsesMemory(t *testing.T) {
	t.Parallel()
	m := checks(t)
	f := sound()
	m.counted(m.says("Legal", review.Checked, found(f...)))
	copied := m.r.Clone()
	f[1].Places[0] = "another"
	copied.Ballots[0].Findings[1].Places[1], copied.Ballots[0].Findings[2].Point = "another", "c"
	copied.Points[0].Title, copied.Filers = "another", append(copied.Filers, "x")
	if d := cmp.Diff(sound(), m.r.Ballots[0].Findings); d != "" || m.r.Points[0].Title != "" {
		t.Errorf("shared (-want +got):\n%s", d)
	}
	if d := cmp.Diff(m.r, throughJSON(t, m.r)); d != "" {
		t.Errorf("through JSON (-before +after):\n%s", d)
	}
}

func ExampleRefusal_Sentence() {
	fmt.Println(review.NeedsFindings.Sentence())
	// Output: Every point needs one finding: where it stands, that it is missing, or its date.
}

// A date that is farther ahead than its point lets it be does not count, and the answer
// says which; the words say what to do. Other verdicts need no form.
func TestADateThatIsTooFarAhead(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal")), func(r *review.Request) {
		r.Kind, r.Sheet, r.Options = review.Task, true, []review.Verdict{"extend", "remove"}
		r.Points = []engagement.Point{{ID: "until", Kind: engagement.PointDate, MostDays: 10}}
	})
	until := func(days int) func(*review.Answer) {
		return func(a *review.Answer) {
			a.Documents = []string{"sheet"}
			a.Findings = []engagement.Finding{{Point: "until", On: m.now.Truncate(24*time.Hour).AddDate(0, 0, days)}}
		}
	}
	out := m.says("Legal", "extend", until(11))
	m.refused(out, review.TooFar)
	if !slices.Equal(out.Missing, []string{"until"}) || !strings.Contains(out.Refusal.Sentence(), "earlier day") {
		t.Errorf("told %v: %s", out.Missing, out.Refusal.Sentence())
	}
	m.counted(m.says("Legal", "extend", until(10)))
}
