package desk

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// handingOn is a lobby in which acme is left for zeta: Zoe of zeta learns area-1, and Ann of
// acme files what is written down of it.
type handingOn struct {
	*lobby
	exit, transfer, next       *process // next is zeta's own case
	zoe, zed                   playbook.Contact
	material, shown, received  string // requests
	plan, written, inside, own string // digests; own is of something else that acme filed
}

func newHandingOn(t *testing.T) *handingOn {
	t.Helper()
	h := &handingOn{lobby: newLobby(t)}
	h.next = h.onboards("onboarding/zeta/1")
	h.zoe, h.zed = h.namesAt("zoe"), h.namesAt("zed")
	h.exit = h.opens("exit/acme/1", calendar.Anchor{})
	h.says(dossier.ExitOrdered, &dossier.Detail{Result: "planned", Name: "replaced", Values: []string{"zeta"}})
	sheet, err := engagement.Sheet{Title: "The plan", Lines: []engagement.SheetLine{
		{Point: engagement.Point{ID: "area-1-what", Title: "What"}, Finding: engagement.Finding{Point: "area-1-what", Said: true}, Words: "Closing a pay run"},
		{Point: engagement.Point{ID: "area-2-what", Title: "What"}, Finding: engagement.Finding{Point: "area-2-what", Said: true}, Words: "Not for Zoe"},
		{Point: engagement.Point{ID: "cost", Title: "Cost"}, Finding: engagement.Finding{Point: "cost", Said: true}, Words: "120000 GBP"}}}.Encode()
	ok(t, err)
	h.plan, h.written, h.inside, h.own = h.files(string(sheet)), h.files("How a pay run is closed."), h.files("Ours."), h.files("What else acme filed.")
	h.says(dossier.PlanRead, &dossier.Detail{Result: "read", Document: h.plan})
	h.transfer = h.child("transfer/acme/1", h.exit)
	h.transfer.say(h.clock.now(), dossier.Entry{Kind: dossier.SessionSet, Detail: &dossier.Detail{Name: "area-1", Version: 1, Result: "held", Starts: monday()}})
	h.transfer.say(h.clock.now(), dossier.Entry{Kind: dossier.SessionSet, Detail: &dossier.Detail{Name: "area-2", Version: 1, Result: "held", Starts: monday().Add(time.Hour)}})
	h.material = h.wants(h.transfer, "transfer-material-area-1", h.ann)
	h.shown = h.receives("transfer-shown-area-1", review.Task, []engagement.Point{{ID: "did", Title: "What you did", Kind: engagement.PointText},
		{ID: "watched", Title: "Who watched", Kind: engagement.PointPerson, Optional: true}})
	h.received = h.receives("transfer-received-area-1", review.Decision, nil)
	return h
}

// onboards opens the case in which zeta is taken on board.
func (h *handingOn) onboards(id string) *process {
	h.t.Helper()
	p := &process{id: id, of: id, results: map[string]any{}}
	p.say(h.clock.now(), dossier.Entry{Kind: dossier.CaseOpened, Actor: "rita", Detail: &dossier.Detail{Vendor: "zeta", Owner: "olga", Requester: "rita", Playbook: "standard"}})
	h.begins(p)
	return p
}

func (h *handingOn) namesAt(local string) playbook.Contact {
	h.t.Helper()
	c := must[playbook.Contact](h.t)(h.desk.AddContact(h.t.Context(), from("olga"), "onboarding/zeta/1", playbook.Contact{Name: planted + " " + local, Mail: local + "@zeta.example"}))
	h.delivers()
	return c
}

// says makes an entry of the exit.
func (h *handingOn) says(kind dossier.Kind, d *dossier.Detail) {
	h.engine.mu.Lock()
	defer h.engine.mu.Unlock()
	h.exit.say(h.clock.now(), dossier.Entry{Kind: kind, Detail: d})
	h.flush(h.exit)
}

func (h *handingOn) files(text string) string {
	h.t.Helper()
	return must[dossier.Paper](h.t)(h.store.Put(h.t.Context(), strings.NewReader(text), 1<<20)).Digest
}

// receives asks Zoe for something that is hers by name, as the workflow does.
func (h *handingOn) receives(step string, kind review.Kind, points []engagement.Point) string {
	return h.wantsAs(h.transfer, step, func(r *review.Request) {
		r.Kind, r.Receiver, r.About, r.Given, r.Points, r.Sheet, r.Filers = kind, "zeta", []string{"area-1"}, []string{h.written}, points, len(points) > 0, nil
		r.Policy.Groups[0].Seats[0] = review.Seat{ID: "owner", Role: review.NamedPrefix + h.zoe.ID, Mandatory: true}
		r.Seatings = []review.Seating{{Seat: "owner", Holders: []review.Holder{{Person: h.zoe.ID, Via: review.ViaRole, Since: r.Opened}}}}
	})
}

func (h *handingOn) tasks(c playbook.Contact) []access.VendorTask {
	h.t.Helper()
	return must[[]access.VendorTask](h.t)(h.desk.PortalTasks(h.t.Context(), portal(c)))
}

// signs is what Zoe says of what she received.
func (h *handingOn) signs(id string) review.Answer {
	return review.Answer{ID: id, Request: h.received, Verdict: review.Approve, At: monday(), From: portal(h.zoe), Text: review.Text{Inside: planted + " can"}}
}

// shows is how Zoe fills in that she did it alone.
func (h *handingOn) shows(id string) review.Answer {
	return review.Answer{ID: id, Request: h.shown, Verdict: review.Done, At: monday(), From: portal(h.zoe),
		Findings: []engagement.Finding{{Point: "did", Said: true}}, Words: map[string]string{"did": "Closed it."}}
}

// TestWhoTakesOverReceives: led in by the link of a mail, shown what is hers and no more,
// heard for what is hers by name.
func TestWhoTakesOverReceives(t *testing.T) {
	t.Parallel()
	h := newHandingOn(t)
	ctx := t.Context()
	secret := h.link(h.zoe, h.shown)
	w := must[access.Welcome](t)(h.desk.PortalLook(ctx, secret))
	same(t, "welcome", []any{true, "zeta"}, []any{w.Opens, w.Vendor})
	session := h.enters(secret)
	same(t, "in", h.zoe.ID, must[playbook.Contact](t)(h.desk.PortalIn(ctx, session)).ID)
	tasks := h.tasks(h.zoe)
	same(t, "tasks", 2, len(tasks))
	for _, task := range tasks {
		in := task.Receives
		same(t, task.Request, []any{[]string{"Closing a pay run"}, []time.Time{monday()}, h.written, access.TaskOpen, ""},
			[]any{in.About, in.Sessions, in.Papers[0].Document, task.State, task.Missing})
		if slices.ContainsFunc(task.Points, func(p engagement.Point) bool { return p.Kind == engagement.PointPerson }) {
			t.Errorf("she may name our people: %+v", task.Points)
		}
		text, err := json.Marshal(task)
		ok(t, err)
		for _, secret := range []string{"120000", "Not for Zoe", h.own, h.inside, h.plan, planted + " Ann", planted + " Bob", h.ann.ID} {
			if strings.Contains(string(text), secret) {
				t.Errorf("%s shows %q: %s", task.Request, secret, text)
			}
		}
	}
	_, text, err := h.desk.ReceivedText(ctx, portal(h.zoe), h.shown, h.written)
	ok(t, err)
	words := must[[]byte](t)(io.ReadAll(text))
	ok(t, text.Close())
	same(t, "the material", "How a pay run is closed.", string(words))
	_, paper, err := h.desk.ReceivedDocument(ctx, portal(h.zoe), h.shown, h.written)
	ok(t, err)
	ok(t, paper.Close())
	_, text, err = h.desk.ReceivedText(ctx, portal(h.zoe), h.shown, h.written) // once more
	ok(t, err)
	ok(t, text.Close())
	same(t, "the record", []string{h.zoe.ID + " as-text " + h.written, h.zoe.ID + " as-filed " + h.written}, h.opened())
	same(t, "shown", []any{review.Counted, "owner"}, outcomeOf(h.answers(h.shows("s-1"))))
	same(t, "signed", []any{review.Counted, "owner"}, outcomeOf(h.answers(h.signs("s-2"))))
	same(t, "once", review.Counted, h.answers(h.signs("s-2")).Status)
	for _, task := range h.tasks(h.zoe) {
		same(t, "answered", []any{access.TaskReceived, 1}, []any{task.State, len(task.Deliveries)})
	}
	v := must[dossier.CaseView](t)(h.store.Case(ctx, "exit/acme/1"))
	same(t, "by her", h.zoe.ID, v.Request(h.received).Ballots[0].Person)
	ok(t, h.desk.AskBack(ctx, portal(h.zoe), "q-1", h.received, "Where is the key?"))
}

// opened is what the record of the exit says was opened by whom, and how.
func (h *handingOn) opened() []string {
	h.t.Helper()
	var list []string
	for _, x := range h.lines("exit/acme/1") {
		if e, d := x.Entry, x.Entry.Detail; e.Kind == dossier.Noted && d.Name == string(review.NoteOpened) {
			list = append(list, e.Actor+" "+d.Result+" "+d.Digest)
		}
	}
	return list
}

func outcomeOf(out review.Outcome) []any { return []any{out.Status, out.Seat} }

// TestTheLeavingVendorSeesWhatItGives: Ann has her own request, and nothing of who takes
// over, of what is theirs, or of who they are.
func TestTheLeavingVendorSeesWhatItGives(t *testing.T) {
	t.Parallel()
	h := newHandingOn(t)
	h.answers(h.shows("s-1"))
	for _, task := range h.tasks(h.ann) {
		text, err := json.Marshal(task)
		ok(t, err)
		if task.Receives != nil || task.Request == h.shown || task.Request == h.received {
			t.Errorf("she is shown %s", text)
		}
		for _, secret := range []string{"zeta", h.zoe.ID, planted + " zoe", "Closing a pay run", h.plan, h.written} {
			if strings.Contains(string(text), secret) {
				t.Errorf("%s shows %q: %s", task.Request, secret, text)
			}
		}
	}
	same(t, "her tasks", 2, len(h.tasks(h.ann)))
}

// TestDoorsOfAHandOver: whoever asks for what is not theirs is told the same as of what is
// not there, by whatever door they come.
func TestDoorsOfAHandOver(t *testing.T) {
	t.Parallel()
	h := newHandingOn(t)
	ctx := t.Context()
	decide := h.wantsAs(h.exit, "exit-decide", func(r *review.Request) { r.Kind = review.Decision })
	for name, x := range map[string]struct {
		who     playbook.Contact
		request string
	}{
		"who leaves asks for what is shown": {h.ann, h.shown},
		"who leaves asks for the signature": {h.ann, h.received},
		"who comes asks for the material":   {h.zoe, h.material},
		"who comes asks for the decision":   {h.zoe, decide},
		"who comes asks for another case":   {h.zoe, h.ask},
		"who comes guesses":                 {h.zoe, "transfer/acme/1:transfer-shown-area-2.1"},
		"a colleague of who comes":          {h.zed, h.shown},
	} {
		who := portal(x.who)
		for door, err := range map[string]error{
			"uploading":        second(h.desk.PortalUpload(ctx, who, x.request, "x.txt", "text/plain", strings.NewReader("x"))),
			"uploads":          second(h.desk.PortalUploads(ctx, who, x.request)),
			"dropping":         h.desk.PortalDrop(ctx, who, x.request, h.written),
			"what was sent":    second(h.desk.Earlier(ctx, who, x.request)),
			"forms":            second(h.desk.PortalSheets(ctx, who, x.request)),
			"handing on":       second(h.desk.HandOn(ctx, who, "h-1", x.request, "Eve", "eve@zeta.example")),
			"not me":           h.desk.NotMe(ctx, who, "n-1", x.request, ""),
			"asking back":      h.desk.AskBack(ctx, who, "q-1", x.request, "What?"),
			"withdrawing":      h.desk.VendorWithdraws(ctx, who, "w-1", x.request, "Why not."),
			"keeping a draft":  h.desk.SaveDraft(ctx, who, x.request, []byte("{}")),
			"a draft":          second2(h.desk.DraftOf(ctx, who, x.request)),
			"a document":       second(paperOf(h.desk.ReceivedDocument(ctx, who, x.request, h.written))),
			"its text":         second(paperOf(h.desk.ReceivedText(ctx, who, x.request, h.written))),
			"a request":        second(h.desk.Request(ctx, who, x.request)),
			"the case":         second(h.desk.Case(ctx, who, "exit/acme/1")),
			"the case's lines": second(h.desk.Lines(ctx, who, "exit/acme/1")),
			"a paper":          second(paperOf(h.desk.Document(ctx, who, "exit/acme/1", h.plan))),
		} {
			if !isNotFound(err) {
				t.Errorf("%s, %s: %v, want NotFound", name, door, err)
			}
		}
		for _, verdict := range []review.Verdict{review.Done, review.Approve, review.Delivered} {
			out := h.answers(review.Answer{ID: "x-" + strings.ReplaceAll(name, " ", "-") + string(verdict), Request: x.request, Verdict: verdict, At: monday(), From: who})
			if out.OK() || out.Refusal != review.Unknown && (x.who.ID != h.ann.ID && x.who.ID != h.zoe.ID || out.Refusal != review.NoSeat) {
				t.Errorf("%s, answering %s: %+v", name, verdict, out)
			}
		}
	}
	for name, err := range map[string]error{
		"the plan":             second(paperOf(h.desk.ReceivedDocument(ctx, portal(h.zoe), h.shown, h.plan))),
		"what else acme filed": second(paperOf(h.desk.ReceivedText(ctx, portal(h.zoe), h.shown, h.own))),
		"ours":                 second(paperOf(h.desk.ReceivedText(ctx, portal(h.zoe), h.received, h.inside))),
		"nothing":              second(paperOf(h.desk.ReceivedText(ctx, portal(h.zoe), h.received, ""))),
		"by mail":              second(paperOf(h.desk.ReceivedText(ctx, mailFrom(h.zoe), h.shown, h.written))),
		"in the browser":       second(paperOf(h.desk.ReceivedText(ctx, from(h.zoe.ID), h.shown, h.written))),
	} {
		if !isNotFound(err) {
			t.Errorf("%s: %v, want NotFound", name, err)
		}
	}
	same(t, "what was opened", 0, len(h.opened()))
	if err := second(h.desk.HandOn(ctx, portal(h.zoe), "h-2", h.shown, "Zed", "zed@zeta.example")); !isInputError(err) {
		t.Errorf("what is hers by name is handed on: %v", err)
	}
	if err := h.desk.VendorWithdraws(ctx, portal(h.zoe), "w-2", h.shown, "We go."); !isInputError(err) {
		t.Errorf("who takes over withdraws from another's case: %v", err)
	}
}

// TestAnAnswerOfWhoTakesOverIsHeld: to her seat, to what the form offers her, and to what
// she sent herself.
func TestAnAnswerOfWhoTakesOverIsHeld(t *testing.T) {
	t.Parallel()
	h := newHandingOn(t)
	for name, c := range map[string]struct {
		change func(*review.Answer)
		want   review.Refusal
	}{
		"another seat":          {func(a *review.Answer) { a.Seat = "legal" }, review.Unknown},
		"a word of deliveries":  {func(a *review.Answer) { a.Verdict = review.Delivered }, review.WrongVerdict},
		"in the vendor's place": {func(a *review.Answer) { a.ForVendor = true }, review.WrongVerdict},
		"our document":          {func(a *review.Answer) { a.Documents = []string{h.inside} }, review.NeedsDocument},
		"what she was given":    {func(a *review.Answer) { a.Documents = []string{h.written} }, review.NeedsDocument},
		"by mail":               {func(a *review.Answer) { a.From = mailFrom(h.zoe) }, review.UnknownPerson},
		"as one of our own":     {func(a *review.Answer) { a.From = from(h.zoe.ID) }, review.UnknownPerson},
		"naming one of ours": {func(a *review.Answer) {
			a.Findings = append(a.Findings, engagement.Finding{Point: "watched", Choices: []string{"olga"}})
		}, review.NeedsFindings},
		"naming nobody": {func(a *review.Answer) {
			a.Findings = append(a.Findings, engagement.Finding{Point: "watched", Choices: []string{"nobody"}})
		}, review.NeedsFindings},
	} {
		a := h.shows("x-" + strings.ReplaceAll(name, " ", "-"))
		c.change(&a)
		if out := h.answers(a); out.Refusal != c.want {
			t.Errorf("%s: %+v, want %q", name, out, c.want)
		}
	}
}

// TestWhoDoesNotComeIsOutAtOnce: by whatever the owner or their own onboarding says, and
// when the exit is over. What was hers is not there, by the old link, the old visit and in
// an answer; she hears the same as of what never was.
func TestWhoDoesNotComeIsOutAtOnce(t *testing.T) {
	t.Parallel()
	gate := func(word string) *dossier.Detail { return &dossier.Detail{Parent: "onboarding/zeta/1", Result: word} }
	for name, says := range map[string]struct {
		kind dossier.Kind
		d    *dossier.Detail
	}{
		"in house":       {dossier.ExitOrdered, &dossier.Detail{Result: "planned", Name: "in-house"}},
		"another vendor": {dossier.ExitOrdered, &dossier.Detail{Result: "planned", Name: "replaced", Values: []string{"eta"}}},
		"lost":           {dossier.GateReached, gate("lost")},
		"withdrawn":      {dossier.GateReached, gate("withdrawn")},
		"over":           {dossier.CaseClosed, &dossier.Detail{Result: "exited"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHandingOn(t)
			ctx := t.Context()
			secret := h.link(h.zoe, h.shown)
			session := h.enters(secret)
			h.says(says.kind, says.d)
			same(t, "the link", access.Welcome{}, must[access.Welcome](t)(h.desk.PortalLook(ctx, secret)))
			missing(t, second3(h.desk.PortalEnter(ctx, secret, "x")))
			same(t, "who she is", h.zoe.ID, must[playbook.Contact](t)(h.desk.PortalIn(ctx, session)).ID) // for her own case
			same(t, "her tasks", 0, len(h.tasks(h.zoe)))
			missing(t, second(paperOf(h.desk.ReceivedText(ctx, portal(h.zoe), h.shown, h.written))))
			missing(t, second(h.desk.PortalUploads(ctx, portal(h.zoe), h.shown)))
			same(t, "an answer", review.Unknown, h.answers(h.signs("late")).Refusal)
			if says.kind == dossier.GateReached && says.d.Result == "lost" {
				h.says(dossier.GateReached, gate("signed"))
				same(t, "she comes after all", 2, len(h.tasks(h.zoe)))
			}
		})
	}
}

func second3(_ string, _ time.Time, err error) error { return err }

// TestAPlanNamesWhoReceives: one of our own, or somebody of the vendor who comes after, and
// that only where the plan says who receives.
func TestAPlanNamesWhoReceives(t *testing.T) {
	t.Parallel()
	h := newHandingOn(t)
	person := func(id string) engagement.Point {
		return engagement.Point{ID: id, Title: "Who", Kind: engagement.PointPerson, Optional: true}
	}
	plan := h.wantsAs(h.exit, "exit-carry-out", func(r *review.Request) {
		r.Kind, r.Sheet, r.Points, r.Filers = review.Task, true, []engagement.Point{person("area-1-who"), person("asset-2-who"), person("watched")}, nil
		r.Policy.Groups[0].Seats[0] = review.Seat{ID: "owner", Role: review.NamedPrefix + "olga"}
		r.Seatings = []review.Seating{{Seat: "owner", Holders: []review.Holder{{Person: "olga", Via: review.ViaRole, Since: r.Opened}}}}
	})
	names := func(id, point, who string) review.Outcome {
		return h.answers(review.Answer{ID: id, Request: plan, Verdict: review.Done, At: monday(), From: from("olga"), Findings: []engagement.Finding{{Point: point, Choices: []string{who}}}})
	}
	for i, c := range []struct{ point, who string }{{"area-1-who", h.ann.ID}, {"watched", h.zoe.ID}, {"asset-2-who", "eta.1"}, {"area-1-who", "zeta.99"}} {
		if out := names("no-"+string(rune('a'+i)), c.point, c.who); out.Refusal != review.NeedsFindings || !slices.Equal(out.Missing, []string{c.point}) {
			t.Errorf("%s as %s: %+v", c.who, c.point, out)
		}
	}
	h.says(dossier.GateReached, &dossier.Detail{Parent: "onboarding/zeta/1", Result: "lost"})
	same(t, "of a vendor who does not come", review.NeedsFindings, names("no-e", "area-1-who", h.zoe.ID).Refusal)
	h.says(dossier.GateReached, &dossier.Detail{Parent: "onboarding/zeta/1", Result: "live"})
	same(t, "somebody who takes over", review.Counted, names("yes", "area-1-who", h.zoe.ID).Status)
}
