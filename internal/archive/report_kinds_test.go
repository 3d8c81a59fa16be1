package archive

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
)

// TestReportHasWordsForEveryKind: what can stand in a case's chain has a sentence of its
// own in the report; what only the register has falls back to the kind's words.
func TestReportHasWordsForEveryKind(t *testing.T) {
	t.Parallel()
	register := []dossier.Kind{dossier.Request, dossier.PeopleChanged, dossier.KeyMade, dossier.Replaced, dossier.AccessChanged, dossier.AwaySet, dossier.Bound, dossier.Unbound, dossier.ContactChanged}
	n := 0
	for _, name := range []string{"entry.go", "watching.go", "exit.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), "../dossier/"+name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if typed, ok := spec.Type.(*ast.Ident); !ok || typed.Name != "Kind" {
				return true
			}
			word, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			n++
			k := dossier.Kind(word)
			e := dossier.Entry{Kind: k, Detail: &dossier.Detail{Result: "a", Name: "b", Step: "c", Parent: "d/e/1", Document: "sha256:1", Person: "lena", Expiry: &engagement.Expiry{ID: "x", Kind: engagement.ExpiryInsurance}}}
			said := reporter{}.sentence(e)
			own := !strings.Contains(said, "of the kind")
			if isRegister := slices.Contains(register, k); k != dossier.Request && own == isRegister {
				t.Errorf("%s reads %q", k, said)
			}
			return true
		})
	}
	if n < 48 {
		t.Fatalf("%d kinds were found: the test looks in the wrong place", n)
	}
}

// TestReportSaysWhoHasAccess: how each stands, and under which evidence; hostile words
// stay on their line.
func TestReportSaysWhoHasAccess(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		d    dossier.Detail
		want string
	}{
		{dossier.Detail{Name: "access", Result: "given", Document: "sha256:1", Values: []string{"access-1 found team-member"}}, "Access to code (access) was given: access 1 found team member (sha256:1)."},
		{dossier.Detail{Name: "access", Result: "away"}, "Access to code (access) could not be given, since the other system was away (without evidence)."},
		{dossier.Detail{Name: "access", Result: "not-given", Document: "sha256:1", Values: []string{"access-1 not-checkable"}}, "Access to code (access) could not all be given, or seen: access 1 not checkable (sha256:1)."},
		{dossier.Detail{Name: "access-2", Result: "removed", Document: "sha256:1"}, "Access to code (access 2) was taken away, and is looked at again (sha256:1)."},
		{dossier.Detail{Name: "access-2", Result: "gone", Document: "sha256:1"}, "Access to code (access 2) was looked at, and is gone (sha256:1)."},
		{dossier.Detail{Name: "access-2", Result: "found"}, "Access to code (access 2) is there still: somebody has to remove it (without evidence)."},
		{dossier.Detail{Name: "access-2", Result: "unreachable"}, "Access to code (access 2) could not be taken away or looked at, since the other system was away; it is tried again (without evidence)."},
		{dossier.Detail{Name: "access-2", Result: "by-hand"}, "Access to code (access 2) has to be removed by hand (without evidence)."},
		{dossier.Detail{Name: "access", Result: "form"}, "Access to code (access) could not be carried out as its form stood (without evidence)."},
		{dossier.Detail{Name: "a\nb\u202e", Result: "form", Values: []string{"x\ny"}}, "Access to code (a b) could not be carried out as its form stood: x y (without evidence)."},
	} {
		got := reporter{}.sentence(dossier.Entry{Kind: dossier.AccessStands, Detail: &c.d})
		if strings.ContainsAny(got, "\n") || c.d.Document+c.d.Name != "a\nb\u202e" && got != c.want {
			t.Errorf("%+v reads\n\t%s\nwant\n\t%s", c.d, got, c.want)
		}
	}
	for want, d := range map[string]dossier.Detail{
		"Invited to the regular meetings: nobody.":                                                                        {Result: "invited"},
		"The regular meetings could not be put into anybody's calendar.":                                                  {Result: "none"},
		"The regular meetings have changed; invited are ola; in the form of contacts these could not be invited: theirs.": {Result: "changed", Values: []string{"ola"}, Points: []string{"theirs"}},
		"The regular meetings were cancelled for ola.":                                                                    {Result: "cancelled", Values: []string{"ola"}},
	} {
		if got := (reporter{}).sentence(dossier.Entry{Kind: dossier.MeetingsSet, Detail: &d}); got != want {
			t.Errorf("%+v reads %q", d, got)
		}
	}
	if got := (reporter{}).sentence(dossier.Entry{Kind: dossier.HandedOver, Detail: &dossier.Detail{Parent: "oversight/acme/1"}}); got != "From here on the vendor is watched over in oversight/acme/1." {
		t.Errorf("handing over reads %q", got)
	}
}

// TestAuditorsFindWhatWasLetPass: waivers, what ran out, silence about notice, and
// access that could not be given are among what an auditor asks for by name.
func TestAuditorsFindWhatWasLetPass(t *testing.T) {
	t.Parallel()
	cover := &engagement.Expiry{ID: "i", Kind: engagement.ExpiryInsurance}
	for _, c := range []struct {
		kind dossier.Kind
		d    dossier.Detail
		want bool
	}{
		{dossier.Evidence, dossier.Detail{Result: playbook.EvidenceWaived}, true},
		{dossier.Evidence, dossier.Detail{Result: playbook.EvidenceRanOut}, true},
		{dossier.Evidence, dossier.Detail{Result: playbook.EvidenceAccepted}, false},
		{dossier.AccessStands, dossier.Detail{Result: "not-given"}, true},
		{dossier.AccessStands, dossier.Detail{Result: "given"}, false},
		{dossier.AccessStands, dossier.Detail{Result: "accepted"}, false},
		{dossier.AccessStands, dossier.Detail{Result: "invitation-gone"}, true},
		{dossier.Lapsed, dossier.Detail{Expiry: cover}, true},
		{dossier.NoticePassed, dossier.Detail{Expiry: cover}, true},
		{dossier.Escalated, dossier.Detail{Expiry: cover}, true},
		{dossier.Watched, dossier.Detail{Expiry: cover}, false},
	} {
		if _, got := (reporter{}).notable(dossier.Line{Entry: dossier.Entry{Kind: c.kind, Detail: &c.d}}); got != c.want {
			t.Errorf("%s %s is notable: %v", c.kind, c.d.Result, got)
		}
	}
}
