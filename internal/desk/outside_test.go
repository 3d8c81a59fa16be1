package desk

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// seats fills the seats as the process would once it is told of somebody.
func (l *lobby) seats(p *process, request string, c playbook.Contact) {
	l.t.Helper()
	l.engine.mu.Lock()
	defer l.engine.mu.Unlock()
	at := p.anchor.CaseAt(l.clock.now())
	r := p.find(request)
	person, revision, err := l.store.Person(l.t.Context(), c.ID)
	ok(l.t, err)
	facts := r.Assign([]review.Bench{{Seat: c.Seat, Candidates: []review.Candidate{{Person: person.Record(revision), Via: review.ViaRole}}}}, at)
	if len(facts) != 1 {
		l.t.Fatalf("%s is not seated", c.ID)
	}
	l.engine.fold(p, r, facts)
	l.flush(p)
}

// outsideRoom is a lobby with a contract review to which Otto was named for one seat.
type outsideRoom struct {
	*lobby
	contract          *process
	request, document string
	otto              playbook.Contact
}

func newOutside(t *testing.T) *outsideRoom {
	t.Helper()
	l := newLobby(t)
	o := &outsideRoom{lobby: l, contract: l.opens("contract/acme/1", calendar.Anchor{})}
	text := must[dossier.Paper](t)(l.desk.File(t.Context(), from("olga"), strings.NewReader("1. **Services.** Payroll.\n")))
	o.document, o.request = text.Digest, o.contract.id+":review.1"
	at := o.contract.anchor.CaseAt(l.clock.now())
	r := review.Request{ID: o.request, Case: o.contract.of, Process: o.contract.id, Step: "review", Kind: review.Decision, Title: "Contract review", Ask: "Read it.",
		Owner: "olga", Requester: "rita", Vendor: "acme", Opened: at, Document: "contract", Declaration: "interest", ReadAll: true, Browser: true,
		Versions: []review.Version{{Number: 1, Document: o.document, Sections: []string{"1"}, Touched: []review.Touch{{Version: 0, Seats: []string{"legal"}}}, At: at}},
		Policy: review.Policy{Groups: []review.Group{{Name: "all", Rule: review.RuleAll, Seats: []review.Seat{{ID: "legal", Role: "legal"},
			{ID: "counsel", Role: review.OutsideRole, Attest: []string{"read"}}, {ID: "expert", Role: review.OutsideRole}}}}},
		Seatings: []review.Seating{{Seat: "legal", Holders: []review.Holder{{Person: "lena", Via: review.ViaRole, Since: at}}}, {Seat: "counsel"}, {Seat: "expert"}},
		Clocks:   []review.Clock{{Opened: at, Due: at.Add(72 * time.Hour)}}}
	l.engine.mu.Lock()
	held := r.Clone()
	o.contract.requests = append(o.contract.requests, &held)
	o.contract.say(l.clock.now(), dossier.Entry{Kind: dossier.DocumentFiled, Actor: "olga", Detail: &dossier.Detail{Name: "contract", Document: o.document, Version: 1}})
	o.contract.say(l.clock.now(), dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactOpened, Request: r.ID, At: at, Opened: &r}})
	l.flush(o.contract)
	l.engine.mu.Unlock()
	o.otto = must[playbook.Contact](t)(l.desk.NameOutside(t.Context(), from("olga"), o.request, "counsel", otto("otto")))
	l.delivers()
	o.seats(o.contract, o.request, o.otto)
	return o
}

func otto(local string) playbook.Contact {
	return playbook.Contact{Name: planted + " Otto", Mail: local + "@chambers.example"}
}

func (o *outsideRoom) tasks(c playbook.Contact) []access.OutsideTask {
	o.t.Helper()
	return must[[]access.OutsideTask](o.t)(o.desk.OutsideTasks(o.t.Context(), portal(c)))
}

// approves is what Otto says once all that is wanted is there.
func (o *outsideRoom) approves(id string) review.Answer {
	return review.Answer{ID: id, Request: o.request, Version: 1, Verdict: review.Approve, Attest: []string{"read", "interest"}, Read: []string{"all"},
		At: monday(), From: portal(o.otto), Text: review.Text{Inside: planted + " words"}}
}

// TestSomebodyFromOutside: named, led in by the link of a mail, shown one document,
// heard for one seat.
func TestSomebodyFromOutside(t *testing.T) {
	t.Parallel()
	o := newOutside(t)
	same(t, "told", []string{review.OutsideRole, review.OutsideRole + ":contract/acme/1:counsel"}, o.contract.people[len(o.contract.people)-1].People[0].Roles)
	same(t, "nobody else is", 2, len(o.root.people)) // Ann and Bob
	secret := o.link(o.otto, o.request)
	w := must[access.Welcome](t)(o.desk.PortalLook(t.Context(), secret))
	same(t, "welcome", access.Welcome{For: planted + " O.", Client: planted + " Client", Asker: planted + " olga", Phone: "+44 20 7946 0000", Opens: true}, w)
	session := o.enters(secret)
	same(t, "in", o.otto.ID, must[playbook.Contact](t)(o.desk.PortalIn(t.Context(), session)).ID)
	tasks := o.tasks(o.otto)
	same(t, "tasks", 1, len(tasks))
	task := tasks[0]
	same(t, "task", []any{o.request, "counsel", "acme", planted + " olga", true, 1, o.document, []string{"1"}, []string{"read"}, "interest", true},
		[]any{task.Request, task.Seat, task.Vendor, task.Asker, task.Open, task.Version, task.Versions[0].Document, task.Versions[0].Sections, task.Attest, task.Declaration, task.ReadAll})
	if task.Versions[0].Touched != nil {
		t.Error("they are shown which other seats there are")
	}
	paper := must[dossier.Paper](t)(paperOf(o.desk.OutsideDocument(t.Context(), portal(o.otto), o.request, o.document)))
	same(t, "the document", o.document, paper.Digest)
	must[dossier.Paper](t)(paperOf(o.desk.OutsideText(t.Context(), portal(o.otto), o.request, o.document)))

	half := o.approves("a-1")
	half.Attest = nil
	out := o.answers(half)
	same(t, "what is missing is said", []any{review.NeedsInterest, []string{"interest"}}, []any{out.Refusal, out.Missing})
	out = o.answers(o.approves("a-2"))
	same(t, "outcome", []any{review.Counted, "counsel", o.otto.ID, review.State("")}, []any{out.Status, out.Seat, out.By, out.State})
	same(t, "again", review.Counted, o.answers(o.approves("a-2")).Status)
	task = o.tasks(o.otto)[0]
	same(t, "answered", []any{false, "a-2"}, []any{task.Open, task.Answered.Answer})
	v := must[dossier.CaseView](t)(o.store.Case(t.Context(), "contract/acme/1"))
	same(t, "it counts for one seat", "counsel", v.Request(o.request).Ballots[0].Seat)
}

// TestNothingElseIsThereForThem: no other seat, request, document or case, nothing of
// what the vendor's people have, nothing of what the client's have.
func TestNothingElseIsThereForThem(t *testing.T) {
	t.Parallel()
	o := newOutside(t)
	ctx := t.Context()
	other := must[dossier.Paper](t)(o.desk.File(ctx, from("olga"), strings.NewReader("1. **Inside.** Ours.\n")))
	for name, err := range map[string]error{
		"another document":            second(paperOf(o.desk.OutsideDocument(ctx, portal(o.otto), o.request, other.Digest))),
		"its text":                    second(paperOf(o.desk.OutsideText(ctx, portal(o.otto), o.request, other.Digest))),
		"by another request":          second(paperOf(o.desk.OutsideDocument(ctx, portal(o.otto), o.ask, o.document))),
		"by mail":                     second(o.desk.OutsideTasks(ctx, mailFrom(o.otto))),
		"in the browser":              second(o.desk.OutsideTasks(ctx, from(o.otto.ID))),
		"one of the vendor's":         second(o.desk.OutsideTasks(ctx, portal(o.ann))),
		"the document for the vendor": second(paperOf(o.desk.OutsideDocument(ctx, portal(o.ann), o.request, o.document))),
		"a case":                      second(o.desk.Case(ctx, portal(o.otto), "contract/acme/1")),
		"a document of the case":      second(paperOf(o.desk.Document(ctx, portal(o.otto), "contract/acme/1", o.document))),
		"lines":                       second(o.desk.Lines(ctx, portal(o.otto), "contract/acme/1")),
		"a request":                   second(o.desk.Request(ctx, portal(o.otto), o.request)),
		"handing on":                  second(o.desk.HandOn(ctx, portal(o.otto), "h-1", o.request, "Eve", "eve@chambers.example")),
		"uploading":                   second(o.desk.PortalUpload(ctx, portal(o.otto), o.request, "x", "text/plain", strings.NewReader("x"))),
	} {
		if !isNotFound(err) {
			t.Errorf("%s: %v, want an error with NotFound", name, err)
		}
	}
	same(t, "tasks of the vendor", 0, len(must[[]access.VendorTask](t)(o.desk.PortalTasks(ctx, portal(o.otto)))))
	for name, c := range map[string]struct {
		change func(*review.Answer)
		want   review.Refusal
	}{
		"the vendor's request":   {func(a *review.Answer) { a.Request = o.ask }, review.Unknown},
		"another seat":           {func(a *review.Answer) { a.Seat = "expert" }, review.NoSeat},
		"a seat of the client":   {func(a *review.Answer) { a.Seat = "legal" }, review.NoSeat},
		"a document":             {func(a *review.Answer) { a.Documents = []string{o.document} }, review.WrongVerdict},
		"for the vendor":         {func(a *review.Answer) { a.ForVendor = true }, review.WrongVerdict},
		"by mail":                {func(a *review.Answer) { a.From = mailFrom(o.otto) }, review.UnknownPerson},
		"one of the vendor's":    {func(a *review.Answer) { a.From = portal(o.ann) }, review.NoSeat},
		"no such section":        {func(a *review.Answer) { a.Read = []string{"9"} }, review.NoSection},
		"nothing of what's read": {func(a *review.Answer) { a.Verdict = "paid" }, review.WrongVerdict},
	} {
		a := o.approves("bad-" + strings.ReplaceAll(name, " ", "-"))
		c.change(&a)
		if out := o.answers(a); out.Status != review.Refused || out.Refusal != c.want || out.State != "" {
			t.Errorf("%s: %+v, want refused as %s", name, out, c.want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestWhoMayBeNamedFromOutside: by the case owner, for a seat that is for them, nobody
// of either side, one person a seat.
func TestWhoMayBeNamedFromOutside(t *testing.T) {
	t.Parallel()
	o := newOutside(t)
	ctx := t.Context()
	again := must[playbook.Contact](t)(o.desk.NameOutside(ctx, from("olga"), o.request, "counsel", otto("OTTO")))
	same(t, "named again", o.otto.ID, again.ID)
	_, err := o.desk.NameOutside(ctx, from("lena"), o.request, "expert", otto("olive"))
	forbidden(t, err)
	_, err = o.desk.NameOutside(ctx, from("olga"), "contract/acme/9:review.1", "expert", otto("olive"))
	missing(t, err)
	for name, c := range map[string]struct {
		seat string
		who  playbook.Contact
	}{
		"a seat of the client": {"legal", otto("olive")}, "no seat": {"nothing", otto("olive")}, "a seat that is taken": {"counsel", otto("olive")},
		"two seats of one": {"expert", otto("otto")}, "our own": {"expert", playbook.Contact{Name: "Lena", Mail: "lena@" + planted + ".example"}},
		"the vendor's": {"expert", playbook.Contact{Name: "Ann", Mail: o.ann.Mail}}, "no address": {"expert", playbook.Contact{Name: "Olive"}},
	} {
		_, err := o.desk.NameOutside(ctx, from("olga"), o.request, c.seat, c.who)
		if !isInputError(err) {
			t.Errorf("%s: %v, want an InputError", name, err)
		}
	}
	olive := must[playbook.Contact](t)(o.desk.NameOutside(ctx, from("olga"), o.request, "expert", otto("olive")))
	listed := must[[]playbook.Contact](t)(o.desk.OutsidersOf(ctx, from("olga"), "contract/acme/1"))
	same(t, "listed", []string{o.otto.ID, olive.ID}, []string{listed[0].ID, listed[1].ID})
	same(t, "no contacts of the vendor", 2, len(must[[]playbook.Contact](t)(o.desk.ContactsOf(ctx, from("olga"), "contract/acme/1"))))
	same(t, "no letters by themselves", 0, len(o.letters(outbox.Asked)))
}

func isInputError(err error) bool {
	return errors.As(err, new(InputError))
}

// TestTheEndOfSomebodyFromOutside: their link and visit end at once, and their answer
// stands.
func TestTheEndOfSomebodyFromOutside(t *testing.T) {
	t.Parallel()
	o := newOutside(t)
	ctx := t.Context()
	secret := o.link(o.otto, o.request)
	session := o.enters(secret)
	o.answers(o.approves("a-1"))
	missing(t, o.desk.EndOutside(ctx, from("olga"), "contract/acme/1", o.ann.ID))
	missing(t, o.desk.EndOutside(ctx, from("olga"), "dpa/acme/1", o.otto.ID))
	forbidden(t, o.desk.EndOutside(ctx, from("lena"), "contract/acme/1", o.otto.ID))
	ok(t, o.desk.EndOutside(ctx, from("olga"), "contract/acme/1", o.otto.ID))
	o.delivers()
	_, err := o.desk.PortalIn(ctx, session)
	missing(t, err)
	same(t, "the link", access.Welcome{}, must[access.Welcome](t)(o.desk.PortalLook(ctx, secret)))
	_, err = o.desk.OutsideTasks(ctx, portal(o.otto))
	missing(t, err)
	same(t, "told", false, o.contract.people[len(o.contract.people)-1].People[0].Active)
	v := must[dossier.CaseView](t)(o.store.Case(ctx, "contract/acme/1"))
	same(t, "the answer stands", 1, len(v.Request(o.request).Ballots))
	same(t, "who was named is in the register", 2, len(slices.DeleteFunc(o.lines(dossier.Register), func(x dossier.Line) bool {
		return x.Entry.Kind != dossier.ContactChanged || x.Entry.Detail.Vendor != review.OutsideRole
	})))
}
