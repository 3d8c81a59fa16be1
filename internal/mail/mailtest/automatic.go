package mailtest

import (
	"bytes"
	"crypto/rand"
	"fmt"
)

// OutOfOffice answers as the server of somebody who is away does (RFC 3834): at the
// envelope's sender, not where the mail wants replies, as Exchange writes it.
func (m *Received) OutOfOffice(t T, text string) Mail {
	t.Helper()
	if m.From == "" || m.From == "<>" {
		t.Fatalf("answering “%s” automatically: it has no sender, and such are not answered", m.Subject)
	}
	return m.p.Send(t, Draft{To: []string{m.From}, Subject: "Automatic reply: " + m.Subject, Text: text, Bare: true, As: Outlook, of: &m.Mail,
		Envelope: "<>", Header: []string{"Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All", "Precedence: bulk"}})
}

// Bounce tells the envelope's sender that it could not be delivered (RFC 3464), with
// the headers of what came back, as Postfix writes it.
func (m *Received) Bounce(t T) Mail {
	t.Helper()
	if m.From == "" || m.From == "<>" {
		t.Fatalf("returning “%s”: it has no sender, and such are not returned", m.Subject)
	}
	host := "mx." + domainOf(m.p.Address)
	boundary := "report-" + rand.Text()
	head, _, _ := bytes.Cut(m.Raw, []byte("\r\n\r\n"))
	var b bytes.Buffer
	fmt.Fprintf(&b, "Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"%s\"\r\n\r\nThis is a MIME-encapsulated message.\r\n\r\n--%[1]s\r\n", boundary)
	fmt.Fprintf(&b, "Content-Description: Notification\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nThis is the mail system at host %s.\r\n\r\nI'm sorry to have to inform you that your message could not\r\nbe delivered to one or more recipients.\r\n\r\n<%s>: host %[1]s said: 550 5.1.1 User unknown\r\n\r\n--%[3]s\r\n", host, m.p.Address, boundary)
	fmt.Fprintf(&b, "Content-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; %s\r\nX-Postfix-Sender: rfc822; %s\r\n\r\nFinal-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n--%[4]s\r\n", host, m.From, m.p.Address, boundary)
	fmt.Fprintf(&b, "Content-Description: Undelivered Message Headers\r\nContent-Type: text/rfc822-headers\r\n\r\n%s\r\n\r\n--%s--\r\n", head, boundary)
	return m.p.s.send(t, Draft{From: "Mail Delivery System <MAILER-DAEMON@" + host + ">", Envelope: "<>", To: []string{m.From}, Subject: "Undelivered Mail Returned to Sender",
		Header: []string{"Auto-Submitted: auto-replied"}, report: b.Bytes(), SignedBy: "none"})
}
