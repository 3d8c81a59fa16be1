package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	netmail "net/mail"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// bouncePrefix begins the local part of every envelope sender (VERP): a report
// goes there, and the token behind it says which mail it is about.
const bouncePrefix = "bounces+"

// messageOf is the Message-ID of the mail in which letters leave, without
// brackets: the same letters give the same one at every try. It is derived from
// the key, so that nobody can name a mail that they never saw.
func (p *Post) messageOf(letters []string) string {
	sorted := slices.Sorted(slices.Values(letters))
	return "gw." + p.derive("message", sorted...) + "@" + domainOf(p.from.Address)
}

// threadOf is what all mails about a case refer to, so that readers show them as
// one conversation. No mail has that id.
func (p *Post) threadOf(caseID string) string {
	return "gw.case." + p.derive("thread", caseID) + "@" + domainOf(p.from.Address)
}

// tokenOf is what the envelope sender of a mail carries.
func (p *Post) tokenOf(message string) string { return p.derive("bounce", message) }

func (p *Post) envelopeOf(token string) string { return bouncePrefix + token + "@" + p.o.Bounces }

// tokenIn reads the token back from an address; empty: it has none. Mail servers
// change the case of letters.
func tokenIn(address string) string {
	local, _, found := strings.Cut(strings.ToLower(strings.Trim(strings.TrimSpace(address), "<>")), "@")
	token, ours := strings.CutPrefix(local, bouncePrefix)
	if !found || !ours || len(token) != secretLetters {
		return ""
	}
	return token
}

// replyTo is the address that answers to what a ticket leads to go to. The local
// part with a plus and a ticket stays within 64 octets.
func (p *Post) replyTo(ticket string) string {
	local, domain, _ := strings.Cut(p.o.Replies, "@")
	if ticket == "" || local == "" {
		return p.o.Replies
	}
	return local + "+" + ticket + "@" + domain
}

// replyable: an address to which a ticket can be added.
func replyable(address string) bool {
	local, _, _ := strings.Cut(address, "@")
	return plainAddress(address) && len(local)+1+secretLetters <= 64 && !strings.ContainsAny(local, `+"`)
}

// secretLetters is how long a derived word is: 128 bits in base32.
const secretLetters = 26

func (p *Post) derive(what string, parts ...string) string {
	mac := hmac.New(sha256.New, p.o.Key)
	for _, part := range append([]string{what}, parts...) { // with lengths, as access does
		mac.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:16]))
}

// plainAddress: one address that fits into an envelope as it stands, without
// quotes, comments or a name.
func plainAddress(address string) bool {
	if len(address) > 254 || strings.ContainsFunc(address, func(r rune) bool {
		return r <= ' ' || r == '<' || r == '>' || unicode.IsControl(r) || unicode.IsSpace(r)
	}) {
		return false
	}
	parsed, err := netmail.ParseAddress(address)
	return err == nil && parsed.Name == "" && parsed.Address == address && !strings.HasPrefix(address, `"`)
}

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}
