package archive_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
)

func letterTo(person, id string) outbox.Letter {
	return outbox.Letter{ID: id, Person: person, Kind: outbox.Asked, Why: "asked", Case: acme, Requests: []string{acme + "/legal"}, At: monday(), Made: monday(), Next: monday(), State: outbox.Waiting}
}

func letterIDs(t *testing.T) func(all []outbox.Letter, err error) []string {
	return func(all []outbox.Letter, err error) []string {
		t.Helper()
		ok(t, err)
		ids := []string{}
		for _, l := range all {
			ids = append(ids, l.ID)
		}
		return ids
	}
}

func mailOf(message string, ids ...string) outbox.Mail {
	return outbox.Mail{Message: message, Token: "token of " + message, Letters: ids, At: monday()}
}

func letterTests() map[string]func(*testing.T, *archive.Archive) {
	ctx := context.Background()
	return map[string]func(*testing.T, *archive.Archive){
		"a letter is kept once, as it came first": func(t *testing.T, a *archive.Archive) {
			l := letterTo("lena", "n1")
			ok(t, a.PutLetter(ctx, l))
			other := l
			other.Person, other.Next = "sam", monday().Add(time.Hour)
			ok(t, a.PutLetter(ctx, other))
			l.Changed = monday()
			same(t, "letter", l, must[outbox.Letter](t)(a.Letter(ctx, "n1")))
			_, err := a.Letter(ctx, "n2")
			isNotFound(t, err)
			for _, l := range []outbox.Letter{{Person: "lena", Kind: outbox.Asked}, {ID: "x", Kind: outbox.Asked}, {ID: "x", Person: "lena"}} {
				if a.PutLetter(ctx, l) == nil {
					t.Errorf("%+v was taken", l)
				}
			}
		},
		"what is due comes in order, one-time links first": letterOrder,
		"a letter is taken by one":                         lettersTaken,
		"a mail comes to one end":                          lettersSettled,
		"one digest a day":                                 lettersDigest,
		"two hands at once take each letter once":          lettersRace,
		"a killed worker's letters become unknown": func(t *testing.T, a *archive.Archive) {
			ok(t, a.PutLetter(ctx, letterTo("lena", "n1")))
			ok(t, a.PutLetter(ctx, letterTo("lena", "n2")))
			must[bool](t)(a.TakeLetters(ctx, mailOf("m1", "n1")))
			same(t, "too early", 0, must[int](t)(a.GiveUpLetters(ctx, monday(), monday())))
			same(t, "in time", 1, must[int](t)(a.GiveUpLetters(ctx, monday().Add(time.Second), monday().Add(time.Hour))))
			l := must[outbox.Letter](t)(a.Letter(ctx, "n1"))
			same(t, "state", []any{outbox.Unknown, "no word", monday().Add(time.Hour)}, []any{l.State, l.Fault, l.Changed})
			same(t, "due", []string{"n2"}, letterIDs(t)(a.Letters(ctx, outbox.Which{By: outbox.ByDue, Now: monday().Add(999 * time.Hour)})))
			same(t, "again", false, must[bool](t)(a.SettleLetters(ctx, "m1", outbox.Settled{State: outbox.Waiting})))
			same(t, "its sender lives", true, must[bool](t)(a.SettleLetters(ctx, "m1", outbox.Settled{State: outbox.Sent, At: monday()})))
		},
		"who was not reached is told once": func(t *testing.T, a *archive.Archive) {
			signIn := letterTo("lena", "s1")
			signIn.Kind = outbox.SignIn
			for _, l := range []outbox.Letter{letterTo("lena", "n1"), letterTo("lena", "n2"), letterTo("sam", "n3"), signIn} {
				ok(t, a.PutLetter(ctx, l))
			}
			must[bool](t)(a.TakeLetters(ctx, mailOf("m1", "n1", "n2", "s1")))
			must[bool](t)(a.SettleLetters(ctx, "m1", outbox.Settled{State: outbox.Refused, Fault: "envelope 550", At: monday()}))
			ok(t, a.SettleWaiting(ctx, []string{"n3"}, outbox.Settled{State: outbox.Refused, Fault: "no address", At: monday()}))
			same(t, "untold", []string{"n1", "n2", "n3"}, letterIDs(t)(a.Letters(ctx, outbox.Which{By: outbox.ByUntold})))
			ok(t, a.ToldLetter(ctx, "n1"))
			same(t, "told", []string{"n2", "n3"}, letterIDs(t)(a.Letters(ctx, outbox.Which{By: outbox.ByUntold})))
			same(t, "trouble", []string{"n1", "n2", "n3", "s1"}, letterIDs(t)(a.Letters(ctx, outbox.Which{By: outbox.ByTrouble})))
			again := letterTo("lena", "n1+again")
			again.Again = "n1"
			ok(t, a.PutLetter(ctx, again))
			same(t, "repeated", []string{"n2", "n3", "s1"}, letterIDs(t)(a.Letters(ctx, outbox.Which{By: outbox.ByTrouble})))
			same(t, "the old one", true, must[outbox.Letter](t)(a.Letter(ctx, "n1")).Repeated)
		},
		"old links' letters are forgotten": func(t *testing.T, a *archive.Archive) {
			for i, kind := range []outbox.Kind{outbox.SignIn, outbox.SignIn, outbox.Asked} {
				l := letterTo("lena", fmt.Sprint("n", i))
				l.Kind = kind
				ok(t, a.PutLetter(ctx, l))
			}
			must[bool](t)(a.TakeLetters(ctx, mailOf("m1", "n0", "n2")))
			must[bool](t)(a.SettleLetters(ctx, "m1", outbox.Settled{State: outbox.Sent, At: monday()}))
			ok(t, a.PurgeLetters(ctx, monday()))
			same(t, "young", 3, len(must[[]outbox.Letter](t)(a.Letters(ctx, outbox.Which{By: outbox.ByPerson, Of: "lena"}))))
			ok(t, a.PurgeLetters(ctx, monday().Add(time.Second)))
			same(t, "old", []string{"n1", "n2"}, letterIDs(t)(a.Letters(ctx, outbox.Which{By: outbox.ByPerson, Of: "lena"}))) // n1 is on its way
		},
		"the end of a case is told once, to cases of which somebody was told": lettersOfEnds,
		"a case's head": func(t *testing.T, a *archive.Archive) {
			p := newCase(acme).opened()
			p.asks("legal", "lena")
			p.file(t, a)
			v := must[string](t)(func() (string, error) {
				v, err := a.CaseHead(ctx, acme)
				return v.Requester + fmt.Sprint(len(v.Requests)), err
			}())
			same(t, "head", "rita0", v)
			_, err := a.CaseHead(ctx, "onboarding/none/1")
			isNotFound(t, err)
		},
	}
}

func letterOrder(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	same(t, "none", []string{}, letterIDs(t)(a.Letters(ctx, outbox.Which{By: outbox.ByNext})))
	if _, err := a.Letters(ctx, outbox.Which{By: "colour"}); err == nil {
		t.Error("letters have no colour")
	}
	for i, id := range []string{"c", "b", "a", "later", "link"} {
		l := letterTo([]string{"lena", "sam"}[i%2], id)
		l.Next = monday().Add(time.Duration(i%2) * time.Minute)
		switch id {
		case "later":
			l.Next = monday().Add(time.Hour)
		case "link":
			l.Kind, l.Next = outbox.SignIn, monday().Add(2*time.Minute)
		}
		ok(t, a.PutLetter(ctx, l))
	}
	same(t, "due", []string{"link", "a", "c", "b"}, letterIDs(t)(a.Letters(ctx, outbox.Which{By: outbox.ByDue, Now: monday().Add(2 * time.Minute)})))
	same(t, "at the instant", []string{"a", "c"}, letterIDs(t)(a.Letters(ctx, outbox.Which{By: outbox.ByDue, Now: monday()})))
	same(t, "next", 1, len(must[[]outbox.Letter](t)(a.Letters(ctx, outbox.Which{By: outbox.ByNext}))))
	same(t, "of sam", []string{"b", "later"}, letterIDs(t)(a.Letters(ctx, outbox.Which{By: outbox.ByWaiting, Of: "sam"})))
	ok(t, a.SettleWaiting(ctx, []string{"a", "none"}, outbox.Settled{State: outbox.Waiting, Next: monday().Add(3 * time.Hour), At: monday()}))
	ok(t, a.SettleWaiting(ctx, []string{"c"}, outbox.Settled{State: outbox.Waiting, Next: monday().Add(4 * time.Hour), At: monday().Add(time.Minute), Fault: "connection"}))
	one, other := must[outbox.Letter](t)(a.Letter(ctx, "a")), must[outbox.Letter](t)(a.Letter(ctx, "c"))
	same(t, "put off", []any{0, "", monday().Add(3 * time.Hour)}, []any{one.Tries, one.Fault, one.Next})
	same(t, "tried", []any{1, "connection", monday().Add(time.Minute), monday().Add(4 * time.Hour)}, []any{other.Tries, other.Fault, other.First, other.Next})
	same(t, "of the case", 5, len(must[[]outbox.Letter](t)(a.Letters(ctx, outbox.Which{By: outbox.ByCase, Of: acme}))))
}

func lettersTaken(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	for _, id := range []string{"n1", "n2", "n3"} {
		ok(t, a.PutLetter(ctx, letterTo("lena", id)))
	}
	take := func(want bool, m outbox.Mail) {
		t.Helper()
		same(t, m.Message, want, must[bool](t)(a.TakeLetters(ctx, m)))
	}
	take(true, mailOf("m1", "n1", "n2"))
	take(false, mailOf("m2", "n3", "n2")) // all or none
	same(t, "n3", outbox.Waiting, must[outbox.Letter](t)(a.Letter(ctx, "n3")).State)
	take(false, mailOf("m2", "none"))
	same(t, "of the mail", []string{"n1", "n2"}, letterIDs(t)(a.Letters(ctx, outbox.Which{By: outbox.ByMessage, Of: "m1"})))
	same(t, "of the bounce", []string{"n1", "n2"}, letterIDs(t)(a.Letters(ctx, outbox.Which{By: outbox.ByToken, Of: "token of m1"})))
	same(t, "of no mail", []string{}, letterIDs(t)(a.Letters(ctx, outbox.Which{By: outbox.ByMessage, Of: ""})))
	same(t, "of no bounce", []string{}, letterIDs(t)(a.Letters(ctx, outbox.Which{By: outbox.ByToken, Of: ""})))
	must[bool](t)(a.SettleLetters(ctx, "m1", outbox.Settled{State: outbox.Waiting, Next: monday().Add(time.Minute), Fault: "data 451", At: monday()}))
	take(false, mailOf("m9", "n1")) // it stays the mail that it was
	take(true, mailOf("m1", "n1", "n2"))
	same(t, "tries", 2, must[outbox.Letter](t)(a.Letter(ctx, "n1")).Tries)
	for _, m := range []outbox.Mail{{Letters: []string{"n3"}}, {Message: "m"}} {
		if _, err := a.TakeLetters(ctx, m); err == nil {
			t.Errorf("%+v was taken", m)
		}
	}
}

// Every way from state to state that Settle is asked for.
func lettersSettled(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	n := 0
	for _, c := range []struct {
		first, second outbox.State
		changes       bool
	}{
		{outbox.Sent, outbox.Bounced, true}, {outbox.Sent, outbox.Sent, false}, {outbox.Sent, outbox.Refused, false}, {outbox.Sent, outbox.Unknown, false},
		{outbox.Unknown, outbox.Sent, true}, {outbox.Unknown, outbox.Bounced, true}, {outbox.Unknown, outbox.Waiting, false},
		{outbox.Refused, outbox.Sent, false}, {outbox.Refused, outbox.Bounced, false}, {outbox.Bounced, outbox.Sent, false},
		{outbox.Bounced, outbox.Bounced, false}, {outbox.Waiting, outbox.Bounced, false},
	} {
		n++
		id, message := fmt.Sprint("n", n), fmt.Sprint("m", n)
		ok(t, a.PutLetter(ctx, letterTo("lena", id)))
		must[bool](t)(a.TakeLetters(ctx, mailOf(message, id)))
		same(t, "first", true, must[bool](t)(a.SettleLetters(ctx, message, outbox.Settled{State: c.first, At: monday()})))
		got := must[bool](t)(a.SettleLetters(ctx, message, outbox.Settled{State: c.second, At: monday().Add(time.Hour)}))
		want := c.first
		if c.changes {
			want = c.second
		}
		same(t, fmt.Sprint(c.first, " then ", c.second), []any{c.changes, want}, []any{got, must[outbox.Letter](t)(a.Letter(ctx, id)).State})
	}
	same(t, "of none", false, must[bool](t)(a.SettleLetters(ctx, "none", outbox.Settled{State: outbox.Sent})))
	if _, err := a.SettleLetters(ctx, "", outbox.Settled{State: outbox.Sent}); err == nil {
		t.Error("a mail without a Message-ID was settled")
	}
	if _, err := a.SettleLetters(ctx, "m1", outbox.Settled{State: outbox.Sending}); err == nil {
		t.Error("sending is no end")
	}
}

func lettersDigest(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	same(t, "none yet", "", must[string](t)(a.LastDigest(ctx, "lena")))
	take := func(want bool, id, day string) {
		t.Helper()
		ok(t, a.PutLetter(ctx, letterTo("lena", id)))
		m := mailOf("m"+id, id)
		m.Person, m.Day = "lena", day
		same(t, id, want, must[bool](t)(a.TakeLetters(ctx, m)))
	}
	take(true, "n1", "2026-03-02")
	take(false, "n2", "2026-03-02")
	take(false, "n3", "2026-03-01")
	same(t, "n2 waits", outbox.Waiting, must[outbox.Letter](t)(a.Letter(ctx, "n2")).State)
	take(true, "n4", "2026-03-03")
	same(t, "last", "2026-03-03", must[string](t)(a.LastDigest(ctx, "lena")))
	// A digest whose letters somebody else took leaves the day free.
	m := mailOf("m5", "n4")
	m.Person, m.Day = "lena", "2026-03-04"
	same(t, "taken", false, must[bool](t)(a.TakeLetters(ctx, m)))
	same(t, "last", "2026-03-03", must[string](t)(a.LastDigest(ctx, "lena")))
}

func lettersRace(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	const letters, hands = 40, 4
	for i := range letters {
		ok(t, a.PutLetter(ctx, letterTo("lena", fmt.Sprint("n", i))))
	}
	var taken atomic.Int64
	var wg sync.WaitGroup
	for h := range hands {
		wg.Go(func() {
			for i := range letters / 2 { // overlapping pairs, in unlike orders
				one, two := (2*i+h)%letters, (2*i+h+1)%letters
				ids := []string{fmt.Sprint("n", min(one, two)), fmt.Sprint("n", max(one, two))}
				got, err := a.TakeLetters(ctx, mailOf(fmt.Sprint("m", h, "-", i), ids...))
				if err != nil {
					t.Error(err)
				}
				if got {
					taken.Add(2)
				}
			}
		})
	}
	wg.Wait()
	sending := 0
	for i := range letters {
		if l := must[outbox.Letter](t)(a.Letter(ctx, fmt.Sprint("n", i))); l.State == outbox.Sending {
			sending++
			same(t, "tries of "+l.ID, 1, l.Tries)
		}
	}
	if int64(sending) != taken.Load() || sending < letters/2 {
		t.Errorf("%d are being sent, %d were taken", sending, taken.Load())
	}
}

func lettersOfEnds(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	for _, id := range []string{acme, "onboarding/bolt/1", "onboarding/told/1"} {
		p := newCase(id).opened()
		if id != "onboarding/bolt/1" {
			l := letterTo("lena", "n-"+id)
			l.Case = id
			ok(t, a.PutLetter(ctx, l))
		}
		p.file(t, a)
	}
	same(t, "none is over", 0, len(must[[]string](t)(a.EndedCases(ctx))))
	for _, id := range []string{acme, "onboarding/bolt/1"} {
		p := &process{id: id, of: id, n: 2, at: monday().Add(time.Hour)}
		p.ends(t, a)
	}
	same(t, "over", []string{acme}, must[[]string](t)(a.EndedCases(ctx)))
	end := letterTo("rita", "end")
	end.Kind, end.Why = outbox.Outcome, outbox.WhyEnded
	ok(t, a.PutLetter(ctx, end))
	ok(t, a.PutLetter(ctx, letterTo("lena", "afterwards")))
	same(t, "told", 0, len(must[[]string](t)(a.EndedCases(ctx))))
}

// ends files that the case is over.
func (p *process) ends(t *testing.T, a *archive.Archive) {
	t.Helper()
	p.say(dossier.Entry{Kind: dossier.ProcessEnded, Run: "run-1", Detail: &dossier.Detail{Result: "live"}})
	p.say(dossier.Entry{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: "live"}})
	p.file(t, a)
}
