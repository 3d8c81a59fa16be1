package mail

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"gangway/internal/outbox"
)

// invitation is a meeting as calendars read it (RFC 5545, sent by RFC 6047).
type invitation struct {
	method string // REQUEST or CANCEL
	text   []byte
}

// attendee is somebody with an address.
type attendee struct{ name, mail string }

// newInvitation writes an invitation. Readers show buttons where the method in the
// text and in the content type are the same, the organizer is whom the mail comes
// from, and the attendee whom it goes to. Instants are UTC, which needs no table
// of a zone; readers show them in their own. A meeting that comes again has the table,
// so that it stays at its time when the clocks change.
func newInvitation(m *outbox.Meeting, organizer, to attendee, at time.Time) *invitation {
	inv := invitation{method: "REQUEST"}
	status := "CONFIRMED"
	if m.Cancelled {
		inv.method, status = "CANCEL", "CANCELLED"
	}
	var b bytes.Buffer
	line := func(name, value string) { fold(&b, name+":"+value) }
	line("BEGIN", "VCALENDAR")
	line("PRODID", "-//gangway//gangway//EN")
	line("VERSION", "2.0")
	line("CALSCALE", "GREGORIAN")
	line("METHOD", inv.method)
	place, rule := recurs(m)
	if rule != "" {
		writeZone(&b, place, m.From)
	}
	line("BEGIN", "VEVENT")
	line("UID", escapeText(textLine(m.UID, 200)))
	line("SEQUENCE", fmt.Sprint(max(m.Sequence, 0)))
	line("DTSTAMP", instant(at))
	if rule == "" {
		line("DTSTART", instant(m.From))
		line("DTEND", instant(m.Until))
	} else {
		line("DTSTART;TZID="+place.String(), m.From.In(place).Format("20060102T150405"))
		line("DTEND;TZID="+place.String(), m.Until.In(place).Format("20060102T150405"))
		line("RRULE", rule)
	}
	line("SUMMARY", escapeText(textLine(m.Title, 200)))
	if m.Where != "" {
		line("LOCATION", escapeText(textLine(m.Where, 300)))
	}
	if m.Text != "" {
		line("DESCRIPTION", escapeText(textBlock(m.Text, 4000)))
	}
	line("ORGANIZER"+called(organizer.name), "mailto:"+organizer.mail)
	line("ATTENDEE"+called(to.name)+";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE", "mailto:"+to.mail)
	line("STATUS", status)
	line("TRANSP", "OPAQUE")
	line("END", "VEVENT")
	line("END", "VCALENDAR")
	inv.text = b.Bytes()
	return &inv
}

// recurs is how a meeting comes again, and on whose clock (RFC 5545 section 3.3.10). In
// UTC no clock changes, so a place that nobody knows is UTC.
func recurs(m *outbox.Meeting) (place *time.Location, rule string) {
	place, err := time.LoadLocation(m.Zone)
	if err != nil || m.Zone == "" || m.Zone == "Local" {
		place = time.UTC
	}
	from := m.From.In(place)
	day := fmt.Sprintf("BYDAY=%d%s", weekOf(from), dayName(from.Weekday()))
	switch m.Every {
	case outbox.RhythmWeekly:
		rule = "FREQ=WEEKLY"
	case outbox.RhythmFortnightly:
		rule = "FREQ=WEEKLY;INTERVAL=2"
	case outbox.RhythmMonthly:
		rule = "FREQ=MONTHLY;" + day
	case outbox.RhythmQuarterly:
		rule = "FREQ=MONTHLY;INTERVAL=3;" + day
	}
	return place, rule
}

func instant(at time.Time) string { return at.UTC().Format("20060102T150405Z") }

// called is a CN parameter. Its value is quoted, and holds no quotes (RFC 5545
// section 3.2).
func called(name string) string {
	name = strings.ReplaceAll(textLine(name, maxName), `"`, "'")
	if name == "" {
		return ""
	}
	return `;CN="` + name + `"`
}

// escapeText is a TEXT value (RFC 5545 section 3.3.11).
func escapeText(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}

// fold writes a line of at most 75 octets and what is left on lines that begin
// with a space, and breaks no character (RFC 5545 section 3.1).
func fold(b *bytes.Buffer, line string) {
	room := 75
	for len(line) > room {
		cut := room
		for cut > 0 && !utf8.RuneStart(line[cut]) {
			cut--
		}
		b.WriteString(line[:cut] + "\r\n ")
		line, room = line[cut:], 74
	}
	b.WriteString(line + "\r\n")
}

// into puts the invitation into a mail twice: as the alternative that readers show
// with buttons, and as a file for those that know only files.
func (inv *invitation) into(m *gomail.Msg) error {
	m.AddAlternativeString(gomail.ContentType("text/calendar; method="+inv.method), string(inv.text), gomail.WithPartEncoding(gomail.EncodingB64))
	if err := m.AttachReader("invite.ics", bytes.NewReader(inv.text), gomail.WithFileContentType("application/ics")); err != nil {
		return fmt.Errorf("attaching an invitation: %w", err)
	}
	return nil
}
