package archive_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
)

func card(person, request string) outbox.Posting {
	return outbox.Posting{ID: outbox.CardID(person, request), Kind: outbox.Card, Person: person, Case: acme, Request: request,
		Notice: "n/" + request, At: monday(), Made: noon()}
}

// ofKind is a posting of any kind about the case.
func ofKind(kind outbox.PostingKind) outbox.Posting {
	return outbox.Posting{ID: string(kind) + "/x", Kind: kind, Person: "lena", Case: acme, Request: "r1", Made: noon()}
}

func postingIDs(t *testing.T, a *archive.Archive, now time.Time) []string {
	t.Helper()
	ids := []string{}
	for _, p := range must[[]outbox.Posting](t)(a.Postings(context.Background(), now, 100)) {
		ids = append(ids, p.ID)
	}
	return ids
}

func posting(t *testing.T, a *archive.Archive, id string) outbox.Posting {
	t.Helper()
	return must[outbox.Posting](t)(a.Posting(context.Background(), id))
}

// standing puts a posting that was posted and wants nothing.
func standing(t *testing.T, a *archive.Archive, p outbox.Posting) {
	t.Helper()
	ok(t, a.PutPosting(context.Background(), p))
	ok(t, a.SettlePosting(context.Background(), p.ID, outbox.Looked{State: outbox.Standing, Shown: 1}))
}

func postingTests() map[string]func(*testing.T, *archive.Archive) {
	return map[string]func(*testing.T, *archive.Archive){
		"a posting is kept once, as it came first":       postingOnce,
		"what is due comes in order":                     postingOrder,
		"what stands is looked at when it is wanted":     postingsWanted,
		"a copy that shows nobody knows what is wanted":  placesUnknown,
		"each kind and state is wanted as it should":     postingsWantedByState,
		"a want names what it wants":                     postingsWantedBy,
		"a want while somebody looks is not lost":        postingsWantedAnew,
		"a pause after a failed try is kept":             postingsPause,
		"an older look does not hide a newer want":       postingsOlderLook,
		"a place is found by its message and its cause":  places,
		"what was erased of a person leads to no chat":   erasedFromChat,
		"what is not whole is not taken":                 postingFaults,
		"a posting with all that it may have comes back": postingWhole,
		"an entry without a line is found until it has":  entriesUntold,
	}
}

// entriesUntold: of the kinds that are asked for, since then, of cases with a board, the
// oldest first; the second of two with one id is none.
func entriesUntold(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	add := func(id, chain string, kind dossier.Kind, at time.Time) dossier.Entry {
		e := dossier.Entry{ID: id, Case: chain, Process: chain, Kind: kind, At: at, CaseAt: at.AddDate(1, 0, 0), Detail: &dossier.Detail{Step: id}}
		ok(t, a.Append(ctx, []dossier.Entry{e}))
		return e
	}
	later := add("onboarding/a/1#desk/1", "onboarding/a/1", dossier.RiskSigned, dayAt(3, 9, 5))
	first := add("onboarding/b/1#desk/1", "onboarding/b/1", dossier.Milestone, dayAt(2, 0, 0))
	add("onboarding/b/1#desk/2", "onboarding/b/1", dossier.Noted, dayAt(2, 9, 0))
	add("onboarding/b/1#desk/3", "onboarding/b/1", dossier.RiskSigned, dayAt(1, 9, 0))
	add("onboarding/c/1#desk/1", "onboarding/c/1", dossier.RiskSigned, dayAt(3, 9, 0)) // no board
	add("onboarding/b/1#desk/1", "onboarding/b/1", dossier.RiskSigned, dayAt(3, 9, 0)) // the id is taken
	for _, id := range []string{"onboarding/a/1", "onboarding/b/1"} {
		ok(t, a.PutPosting(ctx, outbox.Posting{ID: outbox.BoardID(id), Kind: outbox.Board, Case: id, Made: noon()}))
	}
	kinds := []dossier.Kind{dossier.RiskSigned, dossier.Milestone}
	untold := func() []dossier.Entry { return must[[]dossier.Entry](t)(a.Untold(ctx, dayAt(2, 0, 0), kinds)) }
	same(t, "untold", []dossier.Entry{first, later}, untold())
	same(t, "of no kind", 0, len(must[[]dossier.Entry](t)(a.Untold(ctx, time.Time{}, nil))))
	ok(t, a.PutPosting(ctx, outbox.Posting{ID: outbox.LineID(first.ID), Kind: outbox.Line, Case: first.Case, Made: noon()}))
	same(t, "one is told", []dossier.Entry{later}, untold())
	same(t, "the entry", later, must[dossier.Entry](t)(a.CaseEntry(ctx, later.Case, later.ID)))
	same(t, "the first of two", dossier.Milestone, must[dossier.Entry](t)(a.CaseEntry(ctx, first.Case, first.ID)).Kind)
	_, err := a.CaseEntry(ctx, later.Case, first.ID)
	isNotFound(t, err)
}

func postingOnce(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := card("lena", "r1")
	ok(t, a.PutPosting(ctx, p))
	other := p
	other.Person, other.Next = "sam", noon().Add(time.Hour)
	ok(t, a.PutPosting(ctx, other))
	p.State, p.Wanted, p.Next = outbox.Due, 1, noon()
	same(t, "posting", p, posting(t, a, p.ID))
	_, err := a.Posting(ctx, "card/lena/r2")
	isNotFound(t, err)
	ok(t, a.SettlePosting(ctx, p.ID, outbox.Looked{State: outbox.Standing, Shown: 1}))
	ok(t, a.PutPosting(ctx, p)) // told of it again
	same(t, "it stands", outbox.Standing, posting(t, a, p.ID).State)
}

func postingWhole(t *testing.T, a *archive.Archive) {
	p := outbox.Posting{ID: "nudge/n", Kind: outbox.Nudge, Person: "lena", Case: acme, Request: "r1", Requests: []string{"r1", "r2"}, Why: "reminder",
		Answer: "web-1", Notice: "n", Rehearsal: true, At: monday(), Made: noon(), State: outbox.Due, Wanted: 1, Next: noon().Add(time.Minute)}
	ok(t, a.PutPosting(context.Background(), p))
	same(t, "posting", p, posting(t, a, p.ID))
}

func postingFaults(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	for i, err := range []error{
		a.PutPosting(ctx, outbox.Posting{Kind: outbox.Card}), a.PutPosting(ctx, outbox.Posting{ID: "x"}),
		a.WantPostings(ctx, outbox.Want{}), a.WantPostings(ctx, outbox.Want{ID: "x", Case: acme}),
		a.WantPostings(ctx, outbox.Want{ID: "x", Kinds: make([]outbox.PostingKind, 17)}),
		a.SettlePosting(ctx, "x", outbox.Looked{}),
		a.PutPlace(ctx, outbox.Place{Channel: "D1", Stamp: "1.0"}), a.PutPlace(ctx, outbox.Place{Posting: "x", Stamp: "1.0"}),
		a.PutPlace(ctx, outbox.Place{Posting: "x", Channel: "D1"}),
	} {
		if err == nil {
			t.Errorf("%d was taken", i)
		}
	}
	isNotFound(t, a.SettlePosting(ctx, "x", outbox.Looked{State: outbox.Said}))
	ok(t, a.WantPostings(ctx, outbox.Want{ID: "x"})) // there is none, and that is no fault
	same(t, "none", 0, len(must[[]outbox.Posting](t)(a.Postings(ctx, noon(), -1))))
}

func postingOrder(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	for i, id := range []string{"c", "b", "a", "later"} {
		p := card("lena", id)
		p.ID, p.Next = id, noon().Add(time.Duration(i%2)*time.Minute)
		if id == "later" {
			p.Next = noon().Add(time.Hour)
		}
		ok(t, a.PutPosting(ctx, p))
	}
	same(t, "too early", []string{}, postingIDs(t, a, noon().Add(-time.Microsecond)))
	same(t, "at the instant", []string{"a", "c"}, postingIDs(t, a, noon()))
	same(t, "then", []string{"a", "c", "b"}, postingIDs(t, a, noon().Add(time.Minute)))
	same(t, "so many", 2, len(must[[]outbox.Posting](t)(a.Postings(ctx, noon().Add(999*time.Hour), 2))))
	same(t, "none", 0, len(must[[]outbox.Posting](t)(a.Postings(ctx, noon().Add(999*time.Hour), 0))))
}

func postingsWanted(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := card("lena", "r1")
	standing(t, a, p)
	same(t, "at rest", []string{}, postingIDs(t, a, noon().Add(999*time.Hour)))
	want := func(at time.Time) { t.Helper(); ok(t, a.WantPostings(ctx, outbox.Want{Request: "r1", At: at})) }
	want(noon().Add(5 * time.Second))
	want(noon().Add(3 * time.Second))
	want(noon().Add(9 * time.Second))
	same(t, "too early", []string{}, postingIDs(t, a, noon().Add(2*time.Second)))
	same(t, "the earliest", []string{p.ID}, postingIDs(t, a, noon().Add(3*time.Second)))
	got := posting(t, a, p.ID)
	same(t, "row", []any{4, 1, noon().Add(3 * time.Second)}, []any{got.Wanted, got.Shown, got.Next})
	ok(t, a.SettlePosting(ctx, p.ID, outbox.Looked{State: outbox.Standing, Shown: 4, Next: noon().Add(time.Hour)}))
	same(t, "it said when", []string{p.ID}, postingIDs(t, a, noon().Add(time.Hour)))
	same(t, "not before", []string{}, postingIDs(t, a, noon().Add(59*time.Minute)))
	ok(t, a.WantPostings(ctx, outbox.Want{ID: p.ID}))
	same(t, "without a time at once", []string{p.ID}, postingIDs(t, a, noon()))
}

func postingsWantedByState(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	for _, kind := range []outbox.PostingKind{outbox.Card, outbox.Home, outbox.Board, outbox.Line, outbox.Nudge, outbox.Word, outbox.Tidings, outbox.Verdict} {
		follows := slices.Contains([]outbox.PostingKind{outbox.Card, outbox.Home, outbox.Board}, kind)
		for state, comes := range map[outbox.PostingState]bool{
			outbox.Due: true, outbox.Standing: true, outbox.Said: follows, outbox.Unreached: false, outbox.Stale: false,
		} {
			p := ofKind(kind)
			p.ID = fmt.Sprint(kind, "/", state)
			ok(t, a.PutPosting(ctx, p))
			ok(t, a.SettlePosting(ctx, p.ID, outbox.Looked{State: state, Shown: 1, Next: noon().Add(time.Hour)}))
			ok(t, a.WantPostings(ctx, outbox.Want{ID: p.ID, At: noon()}))
			got, due := posting(t, a, p.ID), slices.Contains(postingIDs(t, a, noon()), p.ID)
			want := []any{comes, 1, state}
			if comes {
				want[1] = 2
			}
			if comes && state == outbox.Said {
				want[2] = outbox.Standing
			}
			same(t, p.ID, want, []any{due, got.Wanted, got.State})
		}
	}
}

func postingsWantedBy(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	all := []outbox.Posting{card("lena", "r1"), card("sam", "r1"), card("lena", "r2"),
		{ID: outbox.HomeID("lena"), Kind: outbox.Home, Person: "lena", Made: noon()},
		{ID: outbox.BoardID(acme), Kind: outbox.Board, Case: acme, Made: noon()}}
	for _, p := range all {
		standing(t, a, p)
	}
	for name, c := range map[string]struct {
		want outbox.Want
		come []string
	}{
		"a request":         {outbox.Want{Request: "r1"}, []string{"card/lena/r1", "card/sam/r1"}},
		"a case":            {outbox.Want{Case: acme}, []string{"board/" + acme, "card/lena/r1", "card/lena/r2", "card/sam/r1"}},
		"a case's board":    {outbox.Want{Case: acme, Kinds: []outbox.PostingKind{outbox.Board, outbox.Line}}, []string{"board/" + acme}},
		"a person":          {outbox.Want{Person: "lena"}, []string{"card/lena/r1", "card/lena/r2", "home/lena"}},
		"a person's home":   {outbox.Want{Person: "lena", Kinds: []outbox.PostingKind{outbox.Home}}, []string{"home/lena"}},
		"one":               {outbox.Want{ID: "card/sam/r1"}, []string{"card/sam/r1"}},
		"one of that kind":  {outbox.Want{ID: "card/sam/r1", Kinds: []outbox.PostingKind{outbox.Home}}, nil},
		"a kind that isn't": {outbox.Want{Person: "lena", Kinds: []outbox.PostingKind{"poster"}}, nil},
		"nobody":            {outbox.Want{Person: "rita"}, nil},
	} {
		c.want.At = noon()
		ok(t, a.WantPostings(ctx, c.want))
		come := postingIDs(t, a, noon())
		slices.Sort(come)
		same(t, name, c.come, come)
		for _, id := range come {
			ok(t, a.SettlePosting(ctx, id, outbox.Looked{State: outbox.Standing, Shown: posting(t, a, id).Wanted}))
		}
	}
}

// postingsWantedAnew: between reading a posting and settling it, somebody wants
// it. What is said once stays said.
func postingsWantedAnew(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	for _, c := range []struct {
		kind  outbox.PostingKind
		state outbox.PostingState
		next  time.Time
		then  outbox.PostingState
		at    time.Time // zero: never
	}{
		{outbox.Card, outbox.Standing, time.Time{}, outbox.Standing, noon()},
		{outbox.Card, outbox.Standing, noon().Add(time.Hour), outbox.Standing, noon()},
		{outbox.Card, outbox.Standing, noon().Add(-time.Hour), outbox.Standing, noon().Add(-time.Hour)},
		{outbox.Card, outbox.Said, time.Time{}, outbox.Standing, noon()},
		{outbox.Board, outbox.Said, noon().Add(time.Hour), outbox.Standing, noon()},
		{outbox.Card, outbox.Due, time.Time{}, outbox.Due, noon()},
		{outbox.Card, outbox.Unreached, time.Time{}, outbox.Unreached, time.Time{}},
		{outbox.Card, outbox.Stale, noon(), outbox.Stale, time.Time{}},
		{outbox.Line, outbox.Said, noon(), outbox.Said, time.Time{}},
		{outbox.Verdict, outbox.Due, noon().Add(time.Hour), outbox.Due, noon()},
	} {
		name := fmt.Sprint(c.kind, " ", c.state, " ", c.next)
		p := ofKind(c.kind)
		p.ID = name
		ok(t, a.PutPosting(ctx, p))
		read := posting(t, a, p.ID)
		ok(t, a.WantPostings(ctx, outbox.Want{ID: p.ID, At: noon().Add(time.Minute)}))
		ok(t, a.SettlePosting(ctx, p.ID, outbox.Looked{State: c.state, Shown: read.Wanted, Next: c.next}))
		got := posting(t, a, p.ID)
		same(t, name, []any{c.then, c.at, 2, 1}, []any{got.State, got.Next, got.Wanted, got.Shown})
	}
}

func postingsPause(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := card("lena", "r1")
	ok(t, a.PutPosting(ctx, p))
	ok(t, a.SettlePosting(ctx, p.ID, outbox.Looked{State: outbox.Due, Next: noon().Add(time.Second)}))
	got := posting(t, a, p.ID)
	same(t, "put off", []any{noon().Add(time.Second), 1, 0}, []any{got.Next, got.Wanted, got.Shown})
	ok(t, a.WantPostings(ctx, outbox.Want{ID: p.ID, At: noon()}))
	ok(t, a.SettlePosting(ctx, p.ID, outbox.Looked{State: outbox.Due, Shown: 1, Next: noon().Add(30 * time.Second), Fault: "ratelimited", Tried: true}))
	got = posting(t, a, p.ID)
	same(t, "paused", []any{outbox.Due, noon().Add(30 * time.Second), 1, "ratelimited"}, []any{got.State, got.Next, got.Tries, got.Fault})
	ok(t, a.SettlePosting(ctx, p.ID, outbox.Looked{State: outbox.Standing, Shown: 2, Next: noon().Add(time.Minute), Tried: true}))
	ok(t, a.SettlePosting(ctx, p.ID, outbox.Looked{State: outbox.Standing, Shown: 2}))
	got = posting(t, a, p.ID)
	same(t, "done", []any{outbox.Standing, time.Time{}, 2, ""}, []any{got.State, got.Next, got.Tries, got.Fault})
	// Due without a time is due.
	ok(t, a.SettlePosting(ctx, p.ID, outbox.Looked{State: outbox.Due, Shown: 2}))
	same(t, "due", []string{p.ID}, postingIDs(t, a, noon()))
}

func postingsOlderLook(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := card("lena", "r1")
	standing(t, a, p)
	ok(t, a.WantPostings(ctx, outbox.Want{ID: p.ID, At: noon()}))
	ok(t, a.SettlePosting(ctx, p.ID, outbox.Looked{State: outbox.Standing, Shown: 2}))
	// Whoever looked before that was slower, and may have sent what is old.
	ok(t, a.SettlePosting(ctx, p.ID, outbox.Looked{State: outbox.Standing, Shown: 1, Next: noon().Add(time.Hour)}))
	same(t, "again", []string{p.ID}, postingIDs(t, a, noon()))
}

// A twin of a card is found by whoever presses it. Its place and the want are one
// write, so that nobody killed in between leaves it as it was.
func placesUnknown(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	twin := outbox.Place{Channel: "D1", Stamp: "1772442000.000100", Made: noon()}
	for _, c := range []struct {
		id   string
		what func(*outbox.Place)
		want bool
	}{
		{"r1", func(*outbox.Place) {}, true},
		{"r2", func(p *outbox.Place) { p.Digest = "d" }, false},
		{"r3", func(p *outbox.Place) { p.Gone = true }, false},
	} {
		p := card("lena", c.id)
		standing(t, a, p)
		place := twin
		place.Posting, place.Stamp = p.ID, twin.Stamp+c.id
		c.what(&place)
		ok(t, a.PutPlace(ctx, place))
		got := posting(t, a, p.ID)
		same(t, c.id, []any{c.want, c.want}, []any{got.Wanted > got.Shown, slices.Contains(postingIDs(t, a, noon().AddDate(9, 0, 0)), p.ID)})
	}
}

func places(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	one := outbox.Place{Posting: "card/lena/r1", Channel: "D1", Stamp: "1772442000.000100", Digest: "d1", Made: noon()}
	two := outbox.Place{Posting: "card/lena/r1", Channel: "D1", Stamp: "1772442000.000200", Digest: "d1", Made: noon().Add(-time.Minute)}
	far := outbox.Place{Posting: "card/sam/r1", Channel: "D2", Stamp: one.Stamp, Made: noon()}
	for _, p := range []outbox.Place{one, two, far} {
		ok(t, a.PutPlace(ctx, p))
	}
	same(t, "places", []outbox.Place{two, one}, must[[]outbox.Place](t)(a.Places(ctx, one.Posting)))
	same(t, "by message", far, must[outbox.Place](t)(a.PlaceAt(ctx, "D2", one.Stamp)))
	changed := one
	changed.Digest, changed.Made = "d2", noon().Add(time.Hour)
	ok(t, a.PutPlace(ctx, changed))
	changed.Made = one.Made
	same(t, "changed", changed, must[outbox.Place](t)(a.PlaceAt(ctx, one.Channel, one.Stamp)))
	two.Gone = true
	ok(t, a.PutPlace(ctx, two))
	same(t, "left", []outbox.Place{changed}, must[[]outbox.Place](t)(a.Places(ctx, one.Posting)))
	same(t, "gone", two, must[outbox.Place](t)(a.PlaceAt(ctx, two.Channel, two.Stamp)))
	for _, at := range [][2]string{{"D3", one.Stamp}, {"D1", ""}, {"", ""}} {
		_, err := a.PlaceAt(ctx, at[0], at[1])
		isNotFound(t, err)
	}
	same(t, "of none", 0, len(must[[]outbox.Place](t)(a.Places(ctx, "card/rita/r1"))))
}
