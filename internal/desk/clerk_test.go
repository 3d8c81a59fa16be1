package desk

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// outOfOffice notes what a mailbox said of somebody.
func (l *lobby) outOfOffice(id, person, request string, until time.Time) {
	l.t.Helper()
	ok(l.t, l.desk.Note(l.t.Context(), review.Note{ID: id, Kind: review.NoteAway, Case: "dpa/acme/1", Request: request, Person: person, Until: until, Channel: "mail",
		At: l.clock.now(), Text: review.Text{Inside: planted + " I am away"}}))
}

func (l *lobby) offers() []access.AwayOffer {
	l.t.Helper()
	return must[[]access.AwayOffer](l.t)(l.desk.Offers(l.t.Context(), from("olga"), "dpa/acme/1"))
}

// TestAnAwayIsOfferedToTheOwner: a mailbox says it, the owner takes it, the
// register says both, and nothing is believed before.
func TestAnAwayIsOfferedToTheOwner(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	decision := l.asks(l.root, "sign-off", "lena")
	back := l.clock.now().Add(10 * 24 * time.Hour)
	l.outOfOffice("o-1", "lena", decision, back)
	l.outOfOffice("o-2", "lena", decision, l.clock.now().Add(-time.Hour)) // over
	l.outOfOffice("o-3", "lena", decision, time.Time{})                   // no date
	l.outOfOffice("o-4", l.ann.ID, l.ask, back)                           // not ours to set
	l.outOfOffice("o-5", "gone", decision, back)
	want := access.AwayOffer{ID: "o-1", Person: "lena", Case: "dpa/acme/1", Request: decision, At: monday(), From: monday(), Until: back}
	same(t, "offers", []access.AwayOffer{want}, l.offers())
	person := func() playbook.Person {
		p, _, err := l.store.Person(t.Context(), "lena")
		ok(t, err)
		return p
	}
	same(t, "not believed", time.Time{}, person().AwayAt(l.clock.now()))

	_, err := l.desk.Offers(t.Context(), from("rita"), "dpa/acme/1")
	forbidden(t, err)
	forbidden(t, l.desk.TakeOffer(t.Context(), from("lena"), "o-1"))
	missing(t, l.desk.TakeOffer(t.Context(), from("sam"), "o-1"))
	for _, none := range []string{"o-2", "o-3", "o-4", "o-5", "nothing"} {
		missing(t, l.desk.TakeOffer(t.Context(), from("olga"), none))
	}
	for range 2 {
		ok(t, l.desk.TakeOffer(t.Context(), from("olga"), "o-1"))
	}
	l.delivers()
	same(t, "away", back, person().AwayAt(l.clock.now()))
	want.Taken = "olga"
	same(t, "taken", []access.AwayOffer{want}, l.offers())
	var said []string
	for _, x := range l.lines(dossier.Register) {
		if x.Entry.Kind == dossier.AwaySet {
			said = append(said, x.Entry.Actor+" "+x.Entry.Detail.Person+" "+x.Entry.Detail.Result)
		}
	}
	same(t, "register", []string{"olga lena mailbox"}, said)
	same(t, "the process is told", "lena", l.root.people[len(l.root.people)-1].People[0].ID)
}

// TestWhatSomebodySaidThemselvesIsNotOffered.
func TestWhatSomebodySaidThemselvesIsNotOffered(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	decision := l.asks(l.root, "sign-off", "lena")
	back := l.clock.now().Add(10 * 24 * time.Hour)
	ok(t, l.desk.SetAway(t.Context(), from("lena"), "a-1", playbook.Away{From: l.clock.now().Add(-time.Hour), Until: back}))
	l.outOfOffice("o-1", "lena", decision, back)
	same(t, "offers", 0, len(l.offers()))
	l.outOfOffice("o-2", "lena", decision, back.Add(24*time.Hour))
	same(t, "longer", 1, len(l.offers()))
}

// TestMailsOfACase: for whoever may read its record.
func TestMailsOfACase(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	raw := must[dossier.Paper](t)(l.store.Put(t.Context(), strings.NewReader("From: somebody\r\n\r\nhello"), 1<<20))
	a := arrivals.Arrival{ID: "arr-1", Raw: raw.Digest, Size: raw.Size, Came: monday(), State: arrivals.Kept}
	_, _, err := l.store.PutArrival(t.Context(), a)
	ok(t, err)
	a.State, a.Kind, a.Case, a.Request, a.Person, a.Why, a.Done = arrivals.Settled, arrivals.Comment, "dpa/acme/1", l.ask, l.ann.ID, []arrivals.Why{arrivals.Unclear}, monday()
	ok(t, l.store.SettleArrival(t.Context(), a))
	list := must[[]arrivals.Arrival](t)(l.desk.ArrivalsOf(t.Context(), from("olga"), "dpa/acme/1"))
	same(t, "mails", []any{1, arrivals.Comment, arrivals.Unclear}, []any{len(list), list[0].Kind, list[0].Why[0]})
	_, err = l.desk.ArrivalsOf(t.Context(), from("sam"), "dpa/acme/1")
	missing(t, err)
}

// TestReadingOfADocument: of a document of a case, for whoever may read it.
func TestReadingOfADocument(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	sent := l.sends(l.ann, l.ask, "%PDF # One")
	_, err := l.desk.ReadingOf(t.Context(), from("olga"), "dpa/acme/1", sent.Document)
	missing(t, err) // it is of no case yet
	l.answers(delivers("a-1", l.ask, portal(l.ann), sent.Document))
	same(t, "reading", sent, must[engagement.Reading](t)(l.desk.ReadingOf(t.Context(), from("olga"), "dpa/acme/1", sent.Document)))
	same(t, "text", digestOf([]byte("# One")), must[dossier.Paper](t)(paperOf(l.desk.TextOf(t.Context(), from("olga"), "dpa/acme/1", sent.Document))).Digest)
	_, err = l.desk.ReadingOf(t.Context(), from("sam"), "dpa/acme/1", sent.Document)
	missing(t, err)
}

// TestAnIntakeNamesContacts: once by their address, with the case; one that can't
// be named keeps no case from running.
func TestAnIntakeNamesContacts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := intake("web-1")
	i.Vendor.Contacts = []engagement.Contact{{Name: planted + " Ann", Mail: "Ann@Acme.example"}, {Name: planted + " Fon", Phone: "+44 20 7946 0000"},
		{Name: planted + " Olga", Mail: "olga@" + planted + ".example"}, {Name: planted + " Bob", Mail: "bob@acme.example", Role: "DPO"}}
	id := w.open(i)
	w.open(i)
	i.ID = "web-2"
	_ = must[string](t)(w.desk.OpenDPA(t.Context(), i.Collection()))
	list := must[[]playbook.Contact](t)(w.store.Contacts(t.Context(), "acme-payroll"))
	got := []string{}
	for _, c := range list {
		got = append(got, c.ID+" "+c.Mail+" "+string(c.State)+" "+c.By+" "+c.Case)
	}
	same(t, "contacts", []string{"acme-payroll.1 ann@acme.example active rita " + id, "acme-payroll.2 bob@acme.example active rita " + id}, got)
}

// TestManyNameTheSameContact: at once, through two processes, there is one.
func TestManyNameTheSameContact(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	desks := []*Desk{l.desk, l.another()}
	done := make(chan error)
	for n := range 12 {
		go func() {
			_, err := desks[n%2].AddContact(t.Context(), from("olga"), "dpa/acme/1", playbook.Contact{Name: "Cy", Mail: "cy@acme.example"})
			done <- err
		}()
	}
	for range 12 {
		var busy BusyError
		if err := <-done; err != nil && !errors.As(err, &busy) {
			t.Error(err)
		}
	}
	cys := 0
	for _, c := range must[[]playbook.Contact](t)(l.store.Contacts(t.Context(), "acme")) {
		if c.Mail == "cy@acme.example" {
			cys++
		}
	}
	same(t, "contacts", 1, cys)
	l.lines(dossier.Register)
}

// TestContactsOfAnotherVendor are not there for the owner of this one's case.
func TestContactsOfAnotherVendor(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	other := playbook.Contact{ID: "zeta.1", Vendor: "zeta", Name: planted, Mail: "z@zeta.example", State: playbook.ContactProposed, Made: monday(), Changed: monday()}
	ok(t, l.store.PutContact(t.Context(), other))
	same(t, "one's own", 2, len(must[[]playbook.Contact](t)(l.desk.ContactsOf(t.Context(), from("rita"), "dpa/acme/1"))))
	_, err := l.desk.ContactsOf(t.Context(), from("sam"), "dpa/acme/1")
	missing(t, err)
	missing(t, l.desk.ConfirmContact(t.Context(), from("olga"), "dpa/acme/1", "zeta.1"))
	missing(t, l.desk.EndContact(t.Context(), from("olga"), "dpa/acme/1", "zeta.1"))
	_, err = l.desk.RevokeLinks(t.Context(), from("olga"), "dpa/acme/1", "zeta.1")
	missing(t, err)
	_, err = l.desk.AddContact(t.Context(), from("rita"), "dpa/acme/1", playbook.Contact{Name: "x", Mail: "x@acme.example"})
	forbidden(t, err)
	same(t, "letters", 0, len(l.letters(outbox.Comment)))
}

// TestHowEarlyThingsAreBroughtUp: as the case's own playbook says, and by what is usual
// where it has none; nobody without a tie hears of it.
func TestHowEarlyThingsAreBroughtUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, rehearsal())
	same(t, "without a playbook", true, must[engagement.Watch](t)(w.desk.WatchOf(t.Context(), from("rita"), onboarding)).Empty())
	rules, text, err := shelf{}.Playbook("whole")
	ok(t, err)
	paper := must[dossier.Paper](t)(w.desk.File(t.Context(), from("rita"), bytes.NewReader(text)))
	w.engine.mu.Lock()
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "playbook", Document: paper.Digest}})
	w.flush(p)
	w.engine.mu.Unlock()
	got := must[engagement.Watch](t)(w.desk.WatchOf(t.Context(), from("rita"), onboarding))
	same(t, "watch", rules.Watch, got)
	same(t, "it says something", 45, got.NoticeLead)
	_, err = w.desk.WatchOf(t.Context(), from("rita"), "onboarding/zeta/1")
	same(t, "no such case", true, isNotFound(err))
	_, err = w.desk.WatchOf(t.Context(), from("nobody"), onboarding)
	if err == nil {
		t.Error("a stranger heard of it")
	}
}
