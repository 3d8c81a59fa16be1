package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// wordsOf are the values of the constants of a type in another room's sources.
func wordsOf(t *testing.T, of string, least int, files ...string) []string {
	t.Helper()
	var list []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) == 0 {
				return true
			}
			if typed, ok := spec.Type.(*ast.Ident); !ok || typed.Name != of {
				return true
			}
			word, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, word)
			return true
		})
	}
	if len(list) < least {
		t.Fatalf("%d words of %s were found: the test looks in the wrong place", len(list), of)
	}
	return list
}

// TestTimelineHasWordsForEveryKind: whatever the record names has a sentence of its
// own, and none is a kind's raw name, also where an entry says nothing but its kind.
func TestTimelineHasWordsForEveryKind(t *testing.T) {
	t.Parallel()
	said := map[string]string{}
	for _, k := range wordsOf(t, "Kind", 48, "../dossier/entry.go", "../dossier/watching.go", "../dossier/exit.go") {
		if k == string(dossier.Request) {
			continue
		}
		for _, en := range []dossier.Entry{{}, {Actor: "ola", Process: theContract, Detail: &dossier.Detail{Result: "a-result", Name: "a-name", Step: "a-step", Document: "sha256:1", Person: "lena", Parent: "dpa/acme/2", Request: "a-request", Field: "sponsor", Channel: "slack",
			Points: []string{"a-point"}, Values: []string{"a-value"}, Expiry: &engagement.Expiry{ID: "x", Kind: engagement.ExpiryInsurance, On: day(25)}}}} {
			en.Kind, en.CaseAt = dossier.Kind(k), day(20)
			got := timeline([]dossier.Line{{N: 1, Entry: en}}, dossier.CaseView{ID: theCase}, names{byID: map[string]string{"ola": "Ola", "lena": "Lena"}}, visitor{zone: time.UTC}, day(20))
			text := flatWords(got[0].Words)
			if text == "" || text == human(k) || en.Detail != nil && strings.Contains(text, "  ") {
				t.Errorf("%s reads %q", k, text)
			}
			if en.Detail != nil {
				if said[text] != "" {
					t.Errorf("%s reads as %s: %q", k, said[text], text)
				}
				said[text] = k
			}
		}
	}
	for _, k := range wordsOf(t, "FactKind", 20, "../review/fact.go") {
		f := review.Fact{Kind: review.FactKind(k), Person: "lena", Seat: "legal", Request: reviewID}
		got := timeline([]dossier.Line{{N: 1, Entry: dossier.Entry{Kind: dossier.Request, Fact: &f}}}, dossier.CaseView{ID: theCase}, names{}, visitor{zone: time.UTC}, day(20))
		if text := flatWords(got[0].Words); strings.HasPrefix(text, human(k)+":") {
			t.Errorf("what happens to a request reads %q", text)
		}
	}
}

// TestTimelineOfAWholeOnboarding: clauses, the signed copy, access and what is watched.
func TestTimelineOfAWholeOnboarding(t *testing.T) {
	t.Parallel()
	until := time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC)
	contract := &engagement.Expiry{ID: "c", Kind: engagement.ExpiryContract, Name: "contract", On: until, Unreviewed: true}
	cover := &engagement.Expiry{ID: "i", Kind: engagement.ExpiryInsurance, Name: "insurance", On: until}
	gap := &engagement.Expiry{ID: "g", Kind: engagement.ExpiryGap, Name: "exit-plan", Unreviewed: true}
	c := dossier.CaseView{ID: theCase, Requests: []review.Request{{ID: "pack", Step: "commercial", Title: "Look for the clauses", Points: []engagement.Point{{ID: "exit", Title: "Help at the exit"}, {ID: "ip", Title: "Who owns what is made"}}}}}
	for _, x := range []struct {
		kind dossier.Kind
		d    dossier.Detail
		want string
	}{
		{dossier.ClausesFound, dossier.Detail{Step: "commercial", Version: 2, Result: "found", Points: []string{"exit", "ip"}}, "Ola found in version 2: Help at the exit, Who owns what is made"},
		{dossier.ClausesFound, dossier.Detail{Step: "commercial", Version: 2, Result: "missing", Points: []string{"exit"}}, "Ola found nothing in version 2 of: Help at the exit. The case owner says what follows"},
		{dossier.ClausesFound, dossier.Detail{Step: "commercial", Version: 2, Result: "wanted", Points: []string{"price-rises"}}, "The vendor is asked for what version 2 lacks: Price rises"},
		{dossier.ClausesFound, dossier.Detail{Step: "commercial", Version: 3, Result: "carried", Points: []string{"exit"}}, "Version 3 has in the same words as the one before: Help at the exit"},
		{dossier.ClausesFound, dossier.Detail{Step: "commercial", Version: 3, Result: "touched", Points: []string{"exit"}}, "Version 3 has other words where these stood, so that they are looked for again: Help at the exit"},
		{dossier.ClauseWaived, dossier.Detail{Step: "commercial", Version: 3, Points: []string{"exit"}, Ends: until}, "Ola waived until 31 Mar 2027 that version 3 has: Help at the exit"},
		{dossier.CopyExecuted, dossier.Detail{Document: "sha256:1", Version: 3, Result: "same"}, "The signed copy says what was approved, version 3, clause by clause"},
		{dossier.CopyExecuted, dossier.Detail{Document: "sha256:1", Version: 3, Result: "accepted"}, "The signed copy is not version 3 as it was approved, or could not be compared with it; Ola took it with a reason"},
		{dossier.CopyExecuted, dossier.Detail{Document: "sha256:1", Version: 3, Result: "sent-back"}, "The signed copy is not version 3 as it was approved, or could not be compared with it; Ola sent it back"},
		{dossier.AccessStands, dossier.Detail{Name: "access", Result: "given", Values: []string{"access-1 found collaborator", "access-2 found team-member"}}, "Access: access to code was given. Access 1: found collaborator; Access 2: found team member"},
		{dossier.MeetingsSet, dossier.Detail{Result: "invited", Values: []string{"maya", "jonas"}}, "Invited to the regular meetings: maya, jonas"},
		{dossier.MeetingsSet, dossier.Detail{Result: "changed", Values: []string{"maya"}, Points: []string{"theirs-deputy"}}, "The regular meetings have changed; invited are maya; in the form of contacts these could not be invited: theirs deputy"},
		{dossier.MeetingsSet, dossier.Detail{Result: "cancelled", Values: []string{"maya"}}, "The regular meetings were cancelled for maya"},
		{dossier.MeetingsSet, dossier.Detail{Result: "invited"}, "Invited to the regular meetings: nobody"},
		{dossier.MeetingsSet, dossier.Detail{Result: "none"}, "The regular meetings could not be put into anybody's calendar"},
		{dossier.AccessStands, dossier.Detail{Name: "access-2", Result: "removed"}, "Access 2: access to code was taken away, and is looked at again"},
		{dossier.AccessStands, dossier.Detail{Name: "access-2", Result: "gone"}, "Access 2: access to code was looked at, and is gone"},
		{dossier.AccessStands, dossier.Detail{Name: "access-2", Result: "found"}, "Access 2: access to code is there still; somebody has to remove it"},
		{dossier.AccessStands, dossier.Detail{Name: "access-2", Result: "unreachable"}, "Access 2: the other system was away, so access to code could not be taken away or looked at; it is tried again"},
		{dossier.AccessStands, dossier.Detail{Name: "access-2", Result: "accepted"}, "Access 2: the invitation was accepted"},
		{dossier.AccessStands, dossier.Detail{Name: "access-2", Result: "not-accepted"}, "Access 2: nobody has accepted the invitation yet, so nobody has this access"},
		{dossier.AccessStands, dossier.Detail{Name: "access-2", Result: "invitation-gone"}, "Access 2: the invitation ran out or was declined, so nobody has this access"},
		{dossier.AccessStands, dossier.Detail{Name: "access-2", Result: "not-seen"}, "Access 2: it can't be seen whether the invitation was accepted"},
		{dossier.AccessStands, dossier.Detail{Name: "access-2", Result: "invited"}, "Access 2: they were invited again"},
		{dossier.AccessStands, dossier.Detail{Name: "access-2", Result: "not-invited"}, "Access 2: they could not be invited again"},
		{dossier.AccessStands, dossier.Detail{Name: "access-2", Result: "by-hand"}, "Access 2: access to code has to be removed by hand"},
		{dossier.AccessStands, dossier.Detail{Name: "access", Result: "away"}, "Access: the other system was away, so access to code could not be given; the case owner says what follows"},
		{dossier.AccessStands, dossier.Detail{Name: "access", Result: "not-given", Values: []string{"access-1 not-checkable permission"}}, "Access: not all access to code could be given, or seen; the case owner says what follows. Access 1: not checkable permission"},
		{dossier.MatterSettled, dossier.Detail{Name: "payroll", Result: "done", By: "ola", Document: "sha256:1"}, "Payroll is now done by Ola"},
		{dossier.MatterSettled, dossier.Detail{Name: "payroll", Result: "waived", By: "ola", Ends: until, Values: []string{"vendor-silent"}}, "Payroll is now waived until 31 Mar 2027 by Ola: vendor silent"},
		{dossier.MatterSettled, dossier.Detail{Name: "revocation/acme/1:deploy-keys", Result: "not-checkable", Values: []string{"edition"}}, "Access: Deploy keys is now not checkable: GitHub shows it in Enterprise Cloud with single sign-on alone"},
		{dossier.MatterSettled, dossier.Detail{Name: "aftercare/acme/1:revocation/acme/1:tokens", Result: "waived", By: "ola", Ends: until}, "Access: Tokens is now waived until 31 Mar 2027 by Ola"},
		{dossier.SessionSet, dossier.Detail{Name: "payroll", Version: 1, Result: "held"}, "Session 1 about Payroll was held"},
		{dossier.SessionSet, dossier.Detail{Name: "payroll", Version: 2, Result: "held", Values: []string{"ola", "maya"}}, "Session 2 about Payroll was held with Ola, maya"},
		{dossier.SessionSet, dossier.Detail{Name: "payroll", Version: 1, Result: "invited", Starts: until}, "Session 1 about Payroll was set for 31 Mar 2027 00:00; invited: nobody"},
		{dossier.SessionSet, dossier.Detail{Name: "payroll", Version: 1, Result: "cancelled", Values: []string{"ola"}}, "Session 1 about Payroll was taken out of the calendars of: Ola"},
		{dossier.SessionSet, dossier.Detail{Name: "payroll", Version: 1, Result: "none"}, "Session 1 about Payroll could not be put into anybody's calendar"},
		{dossier.HandedOver, dossier.Detail{Result: "oversight", Parent: "oversight/acme/1"}, "From here on the vendor is watched over in oversight/acme/1"},
		{dossier.Watched, dossier.Detail{Expiry: contract}, "The contract is watched until 31 Mar 2027, as it was filed when the vendor was adopted; it was not reviewed here"},
		{dossier.Watched, dossier.Detail{Expiry: gap}, "What is lacking (exit plan) is watched"},
		{dossier.Lapsed, dossier.Detail{Expiry: cover}, "The insurance ran out on 31 Mar 2027, and nothing had taken its place"},
		{dossier.Lapsed, dossier.Detail{Expiry: contract, Result: "renewed-by-itself"}, "The contract came to its end and went on by its own terms; nobody here decided that"},
		{dossier.NoticePassed, dossier.Detail{Expiry: contract}, "The last day for notice of the contract passed without a decision"},
		{dossier.Escalated, dossier.Detail{Expiry: contract, Person: "lena", Request: "pack"}, "Nobody had answered about the contract: Lena was called in Look for the clauses"},
		{dossier.NoticeDecided, dossier.Detail{Expiry: contract, Result: "exit"}, "Ola decided what becomes of the contract: to be left, with notice"},
		{dossier.Begun, dossier.Detail{Expiry: cover, Parent: "diligence/acme/2", Result: "diligence"}, "diligence/acme/2 was begun because of the insurance"},
		{dossier.Reported, dossier.Detail{Parent: "diligence/acme/2", Result: "accepted"}, "diligence/acme/2 came to its end: Accepted"},
		{dossier.WatchEnded, dossier.Detail{Expiry: cover, Result: "replaced"}, "The insurance is watched no longer: replaced"},
		{dossier.MailFiled, dossier.Detail{Result: "comment", Person: "lena", Request: "pack", Values: []string{"not-aligned"}}, "A mail came from Lena: a comment, which decides nothing, about Look for the clauses. It could not decide: nothing proves that the sender’s domain sent it"},
		{dossier.ContactChanged, dossier.Detail{Person: "lena", Result: "ended"}, "Lena of the vendor is now ended"},
	} {
		e := dossier.Entry{Kind: x.kind, CaseAt: day(20), Actor: "ola", Detail: &x.d}
		got := timeline([]dossier.Line{{N: 1, Entry: e}}, c, names{byID: map[string]string{"ola": "Ola", "lena": "Lena"}}, visitor{zone: time.UTC}, day(20))
		if text := flatWords(got[0].Words); text != x.want {
			t.Errorf("%s %s reads\n\t%s\nwant\n\t%s", x.kind, x.d.Result, text, x.want)
		}
	}
	many := &dossier.Detail{Step: "commercial", Version: 1, Result: "found", Points: make([]string, 300)}
	for i := range many.Points {
		many.Points[i] = "p" + strconv.Itoa(i)
	}
	got := timeline([]dossier.Line{{N: 1, Entry: dossier.Entry{Kind: dossier.ClausesFound, Detail: many}}}, c, names{}, visitor{zone: time.UTC}, day(20))
	if text := flatWords(got[0].Words); !strings.HasSuffix(text, "P11, and 288 more points") {
		t.Errorf("300 points read %q", text)
	}
}

// TestTimelineSaysWhatWasRead: the sections that a reader named are in the line of
// their answer, and of what they read later.
func TestTimelineSaysWhatWasRead(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		f    review.Fact
		want string
	}{
		{review.Fact{Kind: review.FactCounted, Person: "lena", Ballot: &review.Ballot{Seat: "legal", Verdict: review.Approve, Version: 2, Read: []string{"3-5", "7"}}}, "Lena, Legal: approved, having read sections 3–5, 7 of version 2. Review"},
		{review.Fact{Kind: review.FactRead, Person: "lena", Ballot: &review.Ballot{Version: 2, Read: []string{"all"}}}, "Lena read all sections of version 2 in Review"},
		{review.Fact{Kind: review.FactDeclared, Person: "lena"}, "Lena had said already whether they have an interest of their own, when it came to Review"},
		{review.Fact{Kind: review.FactUndeclared, Person: "lena"}, "Lena has to say again whether they have an interest of their own, with their next answer in Review"},
	} {
		x.f.Request = "r"
		c := dossier.CaseView{Requests: []review.Request{{ID: "r", Title: "Review"}}}
		got := timeline([]dossier.Line{{N: 1, Entry: dossier.Entry{Kind: dossier.Request, Fact: &x.f}}}, c, names{byID: map[string]string{"lena": "Lena"}}, visitor{zone: time.UTC}, day(20))
		if text := flatWords(got[0].Words); text != x.want {
			t.Errorf("%s reads\n\t%s\nwant\n\t%s", x.f.Kind, text, x.want)
		}
	}
}
