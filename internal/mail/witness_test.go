package mail_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/mail"
	"gangway/internal/mail/mailtest"
	"gangway/internal/outbox"
)

const auditor = "auditor@example.net"

// witnessWorld is a world with a witness, and a case that is over.
type witnessWorld struct {
	*world
	s   *story
	key *archive.Key
}

func newWitnessWorld(t *testing.T) *witnessWorld {
	t.Helper()
	w := &witnessWorld{world: newWorld(t, mailtest.Options{})}
	w.post = w.newPost(w.a, func(o *mail.Options) { o.Witness = auditor })
	var err error
	w.key, err = archive.LoadKey(t.TempDir())
	w.ok(err)
	w.s = w.newCase(acme, false)
	text := []byte("the history")
	paper, err := w.a.Put(t.Context(), bytes.NewReader(text), 1<<10)
	w.ok(err)
	w.s.end()
	w.s.say(dossier.Entry{Kind: dossier.HistoryFiled, Run: "run-1", Detail: &dossier.Detail{Document: paper.Digest, Size: paper.Size, Media: "application/json", Name: "history"}})
	w.s.file()
	return w
}

// seals has the case sealed, and says which letter goes to the witness; after is called
// between the letter and the seal.
func (w *witnessWorld) seals(after func() error) (letter string, err error) {
	w.t.Helper()
	_, err = w.a.SealCase(w.t.Context(), acme, w.key, w.clock(), func(ctx context.Context, v dossier.CaseView, lines int) error {
		letter = outbox.CheckpointID(v.ID, lines)
		err := w.post.PutLetter(ctx, outbox.Letter{ID: letter, Kind: outbox.Checkpoint, Person: outbox.Witness, Case: v.ID, Lines: lines})
		return errors.Join(err, after())
	})
	return letter, err
}

// file is the sealed dossier.
func (w *witnessWorld) file() *bytes.Reader {
	w.t.Helper()
	var b bytes.Buffer
	w.ok(w.a.Export(w.t.Context(), acme, w.key, w.clock(), &b))
	return bytes.NewReader(b.Bytes())
}

// TestTheWitnessIsMailed: once a case is sealed its checkpoint is mailed, tried until a
// server takes it, and never twice. Saved as it came it bears witness to the dossier.
func TestTheWitnessIsMailed(t *testing.T) {
	t.Parallel()
	w := newWitnessWorld(t)
	letter, err := w.seals(func() error { return nil })
	w.ok(err)
	w.server.Order(mailtest.Fault{At: mailtest.AtConnect, Code: 421}, mailtest.Fault{At: mailtest.AtRcpt, Code: 451})
	w.deliver() // the seal has a moment to come into the record
	w.count(auditor, 0)
	for range 4 {
		w.pass(time.Hour)
		w.deliver()
	}
	got := w.count(auditor, 1)[0]
	w.isState(letter, outbox.Sent)
	if !strings.Contains(got.Subject, "[GW "+acme+"]") || strings.Contains(got.Text, "Acme Payroll") || strings.Contains(got.Text, "Rita") {
		t.Errorf("it says more than it should, or not of what: %s\n%s", got.Subject, got.Text)
	}
	file := w.file()
	for name, text := range map[string]string{"raw": string(got.Raw), "text": got.Text, "a reply": "> " + strings.ReplaceAll(got.Text, "\n", "\n> ")} {
		seen, err := archive.CheckWitness(file, file.Size(), []byte(text))
		if err != nil || !seen.Journal || len(seen.Findings) > 0 || seen.Fingerprint != w.key.Fingerprint() {
			t.Errorf("%s: %+v, %v", name, seen, err)
		}
	}
	// Something comes late: the case is sealed with it, and the witness hears of that too.
	w.s.say(dossier.Entry{Kind: dossier.Attempt, Run: "run-1", Detail: &dossier.Detail{}})
	w.s.file()
	_, err = w.seals(func() error { return nil })
	w.ok(err)
	w.pass(outbox.Gather)
	w.deliver()
	w.count(auditor, 2)
}

// TestTheWitnessIsToldWhatIsTrue: killed between the letter and the seal the letter waits
// for the seal. Where the case went on meanwhile only what was sealed is mailed.
func TestTheWitnessIsToldWhatIsTrue(t *testing.T) {
	t.Parallel()
	for _, later := range []bool{false, true} {
		t.Run(fmt.Sprintf("something came: %t", later), func(t *testing.T) {
			t.Parallel()
			w := newWitnessWorld(t)
			early, err := w.seals(func() error { return errors.New("killed") })
			if err == nil {
				t.Fatal("it was sealed")
			}
			w.pass(outbox.Gather)
			if _, err := w.post.Deliver(t.Context()); err == nil {
				t.Error("a letter of nothing left without a word")
			}
			w.count(auditor, 0)
			if later {
				w.s.say(dossier.Entry{Kind: dossier.Attempt, Run: "run-1", Detail: &dossier.Detail{}})
				w.s.file()
			}
			letter, err := w.seals(func() error { return nil })
			w.ok(err)
			w.pass(time.Hour)
			w.deliver()
			w.count(auditor, 1)
			w.isState(letter, outbox.Sent)
			if later {
				w.isState(early, outbox.Dropped)
			}
		})
	}
}

// TestTheWitnessIsNotReached: it stands among what an operator looks at, and the case is
// told nothing: told it would be sealed anew, and mailed again.
func TestTheWitnessIsNotReached(t *testing.T) {
	t.Parallel()
	w := newWitnessWorld(t)
	letter, err := w.seals(func() error { return nil })
	w.ok(err)
	w.server.Order(mailtest.Fault{At: mailtest.AtRcpt, Code: 550})
	w.pass(outbox.Gather)
	w.deliver()
	w.isState(letter, outbox.Refused)
	trouble, err := w.a.Letters(t.Context(), outbox.Which{By: outbox.ByTrouble})
	w.ok(err)
	if len(trouble) != 1 || trouble[0].ID != letter || len(w.notes.told()) > 0 {
		t.Errorf("%+v, told %v", trouble, w.notes.told())
	}
	if left, err := w.a.Letters(t.Context(), outbox.Which{By: outbox.ByUntold}); err != nil || len(left) > 0 {
		t.Errorf("it would be told again: %+v, %v", left, err)
	}
	_, err = w.post.Again(t.Context(), letter)
	w.ok(err)
	w.deliver()
	w.count(auditor, 1)
}
