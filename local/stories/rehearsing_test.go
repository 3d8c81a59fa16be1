package stories

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// The words in which rehearsals on the real engine are told, besides those of
// house_test.go. A story starts at the real time, whatever day that is: it
// passes days and waits for what must happen, and never names a weekday.

const day = 24 * time.Hour

// view is the case as the record has it now.
func (o *onboarding) view() dossier.CaseView {
	o.h.t.Helper()
	v, err := o.h.Archive.Case(context.Background(), o.id)
	if err != nil {
		o.h.t.Fatalf("reading the case: %v", err)
	}
	return v
}

// rest waits until nothing of the case is being filed, told or delivered, and
// returns when its clock wants something next; zero: it waits for people alone.
func (o *onboarding) rest() (next time.Time) {
	o.h.t.Helper()
	ctx := context.Background()
	var v dossier.CaseView
	if !within(patience, func() bool {
		n, quiet, err := o.h.Rehearse(o.id).Due(ctx)
		if err != nil {
			o.h.t.Fatalf("asking what is due: %v", err)
		}
		next = n
		v, err = o.h.Archive.Case(ctx, o.id)
		// Between two processes nothing is asked for a moment.
		asking := slices.ContainsFunc(v.Requests, func(r review.Request) bool { return r.Closed == nil })
		return err == nil && (quiet && asking || !v.Closed.IsZero())
	}) {
		o.h.t.Fatalf("the case never comes to rest\n%s", describe(v))
	}
	return next
}

// passTo lets days pass until that long after the case was opened, stopping at
// every instant at which its clock wants something.
func (o *onboarding) passTo(age time.Duration) {
	o.h.t.Helper()
	ctx := context.Background()
	for range 200 {
		next := o.rest()
		v := o.view()
		until := v.Opened.Add(age)
		if !v.Now(time.Now()).Before(until) {
			return
		}
		if next.IsZero() || next.After(until) {
			next = until
		}
		if err := o.h.Rehearse(o.id).Jump(ctx, next); err != nil {
			o.h.t.Fatalf("jumping to %s: %v", next, err)
		}
	}
	o.h.t.Fatalf("the case never gets %s old\n%s", age, describe(o.view()))
}

// passUntilTold moves the clock from alarm to alarm until a person is told
// something ("backup need").
func (o *onboarding) passUntilTold(person, what string) {
	o.h.t.Helper()
	for range 40 {
		o.rest()
		if slices.Contains(o.told(person), what) {
			return
		}
		o.jump()
	}
	o.h.t.Fatalf("%s is never told %q, only %q", person, what, o.told(person))
}

// told lists "why step" of everything that a person was told, in order.
func (o *onboarding) told(person string) []string {
	var all []string
	for _, l := range o.lines() {
		if f := l.Entry.Fact; f != nil && f.Kind == review.FactTold && f.Person == person {
			all = append(all, f.Why+" "+stepOf(f.Request))
		}
	}
	return all
}

// stepOf is the step in a request's id, process:step.n.
func stepOf(request string) string {
	_, step, _ := strings.Cut(request, ":")
	return step[:strings.LastIndexByte(step, '.')]
}

// processIn is whose request it is, by its id.
func processIn(request string) string {
	process, _, _ := strings.Cut(request, ":")
	return process
}

// wantTold asserts all that a person was told.
func (o *onboarding) wantTold(person string, want ...string) {
	o.h.t.Helper()
	if got := o.told(person); !slices.Equal(got, want) {
		o.h.t.Errorf("%s was told\n\t%s\nwant\n\t%s", person, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func (o *onboarding) lines() []dossier.Line {
	o.h.t.Helper()
	lines, err := o.h.Archive.Lines(context.Background(), o.id)
	if err != nil {
		o.h.t.Fatalf("reading the record: %v", err)
	}
	return lines
}

// kinds are the lines of one kind.
func (o *onboarding) kinds(k dossier.Kind) []dossier.Line {
	return slices.DeleteFunc(o.lines(), func(l dossier.Line) bool { return l.Entry.Kind != k })
}

// words is the text that the record holds of an answer.
func (o *onboarding) words(answer string) []string {
	var all []string
	for _, l := range o.lines() {
		if l.Entry.Answer == answer && l.Body != nil {
			all = append(all, l.Body.Inside+l.Body.Vendor)
		}
	}
	return all
}

// waits lists the steps of this case that wait for a person, as their inbox
// shows them.
func (o *onboarding) waits(person string) []string {
	o.h.t.Helper()
	waiting, err := o.h.Desk.Waiting(context.Background(), as(person))
	if err != nil {
		o.h.t.Fatalf("looking at what waits for %s: %v", person, err)
	}
	var steps []string
	for _, r := range waiting {
		if r.Case == o.id {
			steps = append(steps, r.Step)
		}
	}
	slices.Sort(steps)
	return steps
}

// wantWaiting asserts what a person's inbox shows of this case once everything
// has come to rest.
func (o *onboarding) wantWaiting(person string, want ...string) {
	o.h.t.Helper()
	slices.Sort(want)
	var got []string
	if !within(patience, func() bool { got = o.waits(person); return slices.Equal(got, want) }) {
		o.h.t.Errorf("%q wait for %s, want %q", got, person, want)
	}
}

// newest is the newest request of a step.
func (o *onboarding) newest(step string) review.Request {
	o.h.t.Helper()
	v := o.view()
	for i := len(v.Requests) - 1; i >= 0; i-- {
		if v.Requests[i].Step == step {
			return v.Requests[i]
		}
	}
	o.h.t.Fatalf("nobody was asked %q\n%s", step, describe(v))
	return review.Request{}
}

// refused lets a person answer what they must not, and wants the reason.
func (o *onboarding) refused(person, step string, verdict review.Verdict, why review.Refusal, more ...func(*review.Answer)) review.Outcome {
	o.h.t.Helper()
	out := o.say(person, o.newest(step), verdict, more...)
	if out.Status != review.Refused || out.Refusal != why {
		o.h.t.Errorf("%s answers %s to %s: %+v, want it refused as %s", person, verdict, step, out, why)
	}
	return out
}

// all lets people approve a step, in order.
func (o *onboarding) all(step string, people ...string) {
	o.h.t.Helper()
	for _, p := range people {
		o.answer(p, step, review.Approve)
	}
}

// sends lets the owner send the wanted changes in words of their own, and file
// the vendor's next version.
func (o *onboarding) sends(words string, next []byte) {
	o.h.t.Helper()
	o.answer("maya", playbook.ChoreSend, playbook.Sent, func(a *review.Answer) { a.Text = review.Text{Vendor: words} })
	o.next(next)
}

// next lets the owner file the vendor's next version, and waits until everybody
// whom it touches has been told: who answers before that is not.
func (o *onboarding) next(text []byte) {
	o.h.t.Helper()
	o.answer("maya", playbook.ChoreNext, review.Delivered, withDocument(o.h.file("maya", text)))
	o.rest()
}

// nextText is the example's second version, changed once more.
func (h *house) nextText(from, to string) []byte {
	h.t.Helper()
	text := string(example(h.t, "contract-v2.md"))
	if strings.Count(text, from) != 1 {
		h.t.Fatalf("the example's contract does not say %q once", from)
	}
	return []byte(strings.Replace(text, from, to, 1))
}

// sealed waits until the case is sealed, and wants its state, a whole chain, and
// a dossier that verifies for somebody who knows the key.
func (o *onboarding) sealed(state dossier.CaseState) dossier.CaseView {
	o.h.t.Helper()
	v := o.until("the case is sealed", func(v dossier.CaseView) bool { return v.Sealed })
	if v.State != state {
		o.h.t.Errorf("the case ended %s, want %s", v.State, state)
	}
	if err := dossier.CheckChain(o.lines()); err != nil {
		o.h.t.Errorf("the chain: %v", err)
	}
	o.verified(v)
	return v
}

// verified takes the dossier and verifies it.
func (o *onboarding) verified(v dossier.CaseView) []byte {
	o.h.t.Helper()
	ctx := context.Background()
	var zip bytes.Buffer
	if err := o.h.Desk.Dossier(ctx, as("maya"), o.id, &zip); err != nil {
		o.h.t.Fatalf("taking the dossier: %v", err)
	}
	verdict, err := archive.Verify(bytes.NewReader(zip.Bytes()), int64(zip.Len()), []string{o.h.Desk.Fingerprint(ctx)})
	if err != nil || !verdict.Intact || !verdict.Known || verdict.Case != o.id || verdict.State != v.State {
		o.h.t.Errorf("the dossier: %+v, %v", verdict, err)
	}
	if len(v.Processes) != verdict.Histories {
		o.h.t.Errorf("%d processes and %d histories", len(v.Processes), verdict.Histories)
	}
	o.h.t.Logf("%s: %s after %s; %d lines, %d histories, dossier of %d bytes", o.id, v.State, v.Last.Sub(v.Opened).Round(time.Hour), verdict.Lines, verdict.Histories, zip.Len())
	return zip.Bytes()
}

// people changes the people file as the operator.
func (h *house) people(change func([]playbook.Person) []playbook.Person) {
	h.t.Helper()
	ctx := context.Background()
	all, err := h.Desk.People(ctx, as("maya"))
	if err != nil {
		h.t.Fatalf("reading the people: %v", err)
	}
	if _, _, err := h.Desk.ApplyPeople(ctx, as("oscar"), change(playbook.Own(all))); err != nil {
		h.t.Fatalf("changing the people: %v", err)
	}
}

// leaves notes that people left.
func (h *house) leaves(ids ...string) {
	h.t.Helper()
	h.people(func(all []playbook.Person) []playbook.Person {
		for i := range all {
			all[i].Left = all[i].Left || slices.Contains(ids, all[i].ID)
		}
		return all
	})
}

// joins adds somebody with a role, in the hours of one who is there.
func (h *house) joins(id, role string) {
	h.t.Helper()
	h.people(func(all []playbook.Person) []playbook.Person {
		return append(all, playbook.Person{ID: id, Name: strings.ToUpper(id), Mail: id + "@northgate.example", Roles: []string{role}, Hours: all[0].Hours})
	})
}

// vendor makes the intake one of another vendor.
func vendor(slug string) func(*playbook.Intake) {
	return func(i *playbook.Intake) { i.Vendor.Slug, i.Vendor.Name = slug, "Vendor "+slug }
}

func ballots(t *testing.T, r review.Request) []string {
	t.Helper()
	var all []string
	for _, b := range r.Ballots {
		all = append(all, b.Person+" "+string(b.Verdict))
	}
	return all
}
