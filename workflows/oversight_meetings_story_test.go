package workflows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// diary is people's calendars: the invitations that they have got, each once.
type diary struct {
	mu   sync.Mutex
	got  []string // "person method sequence rhythm day"
	ids  []string
	away bool
	rec  *record
}

func (d *diary) Invite(_ context.Context, l outbox.Letter) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.away {
		return false, errors.New("the outbox is away")
	}
	if v := d.rec.view(l.Case); v.Vendor == "" { // as the real one says
		return false, dossier.NotFoundError{What: "case", ID: l.Case}
	}
	if slices.Contains(d.ids, l.ID) {
		return true, nil
	}
	m, method := l.Meeting, "request"
	if m.Cancelled {
		method = "cancel"
	}
	d.ids = append(d.ids, l.ID)
	d.got = append(d.got, fmt.Sprintf("%s %s %d %s %s", l.Person, method, m.Sequence, m.Every, m.From.Format(time.DateOnly)))
	return true, nil
}

// contactsOf puts a form of contacts into the store.
func (s *story) contactsOf(name, rhythm string, ours ...string) string {
	sheet := engagement.Sheet{Title: "Contacts"}
	add := func(id string, f engagement.Finding, words string) {
		f.Point = id
		sheet.Lines = append(sheet.Lines, engagement.SheetLine{Point: engagement.Point{ID: id}, Finding: f, Words: words})
	}
	for i, id := range ours {
		add([]string{"ours", "ours-deputy"}[i], engagement.Finding{Choices: []string{id}}, "")
	}
	add("theirs", engagement.Finding{Said: true}, "Ann, ann@acme.example")
	add("rhythm", engagement.Finding{Choices: []string{rhythm}}, "")
	add("first", engagement.Finding{On: time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)}, "")
	text, err := json.Marshal(sheet)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.text(name, string(text))
}

// contactStep asks the owner who speaks for each side.
func contactStep(t *testing.T) playbook.Step {
	s := stepOf(t, "contacts", "live", review.Seat{ID: "owner", Role: review.OwnerRole, Mandatory: true})
	s.Kind, s.Does = review.Task, playbook.DoesContacts
	s.Points = []engagement.Point{{ID: "rhythm", Kind: engagement.PointText}}
	return s
}

// meeting prepares the oversight of a vendor whose contacts meet every week.
func meeting(v *vigil) {
	v.know("acme.1", func(p *playbook.Person) { p.Mail = "ann@acme.example" })
	v.in.Steps = append(v.in.Steps, contactStep(v.t))
	v.in.Contacts = v.contactsOf("contacts-1", "Every week", "owner-ola", "deputy-dan")
}

// fills answers the form of contacts.
func (v *vigil) fills(person, sheet string) {
	v.answer(person, "contacts", review.Done, func(a *review.Answer) {
		a.Findings, a.Documents = []engagement.Finding{{Point: "rhythm", Said: true}}, []string{sheet}
	})
}

// At go-live both sides' contacts have the meetings in their calendars, once each. What
// the owner changes reaches all of them under the next number, who is no contact any
// more loses the meeting, and when the vendor is off it is cancelled.
func TestOversightInvitesToTheMeetings(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) {
		meeting(v)
		v.after(1, func() {
			v.refused(v.act(vigilID, "legal-lee", review.Reopen, reopening("contacts")), review.NotOwner)
			v.act(vigilID, "owner-ola", review.Reopen, reopening("contacts"))
		})
		v.after(2, func() {
			v.refused(v.act(vigilID, "owner-ola", review.Reopen, reopening("contacts")), review.WrongAct) // it is asked
			v.fills("owner-ola", v.contactsOf("contacts-2", "Every month", "owner-ola", "board-bea"))
		})
		v.after(100, func() { v.wantNobodyAskedAgain("contacts") })
		v.offAfter(200)
	})
	want := []string{
		"owner-ola request 0 weekly 2026-03-03", "deputy-dan request 0 weekly 2026-03-03", "acme.1 request 0 weekly 2026-03-03",
		"owner-ola request 1 monthly 2026-04-07", "board-bea request 1 monthly 2026-04-07", "acme.1 request 1 monthly 2026-04-07", "deputy-dan cancel 1 monthly 2026-04-07",
		"owner-ola cancel 2 monthly 2026-04-07", "board-bea cancel 2 monthly 2026-04-07", "acme.1 cancel 2 monthly 2026-04-07",
	}
	if !slices.Equal(v.diary.got, want) {
		t.Errorf("people's calendars got\n\t%s\nwant\n\t%s", strings.Join(v.diary.got, "\n\t"), strings.Join(want, "\n\t"))
	}
	var said []string
	for _, e := range v.rec.of(dossier.MeetingsSet) {
		said = append(said, e.Detail.Result+" "+strings.Join(e.Detail.Values, " "))
	}
	if want := []string{"invited owner-ola deputy-dan acme.1", "changed owner-ola board-bea acme.1", "cancelled owner-ola board-bea acme.1"}; !slices.Equal(said, want) {
		t.Errorf("the record says %q", said)
	}
}

func reopening(step string) func(*review.Act) {
	return func(a *review.Act) { a.Step = step }
}

// wantNobodyAskedAgain asserts that a step's newest request is closed.
func (v *vigil) wantNobodyAskedAgain(step string) {
	v.t.Helper()
	if r := v.open(step); r.Closed == nil {
		v.t.Errorf("%s is open", r.ID)
	}
}

// Somebody who was invited leaves: the owner is asked who it is now, once. What the
// outbox can't take is tried again the next day, and nothing waits for it.
func TestOversightMeetingsWhenPeopleLeave(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) {
		meeting(v)
		v.diary.away = true
		v.after(0.5, func() { v.diary.away = false })
		v.after(10, func() { v.changed("deputy-dan", left) })
		v.after(11, func() { v.changed("deputy-dan", left) })
		v.after(12, func() { v.fills("owner-ola", v.contactsOf("contacts-2", "Every week", "owner-ola", "board-bea")) })
		v.after(13, func() {
			if r := v.open("contacts"); r.ID != vigilID+":contacts.1" || r.Closed == nil {
				v.t.Errorf("asked %+v", r)
			}
		})
		v.offAfter(20)
	})
	want := []string{"owner-ola request 0 weekly 2026-03-03", "deputy-dan request 0 weekly 2026-03-03", "acme.1 request 0 weekly 2026-03-03",
		"owner-ola request 1 weekly 2026-03-03", "board-bea request 1 weekly 2026-03-03", "acme.1 request 1 weekly 2026-03-03"}
	if len(v.diary.got) < 6 || !slices.Equal(v.diary.got[:6], want) {
		t.Errorf("people's calendars got\n\t%s", strings.Join(v.diary.got, "\n\t"))
	}
}

// A form that says no rhythm, or of nobody who is known, is said to be none; the rest
// of the oversight goes on.
func TestOversightMeetingsThatCannotBe(t *testing.T) {
	v := sameAsUndisturbed(t, func(v *vigil) {
		meeting(v)
		v.in.Contacts = v.contactsOf("contacts-1", "Now and then", "owner-ola")
		v.after(5, func() { v.says("owner-ola", "waiver", playbook.Drop) })
		v.offAfter(20)
	}, expiry("financials", engagement.ExpiryWaiver, 32))
	if e := v.rec.of(dossier.MeetingsSet); len(e) != 1 || e[0].Detail.Result != "none" || len(v.diary.got) > 0 {
		t.Errorf("said %+v, got %v", e, v.diary.got)
	}
}
