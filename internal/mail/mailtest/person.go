package mailtest

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Person is somebody with a mailbox, who reads and writes as people do.
type Person struct {
	s *Server
	// Name is what stands before the address; it may be empty.
	Name, Address string
	// As is what they write with; the zero value is Gmail.
	As Client
	// Language is that of their mail program, of two letters; empty: en.
	Language string
	Inbox    Inbox
}

// Person is somebody with a mailbox. Whoever has the same address reads the same
// mails.
func (s *Server) Person(name, address string) *Person {
	p := &Person{s: s, Name: name, Address: address}
	p.Inbox = Inbox{p}
	return p
}

// Inbox is what comes to somebody.
type Inbox struct{ p *Person }

// Mails are all that came, the oldest first.
func (i Inbox) Mails() []Mail { return i.p.s.Mails(i.p.Address) }

// Expect waits for a mail with all these words in its subject or text that the
// story has not spoken of, the oldest first.
func (i Inbox) Expect(t T, words ...string) *Received {
	t.Helper()
	ctx := t.Context()
	if _, ends := ctx.Deadline(); !ends {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	m, err := i.p.s.Wait(ctx, func(m Mail) bool {
		return m.isTo(i.p.Address) && m.says(words) && i.p.s.told.first(m.Number)
	})
	if err != nil {
		rest := append(i.p.s.rest(), "nothing else")
		t.Fatalf("waiting for a mail to %s with “%s”: %v\nThere is:\n%s", i.p.Address, strings.Join(words, "”, “"), err, strings.Join(rest, "\n"))
	}
	return &Received{Mail: m, p: i.p}
}

// says: all words stand in the subject or the text, however it is broken into lines.
func (m Mail) says(words []string) bool {
	text := squeeze(m.Subject + "\n" + m.Text)
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, squeeze(w)) })
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// Received is a mail as its reader has it before them.
type Received struct {
	Mail
	p *Person
}

// Reply answers: the text above what they reply to, as their mail program does it.
func (m *Received) Reply(t T, text string) Mail {
	t.Helper()
	return m.ReplyWith(t, Draft{Text: text})
}

// ReplyWith answers with more than a text. Where Draft says nothing of its own it is
// to whom the mail wants replies, under its subject, in its thread.
func (m *Received) ReplyWith(t T, d Draft) Mail {
	t.Helper()
	to := m.Header.Get("Reply-To")
	if to == "" {
		to = m.Header.Get("From")
	}
	if len(d.To) == 0 {
		d.To = []string{to}
	}
	d.Subject = or(d.Subject, prefixed("Re: ", m.Subject))
	d.of = &m.Mail
	return m.p.Send(t, d)
}

// Forward hands the mail on, quoted, with a text above it. Its reader's own story
// begins there.
func (m *Received) Forward(t T, to *Person, text string) *Received {
	t.Helper()
	d := Draft{To: []string{to.Address}, Subject: prefixed("Fwd: ", m.Subject), Text: text, Files: m.Files, of: &m.Mail, forwarded: true}
	sent := m.p.Send(t, d)
	m.p.s.told.first(sent.Number)
	return &Received{Mail: sent, p: to}
}

// Press presses a button that begins a mail (RFC 6068), and sends what was
// prefilled.
func (m *Received) Press(t T, label string) Mail {
	t.Helper()
	d, err := prefilled(m.Follow(t, label))
	if err != nil {
		t.Fatalf("pressing “%s”: %v", label, err)
	}
	return m.p.Send(t, d)
}

// Follow is where the link with this text leads; it fails unless there is exactly
// one such place.
func (m *Received) Follow(t T, label string) string {
	t.Helper()
	var found, all []string
	for _, a := range m.Anchors() {
		all = append(all, a.Text)
		if strings.EqualFold(squeeze(a.Text), squeeze(label)) && !slices.Contains(found, a.Address) {
			found = append(found, a.Address)
		}
	}
	if len(found) != 1 {
		t.Fatalf("following “%s” in “%s”: %d links are called so; there are “%s”", label, m.Subject, len(found), strings.Join(all, "”, “"))
	}
	return found[0]
}

// Anchor is a link in a mail's HTML.
type Anchor struct{ Text, Address string }

// Anchors are the links of its HTML, in their order.
func (m Mail) Anchors() []Anchor {
	var all []Anchor
	var open *Anchor
	z := html.NewTokenizer(strings.NewReader(m.HTML))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return all
		case html.TextToken:
			if open != nil {
				open.Text += string(z.Text())
			}
		case html.StartTagToken, html.EndTagToken:
			token := z.Token()
			if token.Data != "a" {
				continue
			}
			if open != nil {
				all = append(all, Anchor{squeeze(html.UnescapeString(open.Text)), open.Address})
				open = nil
			}
			if kind == html.StartTagToken {
				open = &Anchor{}
				for _, a := range token.Attr {
					if a.Key == "href" {
						open.Address = a.Val
					}
				}
			}
		}
	}
}

// Write sends a mail that answers none.
func (p *Person) Write(t T, to, subject, text string, files ...File) Mail {
	t.Helper()
	return p.Send(t, Draft{To: []string{to}, Subject: subject, Text: text, Files: files})
}

// Send sends a draft; what it says nothing of is as this person does it.
func (p *Person) Send(t T, d Draft) Mail {
	t.Helper()
	if d.From == "" {
		d.From = address(p.Name, p.Address)
	}
	if d.Envelope == "" {
		d.Envelope = p.Address
	}
	if d.SignedBy == "" {
		d.SignedBy = domainOf(p.Address)
	}
	d.As, d.Language = Client(or(string(d.As), string(p.As))), or(d.Language, p.Language)
	return p.s.send(t, d)
}

// Forge sends a mail that comes from anywhere: nothing of it is checked, and it is
// signed by nobody but whom the draft names.
func (s *Server) Forge(t T, d Draft) Mail {
	t.Helper()
	d.Envelope = or(d.Envelope, "somebody@elsewhere.example")
	return s.send(t, d)
}

func (s *Server) send(t T, d Draft) Mail {
	t.Helper()
	raw, err := s.compose(d)
	if err != nil {
		t.Fatalf("writing a mail: %v", err)
	}
	var to []string
	for _, list := range [][]string{d.To, d.Cc} {
		for _, a := range list {
			to = append(to, bareAddress(a))
		}
	}
	number, err := s.Deliver(strings.Trim(d.Envelope, "<>"), to, raw)
	if err != nil {
		t.Fatalf("sending a mail: %v", err)
	}
	m, _, _ := open(raw) // what can't be read is left out
	m.Number, m.From, m.To = number, strings.Trim(d.Envelope, "<>"), to
	return m
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

func prefixed(prefix, subject string) string {
	if strings.HasPrefix(strings.ToLower(subject), strings.ToLower(prefix)) {
		return subject
	}
	return prefix + subject
}

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// bareAddress takes the address out of what a header holds.
func bareAddress(a string) string {
	if i := strings.LastIndexByte(a, '<'); i >= 0 {
		return strings.TrimSuffix(a[i+1:], ">")
	}
	return a
}
