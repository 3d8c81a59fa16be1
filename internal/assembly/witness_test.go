package assembly

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/config"
	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/mail/mailtest"
	"gangway/internal/review"
)

// decidedCase are the entries of a case that is over: asked, decided, closed, its history
// filed.
func decidedCase(t *testing.T, a *archive.Archive, verdict review.Verdict) []dossier.Entry {
	t.Helper()
	paper, err := a.Put(t.Context(), strings.NewReader(`{"events":[]}`), 1<<10)
	ok(t, err)
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	var all []dossier.Entry
	say := func(e dossier.Entry) {
		e.ID, e.Case, e.Process, e.Run, e.At, e.CaseAt = rootID+"#"+string(rune('a'+len(all))), rootID, rootID, "run", at, at
		all = append(all, e)
	}
	request := review.Request{ID: rootID + ":legal.1", Case: rootID, Process: rootID, Step: "legal", Kind: review.Decision, Title: "The contract", Owner: "tom", Opened: at,
		Policy:   review.Policy{Groups: []review.Group{{Name: "all", Rule: review.RuleAll, Seats: []review.Seat{{ID: "legal"}}}}},
		Seatings: []review.Seating{{Seat: "legal", Holders: []review.Holder{{Person: "maya", Since: at}}}}}
	say(dossier.Entry{Kind: dossier.CaseOpened, Detail: &dossier.Detail{Vendor: "acme", Owner: "tom", Requester: "tom"}})
	say(dossier.Entry{Kind: dossier.ProcessStarted, Detail: &dossier.Detail{}})
	say(dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactOpened, Request: request.ID, Opened: &request, At: at}})
	say(dossier.Entry{Kind: dossier.Request, Answer: "a1", Fact: &review.Fact{Kind: review.FactCounted, Request: request.ID, Seat: "legal", Person: "maya", Answer: "a1", At: at,
		Ballot: &review.Ballot{Answer: "a1", Seat: "legal", Person: "maya", Verdict: verdict, At: at}}})
	say(dossier.Entry{Kind: dossier.ProcessEnded, Detail: &dossier.Detail{Result: "declined"}})
	say(dossier.Entry{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: "declined"}})
	say(dossier.Entry{Kind: dossier.HistoryFiled, Detail: &dossier.Detail{Document: paper.Digest, Size: paper.Size, Media: "application/json", Name: "history"}})
	return all
}

// TestAWitnessKnowsBetter: a case is sealed by the house's own loops, and the witness gets
// its checkpoint by mail. Later somebody turns the one decision in it around, counts every
// hash anew and signs with a key of theirs: nothing in that dossier says otherwise, but the
// mail does, and names where.
func TestAWitnessKnowsBetter(t *testing.T) {
	t.Parallel()
	server, err := mailtest.Start(mailtest.Options{})
	ok(t, err)
	t.Cleanup(func() { ok(t, server.Close()) })
	h := open1(t, Options{Dir: t.TempDir(), Address: "http://127.0.0.1:8470", Log: quiet(), Mail: config.Mail{From: "gangway@gangway.example", Witness: "auditor@example.net",
		SMTP: config.SMTP{Host: server.Host(), Port: server.Port(), TLS: "none"}}}, &well{engine{started: make(chan string, 8)}})
	ok(t, h.SeedExample(t.Context()))
	ok(t, h.Archive.Append(t.Context(), decidedCase(t, h.Archive, review.Reject)))
	ctx, stop := context.WithCancel(context.Background())
	var loops sync.WaitGroup
	loops.Go(func() { h.Run(ctx) })
	t.Cleanup(func() { stop(); loops.Wait() })
	kept, err := server.Next(t.Context(), "auditor@example.net", 0)
	ok(t, err)

	dir := t.TempDir()
	other, err := archive.Open(t.Context(), archive.Options{Dir: dir})
	ok(t, err)
	t.Cleanup(func() { ok(t, other.Close()) })
	ok(t, other.Append(t.Context(), decidedCase(t, other, review.Approve)))
	key, err := archive.LoadKey(dir)
	ok(t, err)
	_, err = other.SealCase(t.Context(), rootID, key, time.Now())
	ok(t, err)

	var real, forged bytes.Buffer
	ok(t, h.Archive.Export(t.Context(), rootID, key, time.Now(), &real)) // sealed: the key is not asked
	ok(t, other.Export(t.Context(), rootID, key, time.Now(), &forged))
	for _, d := range []struct {
		file  []byte
		finds bool
	}{{real.Bytes(), false}, {forged.Bytes(), true}} {
		r := bytes.NewReader(d.file)
		v, err := archive.Verify(r, r.Size(), nil)
		ok(t, err)
		if !v.Intact || v.Case != rootID {
			t.Fatalf("it is not whole in itself: %+v", v)
		}
		w, err := archive.CheckWitness(r, r.Size(), kept.Raw)
		ok(t, err)
		if !w.Journal || (len(w.Findings) > 0) != d.finds {
			t.Fatalf("the mail says %+v", w)
		}
		if d.finds && !strings.Contains(w.Findings[0], "data/journal.jsonl: line 7 is not the one that the witness saw") {
			t.Errorf("what was made anew is not named: %q", w.Findings)
		}
	}
}
