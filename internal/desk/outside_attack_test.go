package desk

import (
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestEveryDoorIsShutToSomebodyFromOutside: whatever the portal gives the vendor's
// people, by the request that they were named for, by one of the vendor's and by one that
// they guess, is not there for somebody of neither side, and changes nothing.
func TestEveryDoorIsShutToSomebodyFromOutside(t *testing.T) {
	t.Parallel()
	o := newOutside(t)
	ctx, who := t.Context(), portal(o.otto)
	before := len(must[dossier.CaseView](t)(o.store.Case(ctx, "contract/acme/1")).Requests[0].Ballots)
	for _, request := range []string{o.request, o.ask, "contract/acme/1:review.2", "onboarding/acme/1:need.1", ""} {
		for name, err := range map[string]error{
			"uploading":           second(o.desk.PortalUpload(ctx, who, request, "x.txt", "text/plain", strings.NewReader("x"))),
			"what was uploaded":   second(o.desk.PortalUploads(ctx, who, request)),
			"dropping":            o.desk.PortalDrop(ctx, who, request, o.document),
			"what was sent":       second(o.desk.Earlier(ctx, who, request)),
			"forms":               second(o.desk.PortalSheets(ctx, who, request)),
			"handing on":          second(o.desk.HandOn(ctx, who, "h-1", request, "Eve", "eve@chambers.example")),
			"not being it":        o.desk.NotMe(ctx, who, "n-1", request, "Ask Eve."),
			"asking back":         o.desk.AskBack(ctx, who, "q-1", request, "What is this about?"),
			"keeping a draft":     o.desk.SaveDraft(ctx, who, request, []byte("{}")),
			"a draft":             second2(o.desk.DraftOf(ctx, who, request)),
			"a case":              second(o.desk.Case(ctx, who, "contract/acme/1")),
			"contacts":            second(o.desk.ContactsOf(ctx, who, "contract/acme/1")),
			"others from outside": second(o.desk.OutsidersOf(ctx, who, "contract/acme/1")),
			"ending somebody":     o.desk.EndOutside(ctx, who, "contract/acme/1", o.otto.ID),
			"what is watched":     second(o.desk.WatchOf(ctx, who, "contract/acme/1")),
			"mails":               second(o.desk.ArrivalsOf(ctx, who, "contract/acme/1")),
			"a reading":           second(o.desk.ReadingOf(ctx, who, "contract/acme/1", o.document)),
			"a text":              second(paperOf(o.desk.TextOf(ctx, who, "contract/acme/1", o.document))),
			"the dossier":         o.desk.Dossier(ctx, who, "contract/acme/1", &strings.Builder{}),
			"naming somebody":     second(o.desk.NameOutside(ctx, who, o.request, "expert", otto("olive"))),
		} {
			if err == nil {
				t.Errorf("%s by %q is open to somebody from outside", name, request)
			} else if !isNotFound(err) && !isForbidden(err) && !isInputError(err) {
				t.Errorf("%s by %q: %v", name, request, err)
			}
		}
	}
	for _, kind := range []review.ActKind{review.TakeBack, review.Recuse, review.Delegate, review.Read, review.Snooze, review.Withdraw, review.Reopen, review.Submit, review.Hold, review.AddSeat} {
		out, err := o.desk.Act(ctx, review.Act{ID: "act-" + string(kind), Kind: kind, Process: "contract/acme/1", Request: o.request, Seat: "legal", Document: o.document, From: who, At: o.clock.now(), Text: review.Text{Inside: "why"}})
		if err == nil && out.OK() && kind != review.Recuse && kind != review.TakeBack && kind != review.Read {
			t.Errorf("%s by somebody from outside: %+v", kind, out)
		}
	}
	v := must[dossier.CaseView](t)(o.store.Case(ctx, "contract/acme/1"))
	if v.State != dossier.Running || v.Held != nil || len(v.Requests[0].Ballots) != before || len(v.Documents) != 1 {
		t.Errorf("the case is %+v", v)
	}
	same(t, "they are who they were", playbook.ContactActive, must[playbook.Contact](t)(o.store.Contact(ctx, o.otto.ID)).State)
}

func second2(_ []byte, _ time.Time, err error) error { return err }

func isForbidden(err error) bool {
	no, is := err.(interface{ Forbidden() bool })
	return is && no.Forbidden()
}

// TestTheOldReaderIsOutOnceAnotherHasTheSeat: whoever was ended sees and says nothing
// more when somebody else is named for their seat, by link, visit or answer; the new one
// does not see what the old one said.
func TestTheOldReaderIsOutOnceAnotherHasTheSeat(t *testing.T) {
	t.Parallel()
	o := newOutside(t)
	ctx := t.Context()
	secret := o.link(o.otto, o.request)
	session := o.enters(secret)
	ok(t, o.desk.EndOutside(ctx, from("olga"), "contract/acme/1", o.otto.ID))
	o.delivers()
	olive := must[playbook.Contact](t)(o.desk.NameOutside(ctx, from("olga"), o.request, "counsel", otto("olive")))
	o.delivers()
	o.engine.mu.Lock() // as the process would once it is told of the end
	r := o.contract.find(o.request)
	o.engine.fold(o.contract, r, []review.Fact{{Kind: review.FactUnseated, Request: r.ID, Seat: "counsel", Person: o.otto.ID, Why: "left", At: o.contract.anchor.CaseAt(o.clock.now())}})
	o.flush(o.contract)
	o.engine.mu.Unlock()
	o.seats(o.contract, o.request, olive)
	_, err := o.desk.PortalIn(ctx, session)
	missing(t, err)
	same(t, "the link", access.Welcome{}, must[access.Welcome](t)(o.desk.PortalLook(ctx, secret)))
	_, _, err = o.desk.PortalEnter(ctx, secret, "x")
	missing(t, err)
	missing(t, second(paperOf(o.desk.OutsideDocument(ctx, portal(o.otto), o.request, o.document))))
	if out := o.answers(o.approves("late-1")); out.OK() {
		t.Errorf("the old one was heard: %+v", out)
	}
	tasks := o.tasks(olive)
	if len(tasks) != 1 || !tasks[0].Open || tasks[0].Answered != nil {
		t.Errorf("the new one has %+v", tasks)
	}
	a := o.approves("new-1")
	a.From = portal(olive)
	same(t, "the new one is heard", review.Counted, o.answers(a).Status)
}
