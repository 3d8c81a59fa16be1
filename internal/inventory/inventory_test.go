package inventory

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gangway/internal/entitlement"
)

// acme is a vendor's roster: one account is known by its number, one by its login.
func acme() Roster {
	return Roster{Vendor: "acme", Identities: []Identity{{Login: "dev-one", Account: 11}, {Login: "dev-two"}},
		Named: []string{"acme deploy", "acme.example", "https://hooks.other.example/acme/", "bot@build.example"}}
}

func TestWhoseAnAccountIs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		account int64
		login   string
		want    Match
		is      Identity
	}{
		"by number and login":      {11, "dev-one", MatchTheirs, Identity{"dev-one", 11}},
		"renamed":                  {11, "dev-uno", MatchTheirs, Identity{"dev-uno", 11}},
		"somebody took the login":  {12, "DEV-one", MatchOther, Identity{"DEV-one", 12}},
		"a place without numbers":  {0, "Dev-One", MatchLogin, Identity{"Dev-One", 11}},
		"only the login is known":  {99, "DEV-TWO", MatchTheirs, Identity{"DEV-TWO", 99}},
		"only logins are known":    {0, "dev-two", MatchTheirs, Identity{"dev-two", 0}},
		"staff":                    {7, "ann", MatchNone, Identity{"ann", 7}},
		"nobody":                   {0, "", MatchNone, Identity{}},
		"the beginning of a login": {0, "dev", MatchNone, Identity{"dev", 0}},
		"staff on the roster":      {13, "dev-three", MatchNone, Identity{"dev-three", 13}},
	} {
		r := acme()
		r.Identities = append(r.Identities, Identity{"dev-three", 13})
		r.Staff = []Identity{{Account: 13}}
		is, got := r.Whose(c.account, c.login)
		if got != c.want || is != c.is {
			t.Errorf("%s: %v %s, want %v %s", name, is, got, c.is, c.want)
		}
	}
}

func TestWhatBelongsToTheVendorByName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Acme Deploy": true, " acme deploy ": true, "acme deploy 2": false, "": false, " ": false,
		"https://ci.acme.example/push": true, "https://acme.example:8443/": true, "http://user@ci.acme.example?x=1": true, "dev@acme.example": true,
		"https://notacme.example/": false, "https://acme.example.evil.test/": false, "https://evil.test/acme.example": false, "https://evil.test/?@acme.example": false,
		"https://hooks.other.example/acme/": true, "https://hooks.other.example/acme/1": true, "https://hooks.other.example/acme?x": true,
		"https://hooks.other.example/acmes": false, "https://hooks.other.example/": false,
		"bot@build.example": true, "other@build.example": false, "acme.example": true, "ci.acme.example": false,
	} {
		if acme().Names(text) != want {
			t.Errorf("%q is the vendor's: %v", text, !want)
		}
	}
	if (Roster{Named: []string{"", " "}}).Names("") {
		t.Error("nothing is the vendor's")
	}
}

// Whoever is not on a roster is never theirs, however a roster is written.
func TestNobodyElseIsTheirs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		identity := rapid.Custom(func(t *rapid.T) Identity {
			return Identity{rapid.SampledFrom([]string{"a", "B", "c", "d-1"}).Draw(t, "login"), rapid.Int64Range(0, 4).Draw(t, "account")}
		})
		r := Roster{Identities: rapid.SliceOfN(identity, 0, 5).Draw(t, "roster")}
		of := identity.Draw(t, "account")
		is, m := r.Whose(of.Account, of.Login)
		byNumber := of.Account != 0 && slices.ContainsFunc(r.Identities, func(i Identity) bool { return i.Account == of.Account })
		byLogin := slices.ContainsFunc(r.Identities, func(i Identity) bool { return fold(i.Login) == fold(of.Login) })
		bare := slices.ContainsFunc(r.Identities, func(i Identity) bool { return i.Account == 0 && fold(i.Login) == fold(of.Login) })
		switch {
		case byNumber != (m == MatchTheirs) && !bare:
			t.Fatalf("%v in %v: %s", of, r.Identities, m)
		case bare && m != MatchTheirs, !byLogin && !byNumber && m != MatchNone, byLogin && m == MatchNone:
			t.Fatalf("%v in %v: %s", of, r.Identities, m)
		case is.Login != of.Login || of.Account != 0 && is.Account != of.Account:
			t.Fatalf("%v was asked about, %v answered", of, is)
		}
	})
}

// drawn is a sight of something.
func drawn() *rapid.Generator[Sight] {
	return rapid.Custom(func(t *rapid.T) Sight {
		p := rapid.SampledFrom([]Place{PlaceDeployKeys, PlaceCollaborators, PlacePushes}).Draw(t, "place")
		repo := rapid.Int64Range(1, 3).Draw(t, "repository")
		s := Sight{Place: p, RepositoryID: repo, Calls: rapid.IntRange(0, 3).Draw(t, "calls")}
		for range rapid.IntRange(0, 3).Draw(t, "found") {
			s.Findings = append(s.Findings, Finding{Place: p, RepositoryID: repo, ID: rapid.Int64Range(0, 3).Draw(t, "id"), Unsure: rapid.Bool().Draw(t, "unsure"),
				Identity: Identity{Login: rapid.SampledFrom([]string{"a", "A", "b"}).Draw(t, "login"), Account: rapid.Int64Range(0, 2).Draw(t, "account")}})
		}
		if rapid.IntRange(0, 4).Draw(t, "seen") == 0 {
			s.Doubts = []entitlement.Doubt{rapid.SampledFrom([]entitlement.Doubt{entitlement.DoubtHidden, entitlement.DoubtPartial}).Draw(t, "doubt")}
		}
		s.Verdict = Judge(s.Findings, s.Doubts)
		return s
	})
}

// TestNothingIsLostByMerging: whatever was found or doubted somewhere is in the sum, and
// clean is what was clean everywhere.
func TestNothingIsLostByMerging(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(drawn(), 0, 8).Draw(t, "sights")
		calls, have := 0, map[Key]bool{}
		for _, s := range all {
			calls += s.Calls
			for _, f := range s.Findings {
				have[f.Key()] = true
			}
		}
		for _, m := range Merge(all) {
			calls -= m.Calls
			for _, f := range m.Findings {
				if !have[f.Key()] {
					t.Fatalf("%v is there twice, or was never found", f)
				}
				delete(have, f.Key())
			}
			clean := true
			for _, s := range all {
				clean = clean && (s.Place != m.Place || s.Verdict == entitlement.VerdictClean)
			}
			if clean != (m.Verdict == entitlement.VerdictClean) || (len(m.Findings) > 0) != (m.Verdict == entitlement.VerdictFound) {
				t.Fatalf("%+v of %+v", m, all)
			}
		}
		if calls != 0 || len(have) > 0 {
			t.Fatalf("lost %v, %d calls", have, calls)
		}
		once := Merge(all)
		if d := cmp.Diff(once, Merge(once)); d != "" {
			t.Fatalf("merging again: %s", d)
		}
	})
}

// TestEveryFindingIsAccountedFor: of two inventories, each finding of the first is gone,
// still there or unknown, each of the second still there or new, and none twice.
func TestEveryFindingIsAccountedFor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.SliceOfN(drawn(), 0, 8).Draw(t, "before")
		after := rapid.SliceOfN(drawn(), 0, 8).Draw(t, "after")
		c := Compare(before, after)
		hold := func(what string, sights []Sight, parts ...[]Finding) {
			want := map[Key]bool{}
			for _, s := range sights {
				for _, f := range s.Findings {
					want[f.Key()] = true
				}
			}
			for _, part := range parts {
				for _, f := range part {
					if !want[f.Key()] {
						t.Fatalf("%s: %v is nowhere, or twice", what, f)
					}
					delete(want, f.Key())
				}
			}
			if len(want) > 0 {
				t.Fatalf("%s: %v is lost", what, want)
			}
		}
		hold("before", before, c.Gone, c.Still, c.Unknown)
		hold("after", after, c.Still, c.New)
		for _, f := range c.Gone { // gone is only what would have been seen
			seen := false
			for _, s := range after {
				if s.Place == f.Place && len(s.Doubts) > 0 {
					t.Fatalf("%v is called gone where nobody could see", f)
				}
				seen = seen || s.Place == f.Place
			}
			if !seen {
				t.Fatalf("%v is called gone where nobody looked", f)
			}
		}
	})
}

// TestWhatPeopleDoIsNotTaken, nor what lies under a domain that is not the roster's.
func TestWhatPeopleDoIsNotTaken(t *testing.T) {
	t.Parallel()
	hook := Finding{Place: PlaceHooks, ID: 1, Title: "https://ci.acme.example/push"}
	if !acme().Takes(hook) {
		t.Error("a hook to the vendor's domain stays")
	}
	app := Finding{Place: PlaceApps, ID: 1, Title: "acme deploy", ByHand: true}
	other := Finding{Place: PlaceHooks, ID: 1, Title: "https://ci.other.example/push"}
	if acme().Takes(app) || acme().Takes(other) {
		t.Error("taken away all the same")
	}
}
