package desk

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestAContactDelivers: from the link in the mail to the receipt.
func TestAContactDelivers(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	secret := l.link(l.ann, l.ask)
	for range 5 { // a mail scanner
		w := must[access.Welcome](t)(l.desk.PortalLook(t.Context(), secret))
		same(t, "welcome", access.Welcome{For: planted + " A.", Vendor: "acme", Client: planted + " Client", Asker: planted + " olga", Phone: "+44 20 7946 0000", Opens: true}, w)
	}
	session := l.enters(secret)
	c := must[playbook.Contact](t)(l.desk.PortalIn(t.Context(), session))
	same(t, "contact", l.ann.ID, c.ID)
	tasks := l.tasks(c)
	same(t, "tasks", []any{1, access.TaskOpen, l.ask, "Send it signed.", l.clock.now().Add(72 * time.Hour)}, []any{len(tasks), tasks[0].State, tasks[0].Request, tasks[0].Ask, tasks[0].Due})
	pdf := l.sends(c, l.ask, "%PDF our agreement")
	same(t, "what was found", []any{engagement.KindDPA, 2}, []any{pdf.Kind, pdf.Words})
	ups := must[[]access.SentPaper](t)(l.desk.PortalUploads(t.Context(), portal(c), l.ask))
	same(t, "uploads", []any{1, planted + ".pdf", pdf}, []any{len(ups), ups[0].Name, ups[0].Reading})
	out := l.answers(delivers("a-1", l.ask, portal(c), pdf.Document))
	same(t, "outcome", []any{review.Counted, "vendor", l.ann.ID}, []any{out.Status, out.Seat, out.By})
	if out.State != "" || out.Missing != nil {
		t.Errorf("a contact is told how the request stands: %+v", out)
	}
	same(t, "again", review.Counted, l.answers(delivers("a-1", l.ask, portal(c), pdf.Document)).Status)
	task := l.tasks(c)[0]
	same(t, "received", access.TaskReceived, task.State)
	d := task.Deliveries[0]
	same(t, "receipt", []any{"a-1", planted + " Ann", pdf.Document, planted + ".pdf", false}, []any{d.Answer, d.By, d.Papers[0].Document, d.Papers[0].Name, d.Pending})
	same(t, "the form is empty again", 0, len(must[[]access.SentPaper](t)(l.desk.PortalUploads(t.Context(), portal(c), l.ask))))
	text := must[dossier.Paper](t)(paperOf(l.store.TextOf(t.Context(), pdf.Document)))
	same(t, "the text is kept beside it", digestOf([]byte("our agreement")), text.Digest)
	l.closes(l.root, l.ask, review.Met)
	l.ends(l.root)
	same(t, "in the end", access.TaskAccepted, l.tasks(c)[0].State)
}

// TestAContactDeliversByMail: the address is theirs in whatever letters, and means
// the vendor whom the request is about.
func TestAContactDeliversByMail(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	other := l.opens("onboarding/zeta/1", calendar.Anchor{})
	_ = other
	twin := playbook.Contact{ID: "zeta.1", Vendor: "zeta", Name: "Ann there", Mail: l.ann.Mail, State: playbook.ContactActive, Made: monday(), Changed: monday()}
	ok(t, l.store.PutContact(t.Context(), twin))
	found := must[engagement.Reading](t)(l.desk.TakeDocument(t.Context(), mailFrom(l.ann), l.ask, "dpa.pdf", "application/pdf", []byte("%PDF by mail")))
	out := l.answers(delivers("mail-1", l.ask, mailFrom(l.ann), found.Document))
	same(t, "outcome", []any{review.Counted, l.ann.ID}, []any{out.Status, out.By})
	same(t, "nobody's address", review.UnknownPerson, l.answers(delivers("mail-2", l.ask, review.Address{Channel: "mail", ID: "eve@evil.example"}, found.Document)).Refusal)
	same(t, "one's own people come first", "olga", must[playbook.Person](t)(l.desk.Who(t.Context(), review.Address{Channel: "mail", ID: "OLGA@" + planted + ".example"})).ID)
	_, err := l.desk.Who(t.Context(), mailFrom(l.ann))
	missing(t, err) // an address alone doesn't say for which vendor
}

// TestAContactAnswersNothingElse: no decision, nobody else's delivery, no document
// that isn't theirs, no seat of the client, no closed door told from one that isn't
// there.
func TestAContactAnswersNothingElse(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	decision := l.asks(l.root, "sign", "lena", l.ann.ID)
	mine := l.sends(l.ann, l.ask, "%PDF mine")
	inside := must[dossier.Paper](t)(l.desk.File(t.Context(), from("olga"), strings.NewReader("# Inside\n\nOurs.\n")))
	zeta := l.opens("onboarding/zeta/1", calendar.Anchor{})
	theirs := l.wants(zeta, "deliver", l.ann)
	l.engine.mu.Lock()
	zeta.requests[0].Vendor = "zeta"
	l.engine.mu.Unlock()
	for name, c := range map[string]struct {
		a    review.Answer
		want review.Refusal
	}{
		"a decision":            {review.Answer{Request: decision, Verdict: review.Approve, From: portal(l.ann)}, review.NoSeat},
		"a decision by mail":    {review.Answer{Request: decision, Verdict: review.Approve, From: mailFrom(l.ann)}, review.NoSeat},
		"a colleague's":         {delivers("", l.ask, portal(l.bob), mine.Document), review.NoSeat},
		"the client's document": {delivers("", l.ask, portal(l.ann), inside.Digest), review.NeedsDocument},
		"nothing":               {delivers("", l.ask, portal(l.ann)), review.NeedsDocument},
		"another word":          {review.Answer{Request: l.ask, Verdict: review.Approve, From: portal(l.ann)}, review.WrongVerdict},
		"another seat":          {review.Answer{Request: l.ask, Seat: "lena-seat", Verdict: review.Delivered, From: portal(l.ann)}, review.NoSeat},
		"for the vendor":        {review.Answer{Request: l.ask, Verdict: review.Delivered, ForVendor: true, From: portal(l.ann)}, review.NotOwner},
		"nothing there":         {delivers("", "dpa/acme/9:deliver.1", portal(l.ann), mine.Document), review.Unknown},
		"nobody":                {delivers("", l.ask, review.Address{Channel: "portal", ID: "acme.99"}, mine.Document), review.UnknownPerson},
		"one's own":             {delivers("", l.ask, review.Address{Channel: "portal", ID: "olga"}, mine.Document), review.UnknownPerson},
		"a channel of no one":   {delivers("", l.ask, review.Address{Channel: "web", ID: l.ann.ID}, mine.Document), review.NeedsDocument},
	} {
		c.a.ID, c.a.At = "x-"+strings.ReplaceAll(name, " ", "-"), monday()
		if name == "a channel of no one" {
			continue
		}
		out := l.answers(c.a)
		same(t, name, []any{review.Refused, c.want}, []any{out.Status, out.Refusal})
		if out.By != "" && out.By != l.ann.ID || !out.At.IsZero() || out.State != "" {
			t.Errorf("%s: more is told than that: %+v", name, out)
		}
	}
	_ = theirs
	if got := l.root.find(decision).Ballots; len(got) != 0 {
		t.Errorf("a contact decided: %+v", got)
	}
	tried := 0
	for _, x := range l.lines("dpa/acme/1") {
		if x.Entry.Kind == dossier.Attempt && strings.HasPrefix(x.Entry.Actor, "acme.") {
			tried++
		}
	}
	same(t, "what they tried stands in the record", 4, tried)
}

// TestRefusedDocuments: told, noted once, and not kept.
func TestRefusedDocuments(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	for _, text := range []string{"encrypted thing", "malware thing", "not-scanned thing", "encrypted thing"} {
		found := must[engagement.Reading](t)(l.desk.PortalUpload(t.Context(), portal(l.ann), l.ask, "x", "", strings.NewReader(text)))
		word, _, _ := strings.Cut(text, " ")
		same(t, text, engagement.ReadingFault(word), found.Fault)
		_, _, err := l.store.Get(t.Context(), found.Document)
		missing(t, err)
		_, err = l.store.Reading(t.Context(), found.Document)
		missing(t, err)
		same(t, "it can't be delivered", review.NeedsDocument, l.answers(delivers("a-"+found.Document[7:20], l.ask, portal(l.ann), found.Document)).Refusal)
	}
	same(t, "notes", []string{"acme.1 document-refused acme.1 encrypted", "acme.1 document-refused acme.1 malware"}, l.notes())
	big := must[engagement.Reading](t)(l.desk.PortalUpload(t.Context(), portal(l.ann), l.ask, "x", "", strings.NewReader(strings.Repeat("x", maxRaw+1))))
	same(t, "too large", engagement.FaultTooLarge, big.Fault)
}

// TestReadingsAreKeptOnce: the same bytes are read once, whoever sends them.
func TestReadingsAreKeptOnce(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	first := l.sends(l.ann, l.ask, "%PDF once")
	l.clock.pass(time.Hour)
	again := l.sends(l.ann, l.ask, "%PDF once")
	same(t, "the reading that stands", first, again)
	same(t, "one upload", 1, len(must[[]access.SentPaper](t)(l.desk.PortalUploads(t.Context(), portal(l.ann), l.ask))))
	ok(t, l.desk.PortalDrop(t.Context(), portal(l.ann), l.ask, first.Document))
	same(t, "none", 0, len(must[[]access.SentPaper](t)(l.desk.PortalUploads(t.Context(), portal(l.ann), l.ask))))
	same(t, "what was taken off is not theirs to send", review.NeedsDocument, l.answers(delivers("a", l.ask, portal(l.ann), first.Document)).Refusal)
}

// TestLinksEnd: by time, by revocation, with the contact, long after the end; and
// looking never makes a difference.
func TestLinksEnd(t *testing.T) {
	t.Parallel()
	look := func(l *lobby, secret string) bool {
		return must[access.Welcome](t)(l.desk.PortalLook(t.Context(), secret)).Opens
	}
	t.Run("by time, unless it is sent again", func(t *testing.T) {
		t.Parallel()
		l := newLobby(t)
		secret := l.link(l.ann, l.ask)
		l.clock.pass(20 * 24 * time.Hour)
		l.link(l.ann, l.ask) // a reminder
		l.clock.pass(20 * 24 * time.Hour)
		same(t, "after a reminder", true, look(l, secret))
		l.clock.pass(10 * 24 * time.Hour)
		same(t, "after thirty days", false, look(l, secret))
		_, _, err := l.desk.PortalEnter(t.Context(), secret, "x")
		missing(t, err)
		same(t, "nothing is told of a dead link", access.Welcome{}, must[access.Welcome](t)(l.desk.PortalLook(t.Context(), secret)))
		same(t, "nor of one that never was", access.Welcome{}, must[access.Welcome](t)(l.desk.PortalLook(t.Context(), "nothing")))
	})
	t.Run("by revocation, with its visits, and a new one is another", func(t *testing.T) {
		t.Parallel()
		l := newLobby(t)
		secret := l.link(l.ann, l.ask)
		session := l.enters(secret)
		same(t, "links", 1, must[int](t)(l.desk.RevokeLinks(t.Context(), from("olga"), "dpa/acme/1", l.ann.ID)))
		same(t, "opens", false, look(l, secret))
		_, err := l.desk.PortalIn(t.Context(), session)
		missing(t, err)
		same(t, "register", 1, l.noted("links-revoked"))
		l.link(l.ann, l.ask)
		same(t, "a mail doesn't bring it back", false, look(l, secret))
		ok(t, l.desk.PortalAgain(t.Context(), secret, office))
		same(t, "mailed", []string{l.ann.ID}, l.letters(outbox.Portal))
		fresh := l.key.Link(l.post.letters[len(l.post.letters)-1].Link)
		same(t, "the new one opens", true, look(l, fresh))
		ok(t, l.desk.PortalAgain(t.Context(), "of nobody", office))
		same(t, "nobody is told from somebody", 1, len(l.letters(outbox.Portal)))
		for range 3 {
			err = l.desk.PortalAgain(t.Context(), secret, office)
		}
		tooOften(t, err)
	})
	t.Run("with the contact", func(t *testing.T) {
		t.Parallel()
		l := newLobby(t)
		secret := l.link(l.ann, l.ask)
		session := l.enters(secret)
		ok(t, l.desk.EndContact(t.Context(), from("olga"), "dpa/acme/1", l.ann.ID))
		same(t, "opens", false, look(l, secret))
		_, err := l.desk.PortalIn(t.Context(), session)
		missing(t, err)
		_, err = l.desk.PortalTasks(t.Context(), portal(l.ann))
		missing(t, err)
	})
	t.Run("long after the end", func(t *testing.T) {
		t.Parallel()
		l := newLobby(t)
		secret := l.link(l.ann, l.ask)
		l.closes(l.root, l.ask, review.Met)
		for range 4 {
			l.clock.pass(29 * 24 * time.Hour)
			l.link(l.ann, l.ask)
		}
		same(t, "opens", false, look(l, secret))
	})
	t.Run("a visit ends after twelve hours", func(t *testing.T) {
		t.Parallel()
		l := newLobby(t)
		session := l.enters(l.link(l.ann, l.ask))
		l.clock.pass(12 * time.Hour)
		_, err := l.desk.PortalIn(t.Context(), session)
		missing(t, err)
		var said interface{ Hint() string }
		if !errors.As(err, &said) || said.Hint() == "" {
			t.Error("nothing is said of what to do")
		}
	})
	t.Run("by going", func(t *testing.T) {
		t.Parallel()
		l := newLobby(t)
		session := l.enters(l.link(l.ann, l.ask))
		ok(t, l.desk.PortalOut(t.Context(), session))
		ok(t, l.desk.PortalOut(t.Context(), session))
		_, err := l.desk.PortalIn(t.Context(), session)
		missing(t, err)
	})
}

// TestHandingOn: a colleague of the same domain is asked at once, anybody else once
// the owner confirms.
func TestHandingOn(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	domain := strings.ToLower(planted) + ".example"
	cy := must[playbook.Contact](t)(l.desk.HandOn(t.Context(), portal(l.ann), "h-1", l.ask, planted+" Cy", "cy@legal."+domain))
	same(t, "active", playbook.ContactActive, cy.State)
	l.delivers()
	same(t, "seated", true, l.root.find(l.ask).Holds("vendor", cy.ID, monday()))
	same(t, "again", cy.ID, must[playbook.Contact](t)(l.desk.HandOn(t.Context(), portal(l.ann), "h-1", l.ask, planted+" Cy", "cy@legal."+domain)).ID)
	same(t, "both see it", []string{planted + " Ann"}, l.tasks(cy)[0].Others)

	dee := must[playbook.Contact](t)(l.desk.HandOn(t.Context(), portal(l.ann), "h-2", l.ask, planted+" Dee", "dee@lawyers.example"))
	same(t, "waits", playbook.ContactProposed, dee.State)
	same(t, "the owner is told", []string{"olga proposed"}, l.letters(outbox.Comment))
	_, err := l.desk.PortalTasks(t.Context(), portal(dee))
	missing(t, err)
	forbidden(t, l.desk.ConfirmContact(t.Context(), from("rita"), "dpa/acme/1", dee.ID))
	missing(t, l.desk.ConfirmContact(t.Context(), from("sam"), "dpa/acme/1", dee.ID))
	for range 2 {
		ok(t, l.desk.ConfirmContact(t.Context(), from("olga"), "dpa/acme/1", dee.ID))
	}
	l.delivers()
	same(t, "confirmed", []any{playbook.ContactActive, true}, []any{l.contact(dee.ID).State, l.root.find(l.ask).Holds("vendor", dee.ID, monday())})

	eve := must[playbook.Contact](t)(l.desk.HandOn(t.Context(), portal(l.ann), "h-3", l.ask, planted+" Eve", "eve@evil.example"))
	ok(t, l.desk.EndContact(t.Context(), from("olga"), "dpa/acme/1", eve.ID))
	same(t, "declined", playbook.ContactEnded, l.contact(eve.ID).State)
	same(t, "who was declined is asked about again", playbook.ContactProposed,
		must[playbook.Contact](t)(l.desk.HandOn(t.Context(), portal(l.ann), "h-4", l.ask, planted+" Eve", "eve@evil.example")).State)

	for _, bad := range []string{"", "no address", "ann@" + domain, "OLGA@" + planted + ".example"} {
		_, err := l.desk.HandOn(t.Context(), portal(l.ann), "h-5", l.ask, "Somebody", bad)
		var wrong InputError
		if !errors.As(err, &wrong) || wrong.Hint() == "" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for range handsPerDay {
		_, err = l.desk.HandOn(t.Context(), portal(l.ann), "h-6", l.ask, "", "")
	}
	tooOften(t, err)
}

// TestSameOrganisation holds what makes somebody a colleague.
func TestSameOrganisation(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"a@acme.example", "b@ACME.example", true}, {"a@acme.co.uk", "b@legal.acme.co.uk", true}, {"a@acme.example", "b@acme.example.evil.example", false},
		{"a@acme.co.uk", "b@evil.co.uk", false}, {"a@gmail.com", "b@gmail.com", false}, {"a@acme.example", "b@notacme.example", false},
		{"a@co.uk", "b@co.uk", false}, {"a", "b", false}, {"", "", false}, {"a@acme.github.io", "b@evil.github.io", false}, {"a@yahoo.fr", "b@yahoo.fr", false},
	} {
		if got := sameOrganisation(c.a, c.b); got != c.same || got != sameOrganisation(c.b, c.a) {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}

// TestNotMe: the contact ends, their seats are theirs no more, the owner is told.
func TestNotMe(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	l.delivers()
	ok(t, l.desk.NotMe(t.Context(), portal(l.ann), "n-1", l.ask, planted+" try Bob"))
	l.delivers()
	same(t, "ended", playbook.ContactEnded, l.contact(l.ann.ID).State)
	told := l.root.people[len(l.root.people)-1].People
	same(t, "the process is told", []any{1, l.ann.ID, false, "acme"}, []any{len(told), told[0].ID, told[0].Active, told[0].Employer})
	same(t, "the owner is told", []string{"olga not-me"}, l.letters(outbox.Comment))
	same(t, "note", []string{"acme.1 contact acme.1 ended"}, l.notes())
	missing(t, l.desk.NotMe(t.Context(), portal(l.ann), "n-1", l.ask, planted+" try Bob"))
	ok(t, l.desk.ConfirmContact(t.Context(), from("olga"), "dpa/acme/1", l.ann.ID))
	same(t, "the owner may bring them back", playbook.ContactActive, l.contact(l.ann.ID).State)
	var states []string
	for _, x := range l.lines(dossier.Register) {
		if x.Entry.Kind == dossier.ContactChanged && x.Entry.Detail.Person == l.ann.ID {
			states = append(states, x.Entry.Actor+" "+x.Entry.Detail.Result)
			if len(states) > 1 {
				if x.Body != nil {
					t.Errorf("the name is said again: %+v", x.Body)
				}
				continue
			}
			same(t, "the name is in the body", []dossier.Name{{ID: l.ann.ID, Name: planted + " Ann"}}, x.Body.Names)
		}
	}
	same(t, "register", []string{"olga active", "acme.1 ended", "olga active"}, states)
}

// TestAskedAgain: what the owner wrote for the vendor stands with the new task, and
// what they wrote for their own people doesn't.
func TestAskedAgain(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	must[review.Written](t)(l.store.KeepText(t.Context(), "back-1", review.Text{Inside: planted + " they are slow", Vendor: "Clause 4 is missing."}))
	l.wants(l.root, "again", l.ann)
	l.engine.mu.Lock()
	again := l.root.requests[len(l.root.requests)-1]
	l.engine.mu.Unlock()
	again.VendorText = "back-1"
	text, err := l.desk.forVendor(t.Context(), again)
	ok(t, err)
	same(t, "what the vendor is told", "Clause 4 is missing.", text)
	again.VendorText, again.AskText = "", "back-1"
	text, err = l.desk.forVendor(t.Context(), again)
	ok(t, err)
	same(t, "what the vendor is asked", "Clause 4 is missing.", text)
}

// TestManyDocuments: whoever sends more than an hour takes goes on in the next one
// where they stopped, since what was taken counts once.
func TestManyDocuments(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	send := func(i int) error {
		_, err := l.desk.TakeDocument(t.Context(), mailFrom(l.ann), l.ask, "a.txt", "text/plain", []byte("document "+strconv.Itoa(i)))
		return err
	}
	for i := range papersPerHour {
		ok(t, send(i))
	}
	tooOften(t, send(papersPerHour))
	l.clock.pass(61 * time.Minute)
	for i := range papersPerHour + 20 {
		ok(t, send(i))
	}
}

// TestAskingBack: a comment that the owner is told of, once, and not too often.
func TestAskingBack(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	for range 2 {
		ok(t, l.desk.AskBack(t.Context(), portal(l.ann), "q-1", l.ask, planted+" which version?"))
	}
	same(t, "note", []string{"acme.1 comment"}, l.notes())
	for _, x := range l.lines("dpa/acme/1") {
		if x.Entry.Answer == "q-1" {
			same(t, "text", planted+" which version?", x.Body.Inside)
		}
	}
	if len(l.letters(outbox.Comment)) == 0 {
		t.Error("nobody is told")
	}
	var wrong InputError
	if err := l.desk.AskBack(t.Context(), portal(l.ann), "q-2", l.ask, " "); !errors.As(err, &wrong) {
		t.Error(err)
	}
	missing(t, l.desk.AskBack(t.Context(), portal(l.bob), "q-3", l.ask, "may I?"))
	var err error
	for i := range wordsPerDay {
		err = l.desk.AskBack(t.Context(), portal(l.ann), "many-"+string(rune('a'+i)), l.ask, "and?")
	}
	tooOften(t, err)
}

// TestAMailThatIsNoDelivery is a comment of the contact's, and the owner is told.
func TestAMailThatIsNoDelivery(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	n := review.Note{ID: "m-1", Kind: review.NoteComment, Case: "dpa/acme/1", Request: l.ask, Channel: "mail", At: monday(), From: mailFrom(l.ann), Text: review.Text{Inside: planted + " soon"}}
	ok(t, l.desk.Note(t.Context(), n))
	same(t, "note", []string{"acme.1 comment"}, l.notes())
	same(t, "told", []string{"olga wrote-by-mail"}, l.letters(outbox.Comment))
	n.ID, n.From = "m-2", review.Address{Channel: "portal", ID: l.bob.ID}
	missing(t, l.desk.Note(t.Context(), n))
	n.ID, n.From, n.Kind = "m-3", portal(l.ann), review.NoteContact
	var wrong InputError
	if err := l.desk.Note(t.Context(), n); !errors.As(err, &wrong) {
		t.Errorf("a channel says that a contact changed: %v", err)
	}
}

// TestUsingAgain: what was delivered before, unless it is over or never was taken.
func TestUsingAgain(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	old := l.sends(l.ann, l.ask, "%PDF of last year")
	l.answers(delivers("a-1", l.ask, portal(l.ann), old.Document))
	l.closes(l.root, l.ask, review.Met)
	l.clock.pass(300 * 24 * time.Hour)
	next := l.opens("dpa/acme/2", calendar.Anchor{})
	ask := l.wants(next, "deliver", l.bob)
	list := must[[]access.Earlier](t)(l.desk.Earlier(t.Context(), portal(l.bob), ask))
	same(t, "earlier", []any{1, old.Document, planted + ".pdf", "Your agreement"}, []any{len(list), list[0].Document, list[0].Name, list[0].Title})
	_, err := l.desk.Earlier(t.Context(), portal(l.ann), ask)
	missing(t, err)
	l.clock.pass(100 * 24 * time.Hour)
	same(t, "too old", 0, len(must[[]access.Earlier](t)(l.desk.Earlier(t.Context(), portal(l.bob), ask))))
	same(t, "and can't be sent", review.NeedsDocument, l.answers(delivers("a-2", ask, portal(l.bob), old.Document)).Refusal)
	l.clock.pass(-100 * 24 * time.Hour)
	same(t, "used again", review.Counted, l.answers(delivers("a-3", ask, portal(l.bob), old.Document)).Status)
}

// TestDrafts: everybody has their own, of what they are asked.
func TestDrafts(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	decision := l.asks(l.root, "sign", "lena", "sam")
	for _, c := range []struct {
		who     review.Address
		request string
	}{{portal(l.ann), l.ask}, {from("lena"), decision}, {from("sam"), decision}} {
		_, _, err := l.desk.DraftOf(t.Context(), c.who, c.request)
		missing(t, err)
		ok(t, l.desk.SaveDraft(t.Context(), c.who, c.request, []byte(c.who.ID)))
		got, at, err := l.desk.DraftOf(t.Context(), c.who, c.request)
		ok(t, err)
		same(t, "draft", []any{c.who.ID, l.clock.now()}, []any{string(got), at})
	}
	missing(t, l.desk.SaveDraft(t.Context(), portal(l.ann), decision, nil))
	missing(t, l.desk.SaveDraft(t.Context(), portal(l.bob), l.ask, nil))
	missing(t, l.desk.SaveDraft(t.Context(), from("dora"), decision, nil))
	var wrong InputError
	if err := l.desk.SaveDraft(t.Context(), from("lena"), decision, make([]byte, maxDraft+1)); !errors.As(err, &wrong) {
		t.Error(err)
	}
}

// TestFilingForTheVendor: the owner, with the source; nobody else.
func TestFilingForTheVendor(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	file := func(text string) string {
		return must[dossier.Paper](t)(l.desk.File(t.Context(), from("olga"), strings.NewReader(text))).Digest
	}
	pdf := file("%PDF published")
	answer := func(id, who string, why string) review.Answer {
		a := delivers(id, l.ask, from(who), pdf)
		a.ForVendor, a.Text.Inside = true, why
		return a
	}
	same(t, "not the owner", review.NotOwner, l.answers(answer("f-1", "rita", "their site")).Refusal)
	same(t, "a stranger to the case", review.Unknown, l.answers(answer("f-2", "sam", "their site")).Refusal)
	same(t, "no source", review.NeedsSource, l.answers(answer("f-3", "olga", "")).Refusal)
	out := l.answers(answer("f-4", "olga", planted+" https://acme.example/dpa"))
	same(t, "counted", []any{review.Counted, "olga"}, []any{out.Status, out.By})
	d := l.tasks(l.ann)[0].Deliveries[0]
	same(t, "the vendor sees that it was filed, and not what", []any{true, planted + " Client", 0}, []any{d.ForVendor, d.By, len(d.Papers)})
}

// TestFilingReadsFirst: what can't be taken is refused with what to do, and a scan
// is taken and can't be reviewed as a text.
func TestFilingReadsFirst(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	for _, text := range []string{"encrypted x", "malware x", "macros x", "not-scanned x", strings.Repeat("x", maxRaw+1)} {
		_, err := l.desk.File(t.Context(), from("olga"), strings.NewReader(text))
		var wrong InputError
		if !errors.As(err, &wrong) || wrong.Hint() == "" {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	for text, want := range map[string]review.Refusal{"%SCAN x": review.Unreadable, "%PDF # One\n\nA clause.\n": "", "# One\n\nA clause.\n": ""} {
		paper := must[dossier.Paper](t)(l.desk.File(t.Context(), from("olga"), strings.NewReader(text)))
		why, err := l.desk.readable(t.Context(), paper.Digest)
		ok(t, err)
		same(t, text, want, why)
		why, err = l.desk.taken(t.Context(), paper.Digest)
		ok(t, err)
		same(t, text, review.Refusal(""), why)
		for step, want := range map[string]review.Refusal{"text": want, "next": want, "dpa-ask": "", "text-of-theirs": ""} {
			a := review.Answer{Request: "contract/acme/1:" + step + ".2", From: from("olga"), Person: review.Person{ID: "olga"}, Documents: []string{paper.Digest}}
			why, err = l.desk.admit(t.Context(), a)
			ok(t, err)
			same(t, text+" for "+step, want, why)
		}
	}
	why, err := l.desk.readable(t.Context(), "sha256:"+strings.Repeat("0", 64))
	ok(t, err)
	same(t, "nothing", review.NeedsDocument, why)
}

// TestWhatIsMissingIsTold: the owner's words for the vendor, and none of the others.
func TestWhatIsMissingIsTold(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	decision := l.asks(l.root, "missing", "olga")
	a := approve("a-words", "olga", decision)
	a.Text = review.Text{Inside: inside + planted, Vendor: planted + " name your sub-processors"}
	same(t, "said", review.Counted, l.answers(a).Status)
	l.clock.pass(time.Minute)
	ask := l.wants(l.root, "again", l.ann)
	tasks := l.tasks(l.ann)
	same(t, "told", []any{ask, planted + " name your sub-processors", access.TaskOpen}, []any{tasks[0].Request, tasks[0].Missing, tasks[0].State})
}
