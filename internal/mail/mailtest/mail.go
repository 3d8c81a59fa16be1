package mailtest

import (
	"net/mail"
	"slices"
	"strings"
	"time"
)

// Mail is one that came.
type Mail struct {
	// Number counts up from 1.
	Number int
	From   string   // the envelope's
	To     []string // the envelope's
	At     time.Time
	// Subject, Text and HTML are decoded.
	Subject, Text, HTML string
	// Files are the attachments, invitations included.
	Files  []File
	Header mail.Header
	// Raw is what was sent, without what mail servers noted on the way.
	Raw []byte
}

// File is an attachment.
type File struct {
	Name, Kind string // Kind is its media type
	Bytes      []byte
}

func (m Mail) isTo(address string) bool {
	return slices.ContainsFunc(m.To, func(to string) bool { return strings.EqualFold(to, address) || bare(to) == strings.ToLower(address) })
}

// bare is an address in lower case without what follows a + in its local part
// (RFC 5233).
func bare(address string) string {
	local, domain, _ := strings.Cut(strings.ToLower(address), "@")
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + domain
}

// Message is its Message-ID without brackets.
func (m Mail) Message() string { return strings.Trim(m.Header.Get("Message-Id"), "<>") }

// Link is the first address in the text that contains a part, such as "/go/";
// empty: there is none.
func (m Mail) Link(part string) string {
	for _, word := range strings.Fields(m.Text) {
		if (strings.HasPrefix(word, "http://") || strings.HasPrefix(word, "https://")) && strings.Contains(word, part) {
			return word
		}
	}
	return ""
}

// Links are all of them, in their order.
func (m Mail) Links(part string) []string {
	var all []string
	for _, word := range strings.Fields(m.Text) {
		if (strings.HasPrefix(word, "http://") || strings.HasPrefix(word, "https://")) && strings.Contains(word, part) {
			all = append(all, word)
		}
	}
	return all
}
