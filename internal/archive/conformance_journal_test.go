package archive_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

const acme = "onboarding/acme/1"

func journalTests() map[string]func(*testing.T, *archive.Archive) {
	ctx := context.Background()
	return map[string]func(*testing.T, *archive.Archive){
		"a chain without lines is empty": func(t *testing.T, a *archive.Archive) {
			same(t, "lines", 0, len(chain(t, a, "nobody/1")))
		},
		"lines come back as they were written, chained": func(t *testing.T, a *archive.Archive) {
			p := newCase(acme).opened()
			p.asks("legal", "lena", "sam")
			want := p.rest
			p.file(t, a)
			lines := chain(t, a, acme)
			var got []dossier.Entry
			for _, l := range lines {
				got = append(got, l.Entry)
			}
			same(t, "entries", want, got)
		},
		"the same entry again changes nothing": func(t *testing.T, a *archive.Archive) {
			p := newCase(acme).opened()
			twice := p.rest
			p.file(t, a)
			before, view := chain(t, a, acme), must[dossier.CaseView](t)(a.Case(ctx, acme))
			ok(t, a.Append(ctx, twice))
			ok(t, a.Append(ctx, append(twice, twice...)))
			same(t, "chain", before, chain(t, a, acme))
			same(t, "view", view, must[dossier.CaseView](t)(a.Case(ctx, acme)))
		},
		"a conflict is kept once, flagged and outside the views":    conflictIsKept,
		"a gap is refused whole and can be filled":                  gapIsRefused,
		"a later gap leaves nothing of its batch":                   gapLeavesNothing,
		"a long list arrives whole":                                 longList,
		"entries of a case and of the register come in one call":    twoChains,
		"ids that are no workflow's leave no gap":                   otherIDs,
		"what JSON can't say exactly does not break the chain":      notExact,
		"an entry without id, case or kind is refused":              incomplete,
		"a body of the caller's joins the kept text":                bodyJoins,
		"an answer's line is found":                                 answersLine,
		"two lines of one answer: the first takes the text":         firstTakesText,
		"the digests in the facts fit the body":                     digestsFit,
		"a conflict leaves the kept text to the entry that stands":  conflictLeavesText,
		"bodies of an entry that stands already stay as they were":  firstBodyStays,
		"a cancelled call writes nothing":                           cancelled,
		"children count their own entries in the chain of the case": children,
	}
}

func conflictIsKept(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := newCase(acme).opened()
	p.say(dossier.Entry{Kind: dossier.StageReached, Detail: &dossier.Detail{Stage: "review"}})
	p.file(t, a)
	view := must[dossier.CaseView](t)(a.Case(ctx, acme))
	other := chain(t, a, acme)[2].Entry
	other.Run, other.Detail = "run-2", &dossier.Detail{Stage: "contract"}
	for range 3 {
		ok(t, a.Append(ctx, []dossier.Entry{other}))
	}
	third := other
	third.Run = "run-3"
	ok(t, a.Append(ctx, []dossier.Entry{third, other, third}))
	lines := chain(t, a, acme)
	var flags []bool
	for _, l := range lines {
		flags = append(flags, l.Conflict)
	}
	same(t, "flags", []bool{false, false, false, true, true}, flags)
	same(t, "kept", other, lines[3].Entry)
	same(t, "view", view, must[dossier.CaseView](t)(a.Case(ctx, acme)))
	p.say(dossier.Entry{Kind: dossier.StageReached, Detail: &dossier.Detail{Stage: "live"}})
	p.file(t, a)
	same(t, "stage", "live", must[dossier.CaseView](t)(a.Case(ctx, acme)).Stage)
}

func gapIsRefused(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := newCase(acme).opened()
	early, late := p.rest[:1], p.rest[1:]
	err := a.Append(ctx, late)
	var gap dossier.GapError
	if !errors.As(err, &gap) {
		t.Fatalf("want GapError, got %v", err)
	}
	same(t, "gap", dossier.GapError{Process: acme, Want: 1, Got: 2}, gap)
	same(t, "lines", 0, len(chain(t, a, acme)))
	ok(t, a.Append(ctx, early))
	ok(t, a.Append(ctx, late))
	same(t, "lines", 2, len(chain(t, a, acme)))
}

func gapLeavesNothing(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := newCase(acme).opened()
	id := p.asks("legal", "lena")
	holed := append(p.rest[:2:2], p.rest[3:]...)
	if err := a.Append(ctx, holed); !errors.As(err, new(dossier.GapError)) {
		t.Fatalf("want GapError, got %v", err)
	}
	same(t, "lines", 0, len(chain(t, a, acme)))
	_, err := a.Case(ctx, acme)
	isNotFound(t, err)
	_, err = a.Request(ctx, id)
	isNotFound(t, err)
}

func longList(t *testing.T, a *archive.Archive) {
	p := newCase(acme).opened()
	for range 250 {
		p.say(dossier.Entry{Kind: dossier.Noted})
	}
	again := p.rest
	p.file(t, a)
	ok(t, a.Append(context.Background(), again))
	same(t, "lines", 252, len(chain(t, a, acme)))
	same(t, "folded", 252, must[dossier.CaseView](t)(a.Case(context.Background(), acme)).Lines)
}

func twoChains(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := newCase(acme).opened()
	twin := p.rest[0]
	twin.Case = dossier.Register // the same id, in the register
	ok(t, a.Append(ctx, []dossier.Entry{p.rest[0], twin, p.rest[1]}))
	p.rest = nil
	p.of = dossier.Register
	p.say(dossier.Entry{Kind: dossier.PlaybookUsed, Detail: &dossier.Detail{Digest: "sha256:01"}})
	p.of = acme
	p.say(dossier.Entry{Kind: dossier.StageReached, Detail: &dossier.Detail{Stage: "review"}})
	p.file(t, a)
	same(t, "case", 3, len(chain(t, a, acme)))
	same(t, "register", 2, len(chain(t, a, dossier.Register)))
	if chain(t, a, acme)[0].Prev == chain(t, a, dossier.Register)[0].Prev {
		t.Error("two chains begin alike")
	}
	same(t, "cases", 1, len(must[[]dossier.CaseView](t)(a.Cases(ctx))))
}

func otherIDs(t *testing.T, a *archive.Archive) {
	p := newCase(acme).opened()
	p.file(t, a)
	for _, id := range []string{"#desk/web-9", "#activity/7/2", "#archive/9", "#007", "#", "#9x", ""} {
		e := dossier.Entry{ID: acme + id, Case: acme, Process: acme, Kind: dossier.Noted, At: monday(), CaseAt: monday()}
		ok(t, a.Append(context.Background(), []dossier.Entry{e}))
	}
	same(t, "lines", 9, len(chain(t, a, acme)))
}

func notExact(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := newCase(acme).opened()
	e := p.say(dossier.Entry{Kind: dossier.Noted, Detail: &dossier.Detail{Result: "a\xffb", Entries: []string{}, Name: "<&>\u2028"}})
	again := p.rest
	p.file(t, a)
	ok(t, a.Append(ctx, again))
	note := dossier.Entry{ID: acme + "#desk/1", Case: acme, Process: acme, Kind: dossier.Noted, At: e.At, CaseAt: e.CaseAt}
	ok(t, a.AppendBody(ctx, note, dossier.Body{Inside: "\xfe\u202eevil\x00", Names: []dossier.Name{}}))
	same(t, "lines", 4, len(chain(t, a, acme)))
}

func incomplete(t *testing.T, a *archive.Archive) {
	for _, e := range []dossier.Entry{
		{Case: acme, Kind: dossier.Noted}, {ID: "x#1", Kind: dossier.Noted}, {ID: "x#1", Case: acme},
	} {
		if err := a.Append(context.Background(), []dossier.Entry{newCase(acme).opened().rest[0], e}); err == nil {
			t.Errorf("%+v was taken", e)
		}
	}
	same(t, "lines", 0, len(chain(t, a, acme)))
}

func bodyJoins(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	names := []dossier.Name{{ID: "acme", Name: "Acme GmbH"}}
	must[review.Written](t)(a.KeepText(ctx, "in-1", review.Text{Inside: "why", Vendor: "hello"}))
	p := newCase(acme)
	e := p.say(dossier.Entry{Kind: dossier.CaseOpened, Answer: "in-1", Detail: &dossier.Detail{Vendor: "acme"}})
	ok(t, a.AppendBody(ctx, e, dossier.Body{Names: names}))
	same(t, "body", &dossier.Body{Inside: "why", Vendor: "hello", Names: names}, chain(t, a, acme)[0].Body)
}

func answersLine(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := newCase(acme).opened()
	id := p.asks("legal", "lena")
	p.answers("web-1", id, "lena", review.Approve, 1, review.Written{})
	f := review.Fact{Kind: review.FactSnoozed, Request: id, Person: "lena", Answer: "web-2"}
	bare := p.say(dossier.Entry{Kind: dossier.Request, Fact: &f}) // the answer stands in the fact only
	p.file(t, a)
	l, found, err := a.AnswerLine(ctx, "web-1")
	ok(t, err)
	same(t, "found, n", []any{true, 5}, []any{found, l.N})
	l, found, err = a.AnswerLine(ctx, "web-2")
	ok(t, err)
	same(t, "found, id", []any{true, bare.ID}, []any{found, l.Entry.ID})
	_, found, err = a.AnswerLine(ctx, "web-3")
	ok(t, err)
	same(t, "unknown", false, found)
}

func firstTakesText(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	must[review.Written](t)(a.KeepText(ctx, "web-1", review.Text{Inside: "a conflict"}))
	p := newCase(acme).opened()
	id := p.asks("legal", "lena")
	p.fact(review.Fact{Kind: review.FactRecused, Request: id, Person: "lena", Answer: "web-1"})
	p.fact(review.Fact{Kind: review.FactSeated, Request: id, Seat: "lena", Person: "bo", Answer: "web-1", Holder: &review.Holder{Person: "bo"}})
	p.file(t, a)
	lines := chain(t, a, acme)
	same(t, "first", &dossier.Body{Inside: "a conflict"}, lines[4].Body)
	same(t, "second", (*dossier.Body)(nil), lines[5].Body)
}

func digestsFit(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	w := must[review.Written](t)(a.KeepText(ctx, "web-1", review.Text{Inside: "too broad", Vendor: "please narrow 7.2"}))
	p := newCase(acme).opened()
	p.answers("web-1", p.asks("legal", "lena"), "lena", review.Changes, 1, w)
	p.file(t, a)
	l := chain(t, a, acme)[4]
	same(t, "written", l.Entry.Fact.Written, review.Written{
		Inside: dossier.BodyDigest(l.Salt, dossier.Body{Inside: l.Body.Inside}),
		Vendor: dossier.BodyDigest(l.Salt, dossier.Body{Vendor: l.Body.Vendor}),
	})
}

func conflictLeavesText(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := newCase(acme).opened()
	p.file(t, a)
	must[review.Written](t)(a.KeepText(ctx, "web-1", review.Text{Inside: "mine"}))
	other := chain(t, a, acme)[1].Entry
	other.Answer = "web-1"
	ok(t, a.Append(ctx, []dossier.Entry{other}))
	same(t, "conflict", (*dossier.Body)(nil), chain(t, a, acme)[2].Body)
	p.say(dossier.Entry{Kind: dossier.Noted, Answer: "web-1"})
	p.file(t, a)
	same(t, "entry", &dossier.Body{Inside: "mine"}, chain(t, a, acme)[3].Body)
}

func firstBodyStays(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	e := newCase(acme).opened().rest[0]
	ok(t, a.AppendBody(ctx, e, dossier.Body{Inside: "one"}))
	before := chain(t, a, acme)
	ok(t, a.AppendBody(ctx, e, dossier.Body{Inside: "two"}))
	ok(t, a.Append(ctx, []dossier.Entry{e}))
	if d := cmp.Diff(before, chain(t, a, acme)); d != "" {
		t.Error(d)
	}
}

func cancelled(t *testing.T, a *archive.Archive) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := a.Append(ctx, newCase(acme).opened().rest); !errors.Is(err, context.Canceled) {
		t.Errorf("want Canceled, got %v", err)
	}
	same(t, "lines", 0, len(chain(t, a, acme)))
}

func children(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	p := newCase(acme).opened()
	child := &process{id: "contract/acme/1", of: acme, at: monday()}
	child.say(dossier.Entry{Kind: dossier.ProcessStarted, Run: "run-9", Detail: &dossier.Detail{Parent: acme}})
	id := child.asks("legal", "lena")
	p.file(t, a)
	child.file(t, a)
	v := must[dossier.CaseView](t)(a.Case(ctx, acme))
	same(t, "processes", []string{acme, "contract/acme/1"}, []string{v.Processes[0].ID, v.Processes[1].ID})
	same(t, "request", id, must[review.Request](t)(a.Request(ctx, id)).ID)
	same(t, "n", fmt.Sprint("contract/acme/1#", 3), chain(t, a, acme)[4].Entry.ID)
}
