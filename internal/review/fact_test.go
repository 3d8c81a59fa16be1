package review_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// busy is a request to which everything has happened that a fact can tell.
func busy(t *testing.T) *room {
	t.Helper()
	p := policy(all("legal", "security"), anyOf("board", "ceo"))
	p.Groups[0].Seats[0].Attest, p.Groups[0].Seats[0].Scope = []string{"read"}, []string{"11"}
	p.Pairs = []review.Pair{{A: "legal", B: "board"}}
	m := gather(t, p, func(r *review.Request) {
		r.Options, r.Reasoned = []review.Verdict{review.Approve, review.Changes}, []review.Verdict{review.Changes}
		r.ToVendor = []review.Verdict{"ask-vendor"}
		r.Filers, r.Points = []string{"Olga"}, []engagement.Point{{ID: "a", Proposed: []string{"5.2"}}}
	})
	m.version()
	m.refused(m.says("Legal", review.Approve), review.NeedsAttest)
	m.counted(m.says("Legal", review.Approve, func(a *review.Answer) {
		a.Attest, a.Documents, a.Scores = []string{"read"}, []string{"sha"}, []review.Score{{Criterion: "c", Points: 1}}
		a.Findings = []engagement.Finding{{Point: "a", Places: []string{"5.2"}}}
	}))
	m.counted(m.passes("Security", "Dora", "security", friday))
	m.counted(m.says("Dora", review.Changes))
	m.counted(m.does("Dora", review.TakeBack))
	m.counted(m.does("Ceo", review.Recuse))
	m.counted(m.does("Board", review.Snooze, func(a *review.Act) { a.Until = friday }))
	m.version([]string{"legal"})
	m.joins("Boris", "legal", review.ViaBackup)
	m.fold(
		review.Fact{Kind: review.FactTold, Person: "Boris", Why: "backup", Seat: "legal", At: tuesday},
		review.Fact{Kind: review.FactLost, Person: "Boris", At: tuesday},
		review.Fact{Kind: review.FactUnseated, Person: "Legal", Seat: "legal", At: tuesday},
		review.Fact{Kind: review.FactSuperseded, At: tuesday},
		review.Fact{Kind: review.FactWaived, At: tuesday},
	)
	m.closes("decided")
	return m
}

func TestTheFoldOfTheFactsIsTheRequest(t *testing.T) {
	t.Parallel()
	m := busy(t)
	var again review.Request
	again.Fold(m.facts)
	if d := cmp.Diff(m.r, again); d != "" {
		t.Errorf("folded anew (-first +again):\n%s", d)
	}
	again = review.Request{}
	again.Fold(throughJSON(t, m.facts))
	if d := cmp.Diff(m.r, again); d != "" {
		t.Errorf("folded from the record (-first +again):\n%s", d)
	}
	if d := cmp.Diff(m.r, throughJSON(t, m.r)); d != "" {
		t.Errorf("through JSON (-before +after):\n%s", d)
	}
}

func TestEveryFactIsTold(t *testing.T) {
	t.Parallel()
	m := busy(t)
	r := m.r
	boris := r.Seating("legal").Holders[1]
	for name, ok := range map[string]bool{
		"told": len(r.Told) == 1 && r.Told[0] == review.Reminder{Person: "Boris", Why: "backup", Seat: "legal", At: tuesday},
		"lost": boris.Undelivered, "waived": r.Waived, "closed": r.Closed.Why == "decided" && r.Closed.At.Equal(monday) && !r.IsOpen(),
		"unseated": r.Seating("legal").Holders[0].Off, "due": r.Clocks[1].Due.Equal(friday) && r.Clocks[1].Opened.Equal(monday),
		"snoozed": r.Seating("board").Holders[0].Snoozed.Equal(friday), "recused": cmp.Equal(r.Recused, []string{"Ceo"}),
		"acts": len(r.Acts) == 4,
	} {
		if !ok {
			t.Errorf("%s: not in the request: %+v", name, r)
		}
	}
}

func TestAFactFoldedAgainChangesNothing(t *testing.T) {
	t.Parallel()
	m := busy(t)
	for open := range 2 { // closed, then as if it had not closed
		r := m.r.Clone()
		if open == 1 {
			r.Closed = nil
		}
		before := r.Clone()
		for _, f := range m.facts {
			if f.Answer != "" || f.Kind == review.FactOpened || f.Kind == review.FactVersion {
				r.Apply(f)
			}
		}
		if d := cmp.Diff(before, r); d != "" {
			t.Errorf("folded again (-before +after):\n%s", d)
		}
	}
}

func TestFactsThatNameNothingChangeNothing(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal")))
	before := m.r.Clone()
	m.r.Fold([]review.Fact{
		{}, {Kind: "nonsense"}, {Kind: review.FactOpened}, {Kind: review.FactCounted}, {Kind: review.FactVersion},
		{Kind: review.FactSeated, Seat: "legal"}, {Kind: review.FactSeated, Seat: "moon", Holder: &review.Holder{Person: "x"}},
		{Kind: review.FactUnseated, Seat: "moon", Person: "Legal"}, {Kind: review.FactUnseated, Seat: "legal", Person: "Nora"},
		{Kind: review.FactTakenBack, Seat: "legal", Person: "Legal", Answer: "x"}, {Kind: review.FactLost, Person: "Nora"},
		{Kind: review.FactGroup, Group: -1}, {Kind: review.FactGroup, Group: 1}, {Kind: review.FactGroup, Group: 1 << 40},
	})
	if d := cmp.Diff(before, m.r); d != "" {
		t.Errorf("(-before +after):\n%s", d)
	}
}

func TestAGroupAskedLaterGetsItsClock(t *testing.T) {
	t.Parallel()
	r := review.Request{ID: "q", Policy: policy(all("legal"), all("board"))}
	r.Apply(review.Fact{Kind: review.FactGroup, Group: 1, At: tuesday, Due: friday})
	if d := cmp.Diff([]review.Clock{{}, {Opened: tuesday, Due: friday}}, r.Clocks); d != "" {
		t.Errorf("clocks (-want +got):\n%s", d)
	}
}

func TestSomebodyWhoComesBackHoldsTheSeatOnce(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal")))
	m.fold(review.Fact{Kind: review.FactUnseated, Seat: "legal", Person: "Legal"})
	m.joins("Legal", "legal", review.ViaOwner)
	if hs := m.r.Seating("legal").Holders; len(hs) != 1 || hs[0].Off || hs[0].Via != review.ViaOwner {
		t.Errorf("holders: %+v", hs)
	}
}

func TestAHolderIsActiveUntilTheirTimeIsUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		h    review.Holder
		want bool
	}{
		{review.Holder{}, true}, {review.Holder{Off: true}, false},
		{review.Holder{Until: tuesday.Add(time.Nanosecond)}, true}, {review.Holder{Until: tuesday}, false},
	} {
		if c.h.Active(tuesday) != c.want {
			t.Errorf("%+v active: %v", c.h, !c.want)
		}
	}
}

// TestCloneSharesNothing walks copy and original: no slice or pointer that holds
// anything may be the same memory.
func TestCloneSharesNothing(t *testing.T) {
	t.Parallel()
	m := busy(t)
	c := m.r.Clone()
	if d := cmp.Diff(m.r, c); d != "" {
		t.Fatalf("the copy differs (-original +copy):\n%s", d)
	}
	seen := map[string]bool{}
	apart(t, "Request", reflect.ValueOf(m.r), reflect.ValueOf(c), seen)
	for _, p := range []string{"Request.Ballots.Attest", "Request.Versions.Touched.Seats", "Request.Policy.Groups.Seats.Scope",
		"Request.Attempts.Outcome.Missing", "Request.Closed", "Request.Recused", "Request.Acts", "Request.Told",
		"Request.Filers", "Request.ToVendor", "Request.Points.Proposed", "Request.Ballots.Findings.Places"} {
		if !seen[p] {
			t.Errorf("%s was empty: the test shows nothing about it", p)
		}
	}
}

func apart(t *testing.T, path string, a, b reflect.Value, seen map[string]bool) {
	if a.Type() == reflect.TypeFor[time.Time]() {
		return
	}
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			apart(t, path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i), seen)
		}
	case reflect.Slice:
		for i := range a.Len() {
			seen[path] = true
			if a.Pointer() == b.Pointer() {
				t.Errorf("%s is shared", path)
			}
			apart(t, path, a.Index(i), b.Index(i), seen)
		}
	case reflect.Pointer:
		if !a.IsNil() {
			seen[path] = true
			if a.Pointer() == b.Pointer() {
				t.Errorf("%s is shared", path)
			}
			apart(t, path, a.Elem(), b.Elem(), seen)
		}
	case reflect.Map, reflect.Interface, reflect.Func, reflect.Chan:
		t.Errorf("%s is a %s: the copy doesn't know how to part it", path, a.Kind())
	}
}

func TestOpeningKeepsNothingOfTheCallersMemory(t *testing.T) {
	t.Parallel()
	r := review.Request{ID: "q", Policy: policy(all("legal")), Seatings: []review.Seating{{Seat: "legal", Holders: []review.Holder{{Person: "Legal"}}}}}
	var folded review.Request
	folded.Apply(review.Fact{Kind: review.FactOpened, Opened: &r})
	r.Seatings[0].Holders[0].Off = true
	r.Policy.Groups[0].Seats[0].ID = "moon"
	if !folded.Holds("legal", "Legal", monday) || folded.Policy.Groups[0].Seats[0].ID != "legal" {
		t.Error("the folded request changed with the caller's")
	}
}

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

func throughJSON[T any](t fataler, in T) T {
	t.Helper()
	var out T
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatalf("writing JSON: %v", err)
	}
	if err := json.Unmarshal(body, &out); err != nil {
		t.Fatalf("reading JSON: %v", err)
	}
	return out
}

func TestNothingWrittenOrAddressedEntersAPayload(t *testing.T) {
	t.Parallel()
	text, from := review.Text{Inside: "SECRET", Vendor: "SECRET"}, review.Address{Channel: "mail", ID: "SECRET"}
	for _, v := range []any{review.Answer{ID: "1", Text: text, From: from}, review.Act{ID: "1", Text: text, From: from, ToID: "SECRET"},
		review.Note{ID: "1", Text: text, From: from}} {
		body, err := json.Marshal(v)
		if err != nil {
			t.Fatalf("writing JSON: %v", err)
		}
		if strings.Contains(string(body), "SECRET") {
			t.Errorf("%T carries free text or an address: %s", v, body)
		}
	}
}
