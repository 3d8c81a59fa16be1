package mail_test

import (
	"strings"
	"testing"
	"time"

	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

// regular is a meeting every month, on the last Tuesday at ten by London's clock.
func regular(person string, change ...func(*outbox.Letter)) outbox.Letter {
	from := time.Date(2026, 3, 31, 9, 0, 0, 0, time.UTC)
	l := outbox.Letter{ID: "meeting/m1/0/" + person, Person: person, Case: acme,
		Meeting: &outbox.Meeting{UID: "m1", From: from, Until: from.Add(time.Hour), Every: outbox.RhythmMonthly, Zone: "Europe/London"}}
	for _, c := range change {
		c(&l)
	}
	return l
}

// Both sides are invited, each in the words of its own; what changed and what ended
// comes under the same id with a later number. Summer time is in the table.
func TestGoldenMeetings(t *testing.T) {
	t.Parallel()
	w := replying(t)
	w.newCase(acme, false).file()
	invite := func(l outbox.Letter) {
		t.Helper()
		if kept, err := w.post.Invite(t.Context(), l); err != nil || !kept {
			t.Fatalf("inviting %s: %t, %v", l.Person, kept, err)
		}
	}
	w.held("meetings", "sam@example.org", func() {
		invite(regular("sam"))
		invite(regular("sam")) // said twice, sent once
	})
	m := w.held("meetings-vendor", "vera@acme.example", func() { invite(regular("acme.1")) })
	if !strings.Contains(m.Header.Get("From"), "Northgate Trading") || strings.Contains(m.Text, "Acme Payroll GmbH, ") || strings.Contains(m.Text, acme) {
		t.Errorf("the vendor's people read\n%s", m.Text)
	}
	w.held("meetings-changed", "sam@example.org", func() {
		invite(regular("sam", func(l *outbox.Letter) {
			l.ID, l.Meeting.Sequence, l.Meeting.Every = "meeting/m1/1/sam", 1, outbox.RhythmQuarterly
		}))
	})
	w.held("meetings-cancelled", "vera@acme.example", func() {
		invite(regular("acme.1", func(l *outbox.Letter) {
			l.ID, l.Meeting.Sequence, l.Meeting.Cancelled = "meeting/m1/2/acme.1", 2, true
		}))
	})
	w.count("sam@example.org", 2)
}

// Whoever left, has no address or is nobody gets none, and a rehearsal says that it is
// one.
func TestMeetingsReachWhoIsThere(t *testing.T) {
	t.Parallel()
	w := replying(t)
	w.newCase(acme, true).file()
	w.ok(w.a.PutContact(t.Context(), playbook.Contact{ID: "acme.2", Vendor: "acme", Name: "Bob", Mail: "bob@acme.example", State: playbook.ContactEnded,
		By: "olga", Case: acme, Made: w.clock(), Changed: w.clock()}))
	for _, id := range []string{"nomail", "nobody", "acme.2"} {
		if kept, err := w.post.Invite(t.Context(), regular(id)); err != nil || kept {
			t.Errorf("%s: %t, %v", id, kept, err)
		}
	}
	if kept, err := w.post.Invite(t.Context(), outbox.Letter{ID: "x", Person: "sam", Case: acme}); err != nil || kept {
		t.Errorf("an invitation to nothing: %t, %v", kept, err)
	}
	if kept, err := w.post.Invite(t.Context(), regular("sam")); err != nil || !kept {
		t.Fatalf("%t, %v", kept, err)
	}
	w.pass(time.Minute)
	w.deliver()
	if m := w.count("sam@example.org", 1)[0]; !strings.HasPrefix(m.Subject, "Rehearsal: ") {
		t.Errorf("its subject is %s", m.Subject)
	}
}
