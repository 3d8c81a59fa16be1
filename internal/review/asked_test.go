package review_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

const paper = "sha256:0123456789012345678901234567890123456789012345678901234567890123"

// questionnaire is a form of one of the client's people.
func questionnaire(t *testing.T, kind review.Kind) *room {
	return gather(t, policy(all("legal")), func(r *review.Request) {
		r.Kind, r.Sheet = kind, true
		r.Points = []engagement.Point{{ID: "what", Kind: engagement.PointText}, {ID: "mfa", Kind: engagement.PointYesNo},
			{ID: "proof", Kind: engagement.PointFile, Optional: true}}
	})
}

func fills(findings ...engagement.Finding) func(*review.Answer) {
	return func(a *review.Answer) { a.Findings, a.Documents = findings, []string{paper, "sheet"} }
}

func TestAFormIsFilledInWhole(t *testing.T) {
	t.Parallel()
	what, mfa := engagement.Finding{Point: "what", Said: true}, engagement.Finding{Point: "mfa", Choices: []string{"yes"}}
	proof := engagement.Finding{Point: "proof", Document: paper}
	for _, kind := range []review.Kind{review.Delivery, review.Task} {
		verdict := map[review.Kind]review.Verdict{review.Delivery: review.Delivered, review.Task: review.Done}[kind]
		for name, c := range map[string]struct {
			findings []engagement.Finding
			want     string
		}{
			"nothing":        {nil, "what mfa"},
			"one":            {[]engagement.Finding{what}, "mfa"},
			"twice":          {[]engagement.Finding{what, mfa, mfa}, "mfa"},
			"unsound":        {[]engagement.Finding{what, {Point: "mfa", Choices: []string{"perhaps"}}}, "mfa"},
			"strange":        {[]engagement.Finding{what, mfa, {Point: "shoes", Said: true}}, "shoes"},
			"optional wrong": {[]engagement.Finding{what, mfa, {Point: "proof", Said: true}}, "proof"},
			"another's file": {[]engagement.Finding{what, mfa, {Point: "proof", Document: strings.Replace(paper, "0", "f", 1)}}, "proof"},
		} {
			m := questionnaire(t, kind)
			out := m.says("Legal", verdict, fills(c.findings...))
			m.refused(out, review.NeedsFindings)
			if got := strings.Join(out.Missing, " "); got != c.want {
				t.Errorf("%s of a %s: told %q, want %q", name, kind, got, c.want)
			}
		}
		m := questionnaire(t, kind)
		m.refused(m.says("Legal", verdict, fills(what, mfa), func(a *review.Answer) { a.Documents = nil }), review.NeedsDocument)
		m.counted(m.says("Legal", verdict, fills(what, mfa)))
		m.is(review.Met)
		m = questionnaire(t, kind)
		m.counted(m.says("Legal", verdict, fills(proof, mfa, what)))
		if d := cmp.Diff(m.r, throughJSON(t, m.r)); d != "" {
			t.Errorf("through JSON (-before +after):\n%s", d)
		}
	}
}

// TestADecisionWithAForm: whoever says no has nothing to fill in.
func TestADecisionWithAForm(t *testing.T) {
	t.Parallel()
	m := questionnaire(t, review.Decision)
	m.refused(m.says("Legal", review.Approve), review.NeedsFindings)
	m.counted(m.says("Legal", review.Reject))
}

// TestExpectationsAreNoForm: what is expected of a delivery, as before there were
// forms, asks nothing of the answer.
func TestExpectationsAreNoForm(t *testing.T) {
	t.Parallel()
	m := asksVendor(t, func(r *review.Request) { r.Points = []engagement.Point{{ID: "gdpr-28-3-a"}} })
	m.counted(m.says("Vera", review.Delivered, withDocument))
	m.is(review.Met)
}

func scores(points ...int) func(*review.Answer) {
	return func(a *review.Answer) {
		for i, p := range points {
			a.Scores = append(a.Scores, review.Score{Criterion: string(rune('a' + i)), Points: p})
		}
	}
}

func rates(t *testing.T, seats ...string) *room {
	return gather(t, policy(all(seats...)), func(r *review.Request) {
		r.Kind, r.Blind = review.Rating, true
		r.Criteria = []engagement.Criterion{{ID: "a", Weight: 60, Most: 5}, {ID: "b", Weight: 40, Most: 10}}
	})
}

func TestEveryCriterionOnce(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		change func(*review.Answer)
		want   string
	}{
		"nothing":   {scores(), "a b"},
		"one":       {scores(3), "b"},
		"above":     {scores(6, 10), "a"},
		"below":     {scores(5, -1), "b"},
		"a third":   {scores(5, 10, 1), "c"},
		"one twice": {func(a *review.Answer) { scores(5, 10)(a); a.Scores = append(a.Scores, a.Scores[0]) }, "a"},
	} {
		m := rates(t, "legal")
		out := m.says("Legal", review.Scored, c.change)
		m.refused(out, review.NeedsScores)
		if got := strings.Join(out.Missing, " "); got != c.want {
			t.Errorf("%s: told %q, want %q", what, got, c.want)
		}
	}
	m := rates(t, "legal")
	m.counted(m.says("Legal", review.Scored, scores(0, 10)))
	old := gather(t, policy(all("legal")), func(r *review.Request) { r.Kind = review.Rating })
	old.counted(old.says("Legal", review.Scored, scores(99)))
	other := gather(t, policy(all("legal")), func(r *review.Request) { r.Criteria = rates(t, "legal").r.Criteria })
	other.counted(other.says("Legal", review.Approve)) // a decision that shows a scorecard
}

// TestScoresAreSoundOrRefused: what counts has each criterion once, within bounds.
func TestScoresAreSoundOrRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := rates(t, "legal")
		var given []review.Score
		seen, sound := map[string]int{}, true
		for range rapid.IntRange(0, 4).Draw(rt, "scores") {
			s := review.Score{Criterion: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "criterion"), Points: rapid.IntRange(-1, 11).Draw(rt, "points")}
			given = append(given, s)
			seen[s.Criterion]++
			sound = sound && s.Points >= 0 && s.Points <= map[string]int{"a": 5, "b": 10}[s.Criterion]
		}
		sound = sound && seen["a"] == 1 && seen["b"] == 1 && seen["c"] == 0
		out := m.says("Legal", review.Scored, func(a *review.Answer) { a.Scores = given })
		if out.OK() != sound || !sound && out.Refusal != review.NeedsScores {
			rt.Fatalf("%v: %s %s", given, out.Status, out.Refusal)
		}
	})
}

// TestNobodySeesAnothersPoints: not before all have scored, and then everybody.
func TestNobodySeesAnothersPoints(t *testing.T) {
	t.Parallel()
	m := rates(t, "legal", "security")
	m.counted(m.says("Legal", review.Scored, scores(4, 7), func(a *review.Answer) { a.Documents = []string{paper} }))
	before := m.r.Clone()
	for viewer, sees := range map[string]bool{"Legal": true, "Security": false, "Olga": false, "Rita": false, "": false} {
		r := m.r.SeenBy(viewer, m.now)
		b := r.Standing("legal")
		if b == nil || (len(b.Scores) == 2) != sees || (len(b.Documents) == 1) != sees || b.Written.Empty() == sees {
			t.Errorf("%q sees %+v", viewer, b)
		}
		if d := cmp.Diff(m.r.Tally(m.now), r.Tally(m.now)); d != "" {
			t.Errorf("%q sees another tally:\n%s", viewer, d)
		}
		r.Ballots[0].Person, r.Points = "x", append(r.Points, engagement.Point{})
	}
	if d := cmp.Diff(before, m.r); d != "" {
		t.Errorf("looking changed the request (-before +after):\n%s", d)
	}
	m.counted(m.says("Security", review.Scored, scores(1, 1)))
	for _, viewer := range []string{"Legal", "Security", "Olga"} {
		if r := m.r.SeenBy(viewer, m.now); len(r.Standing("legal").Scores)+len(r.Standing("security").Scores) != 4 {
			t.Errorf("%s doesn't see what both gave, though both have scored", viewer)
		}
	}
	m.counted(m.does("Security", review.TakeBack)) // not met any more
	if r := m.r.SeenBy("Security", m.now); len(r.Standing("legal").Scores) != 0 || len(r.Ballots[1].Scores) != 2 {
		t.Errorf("who took theirs back sees %+v", r.Ballots)
	}
	m.closes("reopened") // the same people may be asked again
	if r := m.r.SeenBy("Olga", m.now); len(r.Ballots[0].Scores) != 0 {
		t.Error("the points of a request that was closed before all had scored are shown")
	}
	for why, shown := range map[string]bool{review.WhyReopened: false, review.WhyWithdrawn: false, "stopped": true} {
		m.r.Closed.Why = why
		if r := m.r.SeenBy("Olga", m.now); len(r.Ballots[0].Scores) == 2 != shown {
			t.Errorf("closed as %s, the points are shown: %v", why, !shown)
		}
	}
	open := rates(t, "legal", "security")
	open.r.Blind = false
	open.counted(open.says("Legal", review.Scored, scores(4, 7)))
	if r := open.r.SeenBy("Security", open.now); len(r.Ballots[0].Scores) != 2 {
		t.Error("points are hidden that nobody wanted hidden")
	}
}

func declares(a *review.Answer) { a.Attest = append(a.Attest, interests) }

// TestInterestsAreSaidWithTheFirstAnswer: by everybody, whatever they answer, once.
func TestInterestsAreSaidWithTheFirstAnswer(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security", "finance")), func(r *review.Request) {
		r.Declaration, r.Declared = interests, []string{"Finance"}
		r.Policy.Groups[0].Seats[0].Attest = []string{"read"}
	})
	out := m.says("Legal", review.Approve)
	m.refused(out, review.NeedsInterest)
	if !slices.Equal(out.Missing, []string{interests}) {
		t.Errorf("told %v", out.Missing)
	}
	m.refused(m.says("Legal", review.Reject), review.NeedsInterest)
	m.refused(m.says("Legal", review.Approve, declares), review.NeedsAttest) // of another kind
	m.counted(m.says("Legal", review.Changes, declares))
	m.counted(m.does("Legal", review.TakeBack))
	m.counted(m.says("Legal", review.Approve, confirming("read"))) // said once is enough
	m.counted(m.says("Finance", review.Approve))
	m.fold(review.Fact{Kind: review.FactDeclared, Request: m.r.ID, At: m.now, Person: "Security"})
	m.fold(review.Fact{Kind: review.FactDeclared, Request: m.r.ID, At: m.now, Person: "Security"})
	m.counted(m.says("Security", review.Approve))
	if !slices.Equal(m.r.Declared, []string{"Finance", "Legal", "Security"}) {
		t.Errorf("declared: %v", m.r.Declared)
	}
	before := m.r.Clone()
	m.fold(review.Fact{Kind: review.FactUndeclared, Request: m.r.ID, At: m.now, Person: "Legal"})
	if !slices.Equal(m.r.Declared, []string{"Finance", "Security"}) || !slices.Equal(before.Declared, []string{"Finance", "Legal", "Security"}) {
		t.Errorf("a year later: %v of %v", m.r.Declared, before.Declared)
	}
	m.counted(m.does("Legal", review.TakeBack))
	m.refused(m.says("Legal", review.Approve, confirming("read")), review.NeedsInterest)
	m.counted(m.says("Legal", review.Approve, confirming("read"), declares))
	copied := m.r.Clone()
	copied.Declared[0] = "x"
	if m.r.Declared[0] != "Finance" {
		t.Error("a clone shares who declared")
	}
}

// TestTheVendorSaysItsInterestsElsewhere: a contact is not asked, the owner who files
// for them is.
func TestTheVendorSaysItsInterestsElsewhere(t *testing.T) {
	t.Parallel()
	m := asksVendor(t, func(r *review.Request) { r.Declaration = interests })
	m.counted(m.says("Vera", review.Delivered, withDocument))
	m = asksVendor(t, func(r *review.Request) { r.Declaration = interests })
	m.refused(m.says("Olga", review.Delivered, forVendor, withDocument), review.NeedsInterest)
	m.counted(m.says("Olga", review.Delivered, forVendor, withDocument, declares))
	none := gather(t, policy(all("legal")))
	none.counted(none.says("Legal", review.Approve, declares, confirming("")))
	if len(none.r.Declared) != 0 {
		t.Errorf("declared where nobody asks: %v", none.r.Declared)
	}
}

// TestWhoHasTheCompetencesComesFirst: before backups and the order of the people file,
// after who is there.
func TestWhoHasTheCompetencesComesFirst(t *testing.T) {
	t.Parallel()
	knows := func(id string, what ...string) review.Person {
		return review.Person{ID: id, Active: true, Competences: what}
	}
	role := func(p review.Person) review.Candidate { return review.Candidate{Person: p, Via: review.ViaRole} }
	backup := func(p review.Person) review.Candidate {
		return review.Candidate{Person: p, Via: review.ViaBackup, For: "Ann"}
	}
	away := func(c review.Candidate) review.Candidate { c.Away = friday; return c }
	for what, c := range map[string]struct {
		bench []review.Candidate
		want  string
		lacks string
	}{
		"the second of the role": {[]review.Candidate{role(knows("Ann", "law")), role(knows("Bob", "law", "iso-27001"))}, "Bob", ""},
		"a backup":               {[]review.Candidate{role(knows("Ann")), backup(knows("Cleo", "iso-27001", "law", "tax"))}, "Cleo", ""},
		"nobody has all":         {[]review.Candidate{role(knows("Ann", "law")), backup(knows("Cleo", "iso-27001"))}, "Ann", "iso-27001"},
		"who has all is away":    {[]review.Candidate{role(knows("Ann")), away(role(knows("Bob", "law", "iso-27001")))}, "Ann", "law iso-27001"},
		"all are away":           {[]review.Candidate{away(role(knows("Ann"))), away(role(knows("Bob", "law", "iso-27001")))}, "Bob", ""},
	} {
		m := gather(t, policy(all("audit")), func(r *review.Request) {
			r.Policy.Groups[0].Seats[0].Competence, r.Seatings[0].Holders = []string{"law", "iso-27001"}, nil
		})
		m.fold(m.r.Assign([]review.Bench{{Seat: "audit", Candidates: c.bench}}, m.now)...)
		hs := m.r.Seating("audit").Holders
		if len(hs) != 1 || hs[0].Person != c.want || strings.Join(hs[0].Lacks, " ") != c.lacks {
			t.Errorf("%s: %+v, want %s lacking %q", what, hs, c.want, c.lacks)
		}
		m.counted(m.says(c.want, review.Approve)) // it is said, and refuses nobody
	}
}

func TestWhoGetsASeatPassedOnMayLackToo(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("audit")), func(r *review.Request) { r.Policy.Groups[0].Seats[0].Competence = []string{"law"} })
	m.people["Dora"] = review.Person{ID: "Dora", Active: true, Competences: []string{"law"}}
	m.counted(m.passes("Audit", "Emil", "audit", friday))
	m.counted(m.passes("Audit", "Dora", "audit", friday))
	got := map[string][]string{}
	for _, h := range m.r.Seating("audit").Holders {
		got[h.Person] = h.Lacks
	}
	if d := cmp.Diff(map[string][]string{"Audit": nil, "Emil": {"law"}, "Dora": nil}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	copied := m.r.Clone()
	copied.Seating("audit").Holders[1].Lacks[0] = "x"
	if m.r.Seating("audit").Holders[1].Lacks[0] != "law" {
		t.Error("a clone shares what is lacked")
	}
}

// TestCompetenceNeverCostsASeat: as many seats are filled as without it.
func TestCompetenceNeverCostsASeat(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		seats := rapid.IntRange(1, 4).Draw(rt, "seats")
		var ids []string
		for i := range seats {
			ids = append(ids, fmt.Sprint("s", i))
		}
		var benches []review.Bench
		for _, id := range ids {
			b := review.Bench{Seat: id}
			for range rapid.IntRange(0, 3).Draw(rt, "candidates") {
				p := review.Person{ID: fmt.Sprint("p", rapid.IntRange(0, 4).Draw(rt, "person")), Active: true}
				if p.ID > "p2" {
					p.Competences = []string{"law"}
				}
				b.Candidates = append(b.Candidates, review.Candidate{Person: p, Via: review.ViaRole})
			}
			benches = append(benches, b)
		}
		fill := func(competence []string) int {
			m := gather(t, policy(all(ids...)), func(r *review.Request) {
				for i := range r.Seatings {
					r.Policy.Groups[0].Seats[i].Competence, r.Seatings[i].Holders = competence, nil
				}
			})
			return len(m.r.Assign(benches, m.now))
		}
		if with, without := fill([]string{"law"}), fill(nil); with != without {
			rt.Fatalf("%d of %d seats are filled, %d where nobody asks for a competence", with, seats, without)
		}
	})
}

func confirming(ids ...string) func(*review.Answer) {
	return func(a *review.Answer) { a.Attest = ids }
}
