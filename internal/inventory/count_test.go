package inventory

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/entitlement"
)

// some draws an account; the space is small, so that rosters and findings meet.
func some(t *rapid.T, label string) Identity {
	return Identity{Login: rapid.SampledFrom([]string{"", "ana", "Ana", "ben", "cho"}).Draw(t, label), Account: int64(rapid.IntRange(0, 3).Draw(t, label+" number"))}
}

func aFinding(t *rapid.T) Finding {
	return Finding{Place: rapid.SampledFrom(Places()).Draw(t, "place"), Identity: some(t, "whose"), ID: int64(rapid.IntRange(0, 2).Draw(t, "id")),
		Title: rapid.SampledFrom([]string{"", "deploy", "ci"}).Draw(t, "title"), Repository: rapid.SampledFrom([]string{"", "ledger", "portal"}).Draw(t, "repository"),
		LastOwner: rapid.Bool().Draw(t, "last"), Unsure: rapid.Bool().Draw(t, "unsure")}
}

func aSight(t *rapid.T) Sight {
	s := Sight{Place: rapid.SampledFrom(Places()).Draw(t, "place"), Verdict: rapid.SampledFrom([]entitlement.Verdict{entitlement.VerdictClean, entitlement.VerdictFound, entitlement.VerdictNotCheckable}).Draw(t, "verdict")}
	s.Findings = rapid.SliceOfN(rapid.Custom(aFinding), 0, 2).Draw(t, "findings")
	s.Doubts = rapid.SliceOfN(rapid.Just(entitlement.DoubtPartial), 0, 1).Draw(t, "doubts")
	return s
}

// TestNothingIsTakenFromAnybodyElse: whatever is found, what is taken away belongs to an
// account of the roster, or is named there; never to staff, never a last owner's, never a
// guess.
func TestNothingIsTakenFromAnybodyElse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := Roster{Named: []string{"deploy"}}
		r.Identities = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Identity { return some(t, "theirs") }), 0, 3).Draw(t, "roster")
		r.Staff = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Identity { return some(t, "ours") }), 0, 2).Draw(t, "staff")
		f := aFinding(t)
		if !r.Takes(f) {
			return
		}
		fits := func(i Identity) bool {
			if i.Account != 0 && f.Identity.Account != 0 {
				return i.Account == f.Identity.Account
			}
			return i.Login != "" && (i.Login == f.Identity.Login || i.Login+f.Identity.Login == "anaAna" || i.Login+f.Identity.Login == "Anaana")
		}
		nobody := f.Identity == Identity{}
		switch {
		case f.LastOwner, f.Unsure, f.Place == PlacePushes, f.Place == PlaceCodeowners:
			t.Fatal("it is never taken away")
		case !nobody && !slices.ContainsFunc(r.Identities, fits):
			t.Fatal("the account is not on the roster")
		case !nobody && slices.ContainsFunc(r.Staff, fits):
			t.Fatal("it is staff's")
		case nobody && f.Title != "deploy":
			t.Fatal("the roster does not name it")
		}
	})
}

// TestWhatNobodySawIsNeverClean: a place is clean only if it was looked at, every look
// says so, and none has a doubt; every place is told of once.
func TestWhatNobodySawIsNeverClean(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sights := rapid.SliceOfN(rapid.Custom(aSight), 0, 12).Draw(t, "sights")
		r := Roster{Identities: []Identity{{Login: "ana"}}}
		if rapid.Bool().Draw(t, "cut") {
			r.Cut = time.Unix(1, 0)
		}
		counts := r.CountsOf(sights)
		want := len(Places())
		if r.Cut.IsZero() {
			want--
		}
		if len(counts) != want {
			t.Fatalf("%d places of %d", len(counts), want)
		}
		for _, c := range counts {
			looked, found := 0, 0
			sure := true
			for _, s := range sights {
				if s.Place == c.Place {
					looked++
					found += len(s.Findings)
					sure = sure && s.Verdict != entitlement.VerdictNotCheckable && len(s.Doubts) == 0
				}
			}
			if clean := looked > 0 && found == 0 && sure; clean != (c.Verdict == entitlement.VerdictClean) || c.Found != found || c.HeldBack > c.Found {
				t.Fatalf("%+v after %d looks", c, looked)
			}
		}
	})
}

func TestWhatThePlanDoesNotName(t *testing.T) {
	t.Parallel()
	plan := "Repositories: ledger, Portal.\nApplication \"Acme CI bot\"; hook https://ci.example/x. Owner: ana."
	at := func(f Finding) []Sight { return []Sight{{Findings: []Finding{f}}} }
	for _, f := range []Finding{
		{Place: PlaceDeployKeys, Repository: "ledger", Title: "whatever"},
		{Place: PlaceCollaborators, Repository: "PORTAL", Identity: Identity{Login: "zoe"}},
		{Place: PlaceApps, Title: "acme ci bot"},
		{Place: PlaceHooks, Title: "https://ci.example/x"},
		{Place: PlaceOwners, Identity: Identity{Login: "Ana"}},
		{Place: PlaceCredentials, Identity: Identity{Login: "ana"}, Title: "SSH key"},
	} {
		if len(Unnamed(at(f), plan)) > 0 {
			t.Errorf("%+v is named", f)
		}
	}
	for _, f := range []Finding{
		{Place: PlaceDeployKeys, Repository: "ledge"}, // a part of a word is none
		{Place: PlaceDeployKeys, Repository: "wiki"},
		{Place: PlaceDeployKeys, Repository: "ledger", Unsure: true},
		{Place: PlaceOwners, Identity: Identity{Login: "zoe"}},
		{Place: PlaceCredentials, Identity: Identity{Login: "zoe"}, Title: "SSH key"},
		{Place: PlaceTeams, Identity: Identity{Login: "ana"}, Title: "crew"},
		{Place: PlaceApps, Title: "bot of others"},
		{Place: PlaceRunners},
	} {
		if len(Unnamed(at(f), plan)) != 1 {
			t.Errorf("%+v is not named", f)
		}
	}
}

// TestWhatIsNew: what had another login before is not new, what has another number is.
func TestWhatIsNew(t *testing.T) {
	t.Parallel()
	key := Finding{Place: PlaceDeployKeys, ID: 7, Title: "ci", Identity: Identity{Login: "ana", Account: 3}}
	renamed, other := key, key
	renamed.Identity.Login, other.ID = "anna", 8
	if more := Since([]Sight{{Findings: []Finding{key}}}, []Sight{{Findings: []Finding{renamed, other}}}); len(more) != 1 || more[0].ID != 8 {
		t.Error(more)
	}
}
