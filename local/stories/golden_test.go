package stories

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/proof"
	"gangway/internal/review"
)

// release is what the histories that are recorded now belong to. Histories of a
// release are never recorded anew once it is out.
const release = "v0.1.0"

// goldens are the stories whose histories every later release must replay.
var goldens = []struct {
	name string
	open func(*house) *onboarding
	play func(*onboarding)
}{
	{"live", untouched, playLive},
	{"clock", untouched, playClock},
	{"withdrawn", untouched, playWithdrawn},
	{"quarrel", untouched, playQuarrel},
	{"steered", untouched, playSteered},
	{"agreed", (*house).protected, playAgreed},
	{"collected", (*house).collected, playCollected},
}

// untouched opens the example's case without data for which an agreement is owed.
func untouched(h *house) *onboarding { return h.onboard() }

// TestGoldenStories plays each golden story on the real engine to its sealed
// end, and replays its dossier. With GANGWAY_RECORD=1 it writes the histories to the workflows' testdata.
func TestGoldenStories(t *testing.T) {
	t.Parallel()
	for _, g := range goldens {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			o := g.open(h)
			g.play(o)
			v := o.until("the case is sealed", func(v dossier.CaseView) bool { return v.Sealed })
			for _, p := range v.Processes {
				for _, run := range p.Runs {
					o.keep(g.name, p.ID, run)
				}
			}
			o.replayed()
		})
	}
}

// keep fetches a history, and writes it when histories are recorded.
func (o *onboarding) keep(story, process, run string) {
	t := o.h.t
	t.Helper()
	hist, err := proof.Fetch(context.Background(), o.h.client, process, run)
	if err != nil {
		t.Fatalf("fetching the history of %s: %v", process, err)
	}
	text, err := proof.Pack(hist)
	if err != nil {
		t.Fatalf("packing the history of %s: %v", process, err)
	}
	t.Logf("%s: %d events, %d bytes as JSON", process, len(hist.Events), len(text))
	if os.Getenv("GANGWAY_RECORD") != "1" {
		return
	}
	kind, rest, _ := strings.Cut(process, "/")
	n := rest[strings.LastIndex(rest, "/")+1:]
	dir := filepath.Join("..", "..", "workflows", "testdata", "histories", kind)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatalf("making the folder of histories: %v", err)
	}
	file := filepath.Join(dir, fmt.Sprintf("%s-%s-%s.json", release, story, n))
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatalf("writing a history: %v", err)
	}
}

// playLive is the ordinary case: one round of changes.
func playLive(o *onboarding) {
	o.needed()
	o.answer("jonas", "review", review.Changes)
	o.answer("daniel", "review", review.Approve)
	o.answer("ruth", "review", review.Approve)
	o.answer("ravi", "review", review.Approve)
	o.answer("maya", playbook.ChoreSend, playbook.Sent)
	o.answer("maya", playbook.ChoreNext, review.Delivered, withDocument(o.h.versionTwo()))
	o.answer("jonas", "review", review.Approve)
	o.answer("ravi", "review", review.Approve)
	o.answer("maya", "review", review.Approve)
	o.answer("helen", "review", review.Approve)
	o.live()
}

// playClock lets the clock do what it does: reminders, a backup, the manager and
// the owner, while nobody answers; then everybody does.
func playClock(o *onboarding) {
	for range 6 {
		o.jump()
	}
	playLive(o)
}

// playWithdrawn ends while the contract is being read.
func playWithdrawn(o *onboarding) {
	o.needed()
	o.answer("jonas", "review", review.Approve)
	o.act("maya", review.Act{Kind: review.Withdraw, Process: o.id})
}

// playQuarrel has everything that people can do to one another: a conflict, a
// delegation, an answer taken back, a veto, a waiver, and a step reopened.
func playQuarrel(o *onboarding) {
	need := o.asked("ravi", "need")
	o.act("ravi", review.Act{Kind: review.Delegate, Request: need.ID, ToID: "claire", Until: time.Now().AddDate(0, 1, 0)})
	o.answer("claire", "need", review.Approve)
	o.answer("helen", "need", review.Approve)
	o.answer("daniel", "security-look", review.Reject)
	o.answer("maya", "settle-security-look", playbook.Waive)
	o.answer("ruth", "data-look", review.Approve)
	r := o.asked("ruth", "review")
	o.act("ruth", review.Act{Kind: review.Recuse, Request: r.ID})
	o.answer("sam", "review", review.Approve)
	o.answer("jonas", "review", review.Approve)
	o.act("jonas", review.Act{Kind: review.TakeBack, Request: r.ID})
	o.answer("jonas", "review", review.Approve)
	o.act("maya", review.Act{Kind: review.Reopen, Process: o.id, Step: "data-look"})
	o.answer("sam", "data-look", review.Approve)
	o.answer("daniel", "security-look", review.Approve)
	for _, p := range []string{"jonas", "daniel", "sam", "ravi", "maya", "helen"} {
		o.answer(p, "review", review.Approve)
	}
	o.live()
}

// playSteered has everything that the owner can steer a running case by, and
// somebody who is replaced by somebody else.
func playSteered(o *onboarding) {
	o.asked("ravi", "need")
	o.act("maya", review.Act{Kind: review.Hold, Process: o.id})
	o.answer("helen", "need", review.Approve) // counts on hold as well
	o.act("maya", review.Act{Kind: review.Resume, Process: o.id})
	o.act("maya", review.Act{Kind: review.Extend, Process: o.id, Step: "need", Until: time.Now().AddDate(0, 2, 0)})
	o.act("maya", review.Act{Kind: review.Ask, Process: o.id, ToID: "claire"})
	o.answer("claire", playbook.ChoreAsk, review.Done, withReason)
	o.replaces("ravi", "claire")
	o.answer("claire", "need", review.Approve)
	o.answer("daniel", "security-look", review.Approve)
	o.answer("ruth", "data-look", review.Approve)
	o.asked("jonas", "review")
	o.act("maya", review.Act{Kind: review.AddSeat, Process: o.id, Step: "review", ToID: "george", Mandatory: true})
	o.answer("jonas", "review", review.Changes)
	o.act("maya", review.Act{Kind: review.SendChanges, Process: o.id})
	o.answer("maya", playbook.ChoreSend, playbook.Sent)
	o.answer("maya", playbook.ChoreNext, review.Delivered, withDocument(o.h.versionTwo()))
	o.corrects("data", "none")
	for _, p := range []string{"jonas", "daniel", "ruth", "claire", "george", "maya", "helen"} {
		o.answer(p, "review", review.Approve)
	}
	o.live()
}

// playAgreed collects an agreement beside the review, at the second try: what comes
// first looks like something else.
func playAgreed(o *onboarding) {
	o.needed()
	o.files(confidentiality)
	o.answer("jonas", "review", review.Approve)
	o.answer("maya", playbook.ChoreOtherKind, playbook.AskVendor)
	o.answer("daniel", "review", review.Approve)
	o.answer("ruth", "review", review.Approve)
	o.files(agreement)
	o.answer("ravi", "review", review.Approve)
	o.answer("ruth", "dpa-check", review.Checked, o.found("ruth", "dpa-check"))
	o.answer("maya", "review", review.Approve)
	o.answer("jonas", "dpa-sign", review.Approve)
	o.answer("helen", "review", review.Approve)
	o.answer("ruth", "dpa-sign", review.Approve)
	o.live()
}

// playCollected collects an agreement alone; the first lacks a point, and the vendor
// says nothing until the clock brings it up.
func playCollected(o *onboarding) {
	o.jump()
	o.jump()
	o.files(agreement)
	o.answer("ruth", "dpa-check", review.Checked, o.found("ruth", "dpa-check", "gdpr-28-3-b"))
	o.answer("maya", playbook.ChoreLacking, playbook.SendMissing)
	o.files(agreement + "\nSigned again.\n")
	o.answer("ruth", "dpa-check", review.Checked, o.found("ruth", "dpa-check"))
	o.answer("jonas", "dpa-sign", review.Approve)
	o.answer("ruth", "dpa-sign", review.Approve)
}

// corrects corrects a fact of the intake, as the preview says it would.
func (o *onboarding) corrects(field string, values ...string) {
	o.h.t.Helper()
	a := review.Act{Kind: review.Correct, Process: o.id, Field: field, Values: values}
	preview, err := o.h.Desk.Preview(context.Background(), as("maya"), a)
	if err != nil {
		o.h.t.Fatalf("looking what correcting %s would change: %v", field, err)
	}
	a.Digest = preview.Digest
	o.act("maya", a)
}

// replaces puts somebody into the place of somebody else, as the preview says.
func (o *onboarding) replaces(leaver, by string) {
	o.h.t.Helper()
	preview, err := o.h.Desk.PreviewReplace(context.Background(), as("oscar"), leaver, by)
	if err != nil {
		o.h.t.Fatalf("looking what replacing %s touches: %v", leaver, err)
	}
	_, err = o.h.Desk.ReplacePeople(context.Background(), as("oscar"), dossier.ReplaceOrder{ID: "web-" + freshID(), Leaver: leaver, By: by, Reason: leaver + " leaves", Digest: preview.Digest})
	if err != nil {
		o.h.t.Fatalf("replacing %s: %v", leaver, err)
	}
}

// files lets the case owner file what the vendor was asked for, with its source.
func (o *onboarding) files(text string) {
	o.h.t.Helper()
	var r review.Request
	o.until("the vendor is asked", func(v dossier.CaseView) bool {
		i := slices.IndexFunc(v.Requests, func(r review.Request) bool { return r.Step == "dpa-ask" && r.Closed == nil })
		if i >= 0 {
			r = v.Requests[i]
		}
		return i >= 0
	})
	out := o.say("maya", r, review.Delivered, withDocument(o.h.file("maya", []byte(text))), func(a *review.Answer) {
		a.ForVendor, a.Text = true, review.Text{Inside: "from their page on data protection"}
	})
	if out.Status != review.Counted {
		o.h.t.Fatalf("filing for the vendor: %+v", out)
	}
}

func withReason(a *review.Answer) { a.Text = review.Text{Inside: "what was asked for"} }

func withDocument(digest string) func(*review.Answer) {
	return func(a *review.Answer) { a.Documents = []string{digest} }
}

// act lets a person act; it must count.
func (o *onboarding) act(person string, a review.Act) {
	o.h.t.Helper()
	a.ID, a.From, a.Channel, a.At = "web-"+freshID(), as(person), "web", time.Now()
	a.Text = review.Text{Inside: person + " has a reason to " + string(a.Kind)}
	out, err := o.h.Desk.Act(context.Background(), a)
	if err != nil || out.Status != review.Counted {
		v, _ := o.h.Archive.Case(context.Background(), o.id)
		o.h.t.Fatalf("%s wants to %s: %+v, %v\n%s", person, a.Kind, out, err, describe(v))
	}
}
