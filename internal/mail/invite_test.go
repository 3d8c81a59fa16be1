package mail

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"gangway/internal/outbox"
)

// unfold reads what fold wrote, as RFC 5545 section 3.1 says.
func unfold(text string) []string {
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n ", ""), "\r\n"), "\r\n")
}

// Lines have at most 75 octets, break no character, and unfold to what they were.
func TestLinesAreFolded(t *testing.T) {
	t.Parallel()
	for n := range 400 {
		var b bytes.Buffer
		fold(&b, strings.Repeat("a", n))
		for _, part := range strings.Split(b.String(), "\r\n") {
			if len(part) > 75 {
				t.Fatalf("of %d letters a line has %d", n, len(part))
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.StringMatching(`[a-zäöü€😀 ]{0,300}`).Draw(t, "line")
		var b bytes.Buffer
		fold(&b, line)
		for _, part := range strings.Split(strings.TrimSuffix(b.String(), "\r\n"), "\r\n") {
			if len(part) > 75 || !utf8.ValidString(part) {
				t.Fatalf("%q", part)
			}
		}
		if got := unfold(b.String()); len(got) != 1 || got[0] != line {
			t.Fatalf("%q came back as %q", line, got)
		}
	})
}

// Whatever a title says, it stays in its line and its value.
func TestTextsStayInTheirValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`([a-z;,:\\"\r\n\t]|END:VEVENT|\r\nATTENDEE:mailto:x@y){0,30}`)
		m := outbox.Meeting{UID: word.Draw(t, "uid"), Title: word.Draw(t, "title"), Text: word.Draw(t, "text"), Where: word.Draw(t, "where"),
			From: time.Unix(1772442000, 0), Until: time.Unix(1772445600, 0), Sequence: rapid.IntRange(-1, 9).Draw(t, "sequence")}
		name := word.Draw(t, "name")
		inv := newInvitation(&m, attendee{name, "gangway@example.org"}, attendee{name, "sam@example.org"}, time.Unix(1772438400, 0))
		counts := map[string]int{}
		for _, line := range unfold(string(inv.text)) {
			head, _, found := strings.Cut(line, ":")
			property, _, _ := strings.Cut(head, ";")
			if !found || strings.ContainsAny(line, "\r\n") {
				t.Fatalf("%q is no line", line)
			}
			counts[property]++
		}
		for property, want := range map[string]int{"BEGIN": 2, "END": 2, "METHOD": 1, "UID": 1, "SEQUENCE": 1, "DTSTAMP": 1, "DTSTART": 1, "DTEND": 1, "SUMMARY": 1, "ORGANIZER": 1, "ATTENDEE": 1, "STATUS": 1} {
			if counts[property] != want {
				t.Fatalf("%d times %s in\n%s", counts[property], property, inv.text)
			}
		}
	})
}

func TestInvitationAndItsEnd(t *testing.T) {
	t.Parallel()
	m := outbox.Meeting{UID: "m1", Title: `Hand; over, \ now`, Text: "a\nb", From: time.Date(2026, 3, 3, 10, 0, 0, 0, time.FixedZone("CET", 3600)), Until: time.Date(2026, 3, 3, 10, 0, 0, 0, time.UTC)}
	for _, c := range []struct {
		cancelled bool
		sequence  int
		want      []string
	}{
		{false, 0, []string{"METHOD:REQUEST", "SEQUENCE:0", "STATUS:CONFIRMED"}},
		{false, 2, []string{"METHOD:REQUEST", "SEQUENCE:2", "STATUS:CONFIRMED"}},
		{true, 3, []string{"METHOD:CANCEL", "SEQUENCE:3", "STATUS:CANCELLED"}},
	} {
		m.Cancelled, m.Sequence = c.cancelled, c.sequence
		inv := newInvitation(&m, attendee{`Gang "way"`, "g@example.org"}, attendee{"", "s@example.org"}, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
		lines := strings.Join(unfold(string(inv.text)), "\n") + "\n"
		for _, want := range append(c.want, "UID:m1", "DTSTAMP:20260302T090000Z", "DTSTART:20260303T090000Z", "DTEND:20260303T100000Z", `SUMMARY:Hand\; over\, \\ now`, `DESCRIPTION:a\nb`,
			`ORGANIZER;CN="Gang 'way'":mailto:g@example.org`, "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:s@example.org") {
			if !strings.Contains(lines, want+"\n") {
				t.Errorf("no %s in\n%s", want, lines)
			}
		}
		if "METHOD:"+inv.method != c.want[0] {
			t.Errorf("the method outside is %s", inv.method)
		}
	}
}
