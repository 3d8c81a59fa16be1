package archive_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gangway/internal/archive"
	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

func arrivalTests() map[string]func(*testing.T, *archive.Archive) {
	return map[string]func(*testing.T, *archive.Archive){
		"a mail is kept once, as it came first":         arrivalOnce,
		"a mail is settled once":                        arrivalSettledOnce,
		"what is kept, of a case or of a kind is found": arrivalLists,
		"a mail of a case is in its chain":              arrivalFiled,
		"a mail goes on with nothing missing":           arrivalFaults,
		"a cursor is the newest word":                   cursors,
		"an event is taken in once, and forgotten":      mailEvents,
	}
}

// arrival puts a mail with its document.
func arrival(t *testing.T, a *archive.Archive, id string) arrivals.Arrival {
	t.Helper()
	paper := put(t, a, "From: vera@acme.example\nMessage-ID: <"+id+">\n\nhello")
	kept, first, err := a.PutArrival(context.Background(), arrivals.Arrival{ID: id, Raw: paper.Digest, Size: paper.Size, Came: noon()})
	ok(t, err)
	same(t, "first", true, first)
	return kept
}

func arrivalIDs(t *testing.T, a *archive.Archive, by, of string) []string {
	t.Helper()
	ids := []string{}
	for _, m := range must[[]arrivals.Arrival](t)(a.Arrivals(context.Background(), by, of, 100)) {
		ids = append(ids, m.ID)
	}
	return ids
}

func arrivalOnce(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	kept := arrival(t, a, "m1")
	same(t, "state", arrivals.Kept, kept.State)
	other := put(t, a, "Received: by another way\nFrom: vera@acme.example\n\nhello")
	again, first, err := a.PutArrival(ctx, arrivals.Arrival{ID: "m1", Raw: other.Digest, Size: 1, Came: noon().Add(time.Hour), State: arrivals.Settled, Kind: arrivals.Decision, Answer: "x"})
	ok(t, err)
	same(t, "again", []any{false, kept}, []any{first, again})
	same(t, "read", kept, must[arrivals.Arrival](t)(a.Arrival(ctx, "m1")))
	_, err = a.Arrival(ctx, "m2")
	isNotFound(t, err)
}

func arrivalSettledOnce(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	kept := arrival(t, a, "m1")
	said := arrivals.Arrival{ID: "m1", Raw: "sha256:other", Size: 7, Came: noon().Add(time.Hour), State: arrivals.Kept, Kind: arrivals.Comment, Person: "lena",
		Request: "r1", Answer: "mail-m1", Why: []arrivals.Why{arrivals.NotAligned, arrivals.Unclear}, Done: noon().Add(time.Minute)}
	ok(t, a.SettleArrival(ctx, said))
	said.Raw, said.Size, said.Came, said.State = kept.Raw, kept.Size, kept.Came, arrivals.Settled
	same(t, "settled", said, must[arrivals.Arrival](t)(a.Arrival(ctx, "m1")))
	ok(t, a.SettleArrival(ctx, arrivals.Arrival{ID: "m1", Kind: arrivals.Decision, Answer: "mail-m1", Outcome: "counted", Case: "onboarding/nowhere/1"}))
	same(t, "it stays", said, must[arrivals.Arrival](t)(a.Arrival(ctx, "m1")))
	again, first, err := a.PutArrival(ctx, arrivals.Arrival{ID: "m1", Raw: kept.Raw, Size: kept.Size, Came: noon()})
	ok(t, err)
	same(t, "seen again", []any{false, said}, []any{first, again})
	isNotFound(t, a.SettleArrival(ctx, arrivals.Arrival{ID: "m2", Kind: arrivals.Stray}))
}

func arrivalLists(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	newCase(acme).opened().file(t, a)
	for i, id := range []string{"m3", "m1", "m2", "m4"} {
		paper := put(t, a, id)
		_, _, err := a.PutArrival(ctx, arrivals.Arrival{ID: id, Raw: paper.Digest, Came: noon().Add(time.Duration(i/2) * time.Minute)})
		ok(t, err)
	}
	same(t, "kept", []string{"m1", "m3", "m2", "m4"}, arrivalIDs(t, a, archive.ArrivalsKept, ""))
	for id, kind := range map[string]arrivals.Kind{"m1": arrivals.Stray, "m2": arrivals.Stray, "m3": arrivals.Comment} {
		m := arrivals.Arrival{ID: id, Kind: kind}
		if kind == arrivals.Comment {
			m.Case = acme
		}
		ok(t, a.SettleArrival(ctx, m))
	}
	same(t, "still kept", []string{"m4"}, arrivalIDs(t, a, archive.ArrivalsKept, ""))
	same(t, "strays", []string{"m2", "m1"}, arrivalIDs(t, a, string(arrivals.Stray), ""))
	same(t, "of the case", []string{"m3"}, arrivalIDs(t, a, archive.ArrivalsCase, acme))
	same(t, "of none", []string{}, arrivalIDs(t, a, archive.ArrivalsCase, ""))
	same(t, "of another", []string{}, arrivalIDs(t, a, archive.ArrivalsCase, "onboarding/bolt/1"))
	same(t, "one", 1, len(must[[]arrivals.Arrival](t)(a.Arrivals(ctx, string(arrivals.Stray), "", 1))))
	same(t, "none", 0, len(must[[]arrivals.Arrival](t)(a.Arrivals(ctx, archive.ArrivalsKept, "", -1))))
	if _, err := a.Arrivals(ctx, "", "", 1); err == nil {
		t.Error("listed by nothing")
	}
}

func arrivalFiled(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	newCase(acme).opened().file(t, a)
	_, err := a.KeepText(ctx, "mail-m1", review.Text{Inside: "we are on it"})
	ok(t, err)
	kept := arrival(t, a, "m1")
	same(t, "not yet", false, must[bool](t)(a.HasCaseDocument(ctx, acme, kept.Raw)))
	said := arrivals.Arrival{ID: "m1", Kind: arrivals.Decision, Person: "lena", Case: acme, Request: "r1", Answer: "mail-m1",
		Why: []arrivals.Why{arrivals.Unclear}, Outcome: "refused", Done: noon().Add(time.Minute)}
	for range 2 {
		ok(t, a.SettleArrival(ctx, said))
	}
	lines := chain(t, a, acme)
	same(t, "lines", 3, len(lines))
	e := lines[2].Entry
	same(t, "entry", dossier.Entry{ID: acme + "#archive/mail-m1", Case: acme, Process: acme, Kind: dossier.MailFiled, At: said.Done, CaseAt: e.CaseAt,
		Detail: &dossier.Detail{Document: kept.Raw, Size: kept.Size, Media: "message/rfc822", Result: "decision", Person: "lena", Request: "r1",
			Arrived: kept.Came, Values: []string{"unclear"}, Outcome: &review.Outcome{Status: review.Refused}}}, e)
	same(t, "body", (*dossier.Body)(nil), lines[2].Body)
	same(t, "the case has it", true, must[bool](t)(a.HasCaseDocument(ctx, acme, kept.Raw)))
	same(t, "view", dossier.Fold(lines), must[dossier.CaseView](t)(a.Case(ctx, acme)))
	// The text waits for the entry of the answer.
	_, found, err := a.Text(ctx, "mail-m1")
	ok(t, err)
	same(t, "text", true, found)
}

func arrivalFaults(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	paper := put(t, a, "raw")
	for i, m := range []arrivals.Arrival{{Raw: paper.Digest, Came: noon()}, {ID: "m1", Came: noon()}, {ID: "m1", Raw: paper.Digest}} {
		if _, _, err := a.PutArrival(ctx, m); err == nil {
			t.Errorf("%d was kept", i)
		}
	}
	_, _, err := a.PutArrival(ctx, arrivals.Arrival{ID: "m1", Raw: "sha256:0", Came: noon()})
	isNotFound(t, err)
	arrival(t, a, "m1")
	for i, m := range []arrivals.Arrival{{Kind: arrivals.Stray}, {ID: "m1"}} {
		if a.SettleArrival(ctx, m) == nil {
			t.Errorf("%d was settled", i)
		}
	}
	isNotFound(t, a.SettleArrival(ctx, arrivals.Arrival{ID: "m1", Kind: arrivals.Comment, Case: "onboarding/nowhere/1"}))
	same(t, "nothing happened", []string{"m1"}, arrivalIDs(t, a, archive.ArrivalsKept, ""))
	if a.PutCursor(ctx, arrivals.Cursor{Last: 1}) == nil {
		t.Error("a cursor of no mailbox")
	}
}

func cursors(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	_, err := a.Cursor(ctx, "gangway/INBOX")
	isNotFound(t, err)
	for _, c := range []arrivals.Cursor{
		{Mailbox: "gangway/INBOX", Validity: 1<<32 - 1, Last: 1<<32 - 1, At: noon()}, {Mailbox: "gangway/INBOX", Validity: 2, Last: 1, At: noon().Add(time.Hour)},
		{Mailbox: "gangway/INBOX", Validity: 2}, {Mailbox: "other/INBOX", Validity: 3, Last: 4, At: noon()},
	} {
		ok(t, a.PutCursor(ctx, c))
		same(t, "cursor", c, must[arrivals.Cursor](t)(a.Cursor(ctx, c.Mailbox)))
	}
	same(t, "each its own", uint32(2), must[arrivals.Cursor](t)(a.Cursor(ctx, "gangway/INBOX")).Validity)
}

func mailEvents(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	long := noon().Add(-11 * 24 * time.Hour)
	for i, c := range []struct {
		id    string
		at    time.Time
		first bool
	}{{"e1", noon(), true}, {"e1", noon().Add(time.Hour), false}, {"e2", long, true}, {"e2", noon(), false}} {
		same(t, fmt.Sprint(i), c.first, must[bool](t)(a.NewMailEvent(ctx, c.id, c.at)))
	}
	ok(t, a.Sweep(ctx))
	same(t, "of now", false, must[bool](t)(a.NewMailEvent(ctx, "e1", noon())))
	same(t, "of long ago", true, must[bool](t)(a.NewMailEvent(ctx, "e2", noon())))
	for _, at := range []time.Time{{}, noon()} {
		if _, err := a.NewMailEvent(ctx, map[bool]string{true: "e", false: ""}[at.IsZero()], at); err == nil {
			t.Error("an event without an id or an instant")
		}
	}
}
