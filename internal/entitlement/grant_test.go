package entitlement

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gangway/internal/engagement"
)

func on(month time.Month) time.Time { return time.Date(2027, month, 1, 0, 0, 0, 0, time.UTC) }

func said(id, words string) engagement.SheetLine {
	return engagement.SheetLine{Point: engagement.Point{ID: id}, Finding: engagement.Finding{Point: id, Said: words != ""}, Words: words}
}

func chosen(id, option string) engagement.SheetLine {
	return engagement.SheetLine{Point: engagement.Point{ID: id}, Finding: engagement.Finding{Point: id, Choices: []string{option}}}
}

func dated(id string, at time.Time) engagement.SheetLine {
	return engagement.SheetLine{Point: engagement.Point{ID: id}, Finding: engagement.Finding{Point: id, On: at}}
}

// sound is a form with one access to a repository.
func sound() []engagement.SheetLine {
	return []engagement.SheetLine{said("access-1-login", "dev-one"), said("access-1-team", ""), said("access-1-repository", "ledger"),
		chosen("access-1-permission", "write"), dated("access-1-until", on(3)), said("access-1-reason", "builds it")}
}

func TestAFormIsReadInItsOrder(t *testing.T) {
	t.Parallel()
	lines := append(sound(),
		said("login", " @Lead_acme "), said("team", "Payroll"), dated("until", on(5)), said("reason", "leads them"),
		said("access-2-login", ""), said("access-2-repository", ""), dated("access-2-until", on(6)), // room for more
		said("x-login", "dev-one"), said("x-repository", ".github"), chosen("x-permission", "Pull"), dated("x-until", on(4)), said("x-reason", "reads"),
		said("y-login", "dev-one"), said("y-team", "t"), chosen("y-permission", "maintainer"), dated("y-until", on(4)), said("y-reason", "r"))
	got, err := GrantsIn(engagement.Sheet{Lines: lines})
	if err != nil {
		t.Fatal(err)
	}
	want := []Grant{
		{ID: "access-1", Login: "dev-one", Repository: "ledger", Role: RoleWrite, Until: on(3)},
		{ID: "", Login: "Lead_acme", Team: "payroll", Role: RoleMember, Until: on(5)},
		{ID: "x", Login: "dev-one", Repository: ".github", Role: RoleRead, Until: on(4)},
		{ID: "y", Login: "dev-one", Team: "t", Role: RoleMaintainer, Until: on(4)},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if all, err := GrantsIn(engagement.Sheet{}); err != nil || len(all) > 0 {
		t.Errorf("%v, %v", all, err)
	}
}

// TestAFormThatCannotBeCarriedOut: one line of a sound form is another.
func TestAFormThatCannotBeCarriedOut(t *testing.T) {
	t.Parallel()
	missing := said("access-1-login", "dev-one")
	missing.Finding.Missing = true
	for name, c := range map[string]struct {
		lines []engagement.SheetLine
		want  string
	}{
		"a path":              {one(said("access-1-login", "../../orgs/x")), "this is no login of GitHub"},
		"an address":          {one(said("access-1-login", "dev@example.org")), "this is no login of GitHub"},
		"nobody":              {one(said("access-1-login", "")), "this is no login of GitHub"},
		"no finding":          {one(missing), "this is no login of GitHub"},
		"no place":            {one(said("access-1-repository", "")), "it needs one place, a team or a repository"},
		"two places":          {one(said("access-1-team", "payroll")), "it needs one place, a team or a repository"},
		"another's":           {one(said("access-1-repository", "other/ledger")), "this is no name of a repository; it is written without its organisation"},
		"above":               {one(said("access-1-repository", "..")), "this is no name of a repository; it is written without its organisation"},
		"what it allows":      {one(chosen("access-1-permission", "own")), "what it allows is none of GitHub's words"},
		"nothing allowed":     {one(said("access-1-permission", "")), "a team gives what the team has (member or maintainer); a repository gives read, triage, write, maintain or admin"},
		"a team's word":       {one(chosen("access-1-permission", "member")), "a team gives what the team has (member or maintainer); a repository gives read, triage, write, maintain or admin"},
		"a repository's word": {two(said("access-1-repository", ""), said("access-1-team", "payroll")), "a team gives what the team has (member or maintainer); a repository gives read, triage, write, maintain or admin"},
		"no end":              {one(dated("access-1-until", time.Time{})), "it has no end date"},
		"no reason":           {one(said("access-1-reason", "  ")), "it has no reason"},
		"twice":               {append(sound(), said("b-login", "DEV-one"), said("b-repository", "Ledger"), chosen("b-permission", "read"), dated("b-until", on(3)), said("b-reason", "r")), "the same person gets access to the same place twice"},
		"a team's path":       {two(said("access-1-repository", ""), said("access-1-team", "a/b")), "this is no short name of a team, as it stands in the team's address"},
	} {
		got, err := GrantsIn(engagement.Sheet{Lines: c.lines})
		var bad BadGrantError
		if !errors.As(err, &bad) || bad.Problem != c.want || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
			continue
		}
		if !bad.Invalid() || bad.Hint() == "" || !strings.HasSuffix(bad.Error(), ": "+c.want) || strings.Contains(bad.Error(), "dev") {
			t.Errorf("%s: %v", name, bad)
		}
	}
	if text := (BadGrantError{Problem: "x"}).Error(); text != "the access that was asked for: x" {
		t.Error(text)
	}
}

func one(l engagement.SheetLine) []engagement.SheetLine { return two(l) }

// two is the sound form with lines in place of those of the same points.
func two(with ...engagement.SheetLine) []engagement.SheetLine {
	all := sound()
	for _, l := range with {
		for i := range all {
			if all[i].Point.ID == l.Point.ID {
				all[i] = l
			}
		}
	}
	return all
}

// TestNamesAreOnePartOfAnAddress: whatever is let through is a single part of a path,
// and has nothing that a path or a query gives a meaning to.
func TestNamesAreOnePartOfAnAddress(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zA-Z0-9._/?#%&@ -]{0,8}`), rapid.StringMatching(`[a-z0-9._-]{1,4}`)).Draw(t, "text")
		for what, err := range map[string]error{"login": CheckLogin(text), "team": CheckTeam(text), "repository": CheckRepository(text)} {
			if err == nil && (text == "" || text == "." || text == ".." || strings.ContainsAny(text, "/?#%&@: \\\n\t\x00")) {
				t.Fatalf("%q is taken for a %s", text, what)
			}
		}
	})
	for _, name := range []string{".github", "a", "a.b", "..a", ".a.", "a..", "-a", "_", "a_b-C.9", "...", "x.y"} {
		if CheckRepository(name) != nil {
			t.Errorf("%s is no repository", name)
		}
	}
	for _, login := range []string{"a", "dev-one", "octo_acme", "9"} {
		if CheckLogin(login) != nil {
			t.Errorf("%s is no login", login)
		}
	}
	for _, login := range []string{"", "-a", "a.b", "dependabot[bot]", strings.Repeat("a", 81)} {
		if CheckLogin(login) == nil {
			t.Errorf("%s is a login", login)
		}
	}
}

// FuzzGrantsIn: whatever people wrote, what is read from it can be carried out.
func FuzzGrantsIn(f *testing.F) {
	f.Add("dev-one", "ledger", "", "write", "r", int64(1))
	f.Add("@x", "", "payroll", "", "r", int64(1))
	f.Add("a/b", "..", "x", "pull", "", int64(0))
	f.Fuzz(func(t *testing.T, login, repository, team, role, reason string, until int64) {
		lines := []engagement.SheetLine{said("a-login", login), said("a-repository", repository), said("a-team", team), chosen("a-permission", role), said("a-reason", reason), dated("a-until", time.Unix(until, 0))}
		all, err := GrantsIn(engagement.Sheet{Lines: lines})
		if err != nil {
			return
		}
		for _, g := range all {
			if CheckLogin(g.Login) != nil || (g.Team == "") == (g.Repository == "") || g.Role == "" || g.Until.IsZero() || g.Account != 0 || g.Joined ||
				g.Team != "" && CheckTeam(g.Team) != nil || g.Repository != "" && CheckRepository(g.Repository) != nil {
				t.Errorf("%+v", g)
			}
		}
	})
}

// TestEveryFaultOfAFormIsNamedAtItsPoint, with what to do about it.
func TestEveryFaultOfAFormIsNamedAtItsPoint(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 22, 17, 0, 0, 0, time.UTC)
	at := func(d int) engagement.SheetLine {
		return dated("access-1-until", day.Truncate(24*time.Hour).AddDate(0, 0, d))
	}
	for name, c := range map[string]struct {
		lines []engagement.SheetLine
		most  int
		want  []string
	}{
		"sound":                 {sound(), 0, nil},
		"the day after":         {one(at(1)), 100, nil},
		"the last day":          {one(at(100)), 100, nil},
		"no bound":              {one(at(4000)), 0, nil},
		"today":                 {one(at(0)), 100, []string{"access-1-until: its end date is over"}},
		"in the past":           {one(at(-300)), 100, []string{"access-1-until: its end date is over"}},
		"too long":              {one(at(101)), 100, []string{"access-1-until: it may last 100 days at most"}},
		"all of it":             {two(said("access-1-login", "a b"), said("access-1-repository", "x/y"), at(0), said("access-1-reason", "")), 0, []string{"access-1-login: this is no login of GitHub", "access-1-repository: this is no name of a repository; it is written without its organisation", "access-1-reason: it has no reason", "access-1-until: its end date is over"}},
		"nowhere":               {one(said("access-1-repository", "")), 0, []string{"access-1-team: it needs one place, a team or a repository"}},
		"two places":            {one(said("access-1-team", "t")), 0, []string{"access-1-repository: it needs one place, a team or a repository"}},
		"a role of a team":      {one(chosen("access-1-permission", "member")), 0, []string{"access-1-permission: a team gives what the team has (member or maintainer); a repository gives read, triage, write, maintain or admin"}},
		"no end":                {one(dated("access-1-until", time.Time{})), 9, []string{"access-1-until: it has no end date"}},
		"of two the second one": {append(sound(), said("b-login", "x!"), said("b-team", "t"), dated("b-until", on(3)), said("b-reason", "r")), 0, []string{"b-login: this is no login of GitHub"}},
		"without a dash":        {[]engagement.SheetLine{said("login", "x"), said("team", "t"), dated("until", on(3))}, 0, []string{"reason: it has no reason"}},
	} {
		var got []string
		for _, f := range FaultsIn(engagement.Sheet{Lines: c.lines}, day, c.most) {
			got = append(got, f.Point+": "+f.Problem)
			if _, last := grantPart(f.Point); f.Hint() == "" || f.Hint() == (BadGrantError{}).Hint() || last == "" {
				t.Errorf("%s: nothing helps with %s", name, f.Point)
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
