// Package engagement holds what a client has with a vendor: who the vendor is, how critical it is, and the contract
// they agree on, split into clauses that are named and digested one by one.
//
// It is pure: the standard library only, no clock, no chance, no files and no network, and nothing of this house may
// be imported from here. The same input gives the same output for ever, because digests that it computes are
// recorded as evidence of what somebody read.
//
// Three promises hold the review of contracts together. A clause's digest depends on its words and not on how they
// are marked up or numbered. Whatever the input, Split takes time in proportion to its length and never panics. And
// wherever the text leaves room for doubt, the answer errs towards asking people again, never towards keeping
// an answer for words that its giver did not read.
package engagement

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Vendor is what the intake file says of a vendor. It lives in documents and in the working tables; it never enters a
// workflow payload, since it carries names and addresses of people.
type Vendor struct {
	Slug     string    `json:"slug,omitempty" yaml:"slug,omitempty"` // as Slug makes it; empty: made from Name
	Name     string    `json:"name" yaml:"name"`
	Service  string    `json:"service" yaml:"service"`                     // what the vendor does for the client, in a line
	Country  string    `json:"country,omitempty" yaml:"country,omitempty"` // ISO 3166 code of two capitals
	Website  string    `json:"website,omitempty" yaml:"website,omitempty"` // http or https
	Contacts []Contact `json:"contacts,omitempty" yaml:"contacts,omitempty"`
}

// Contact is a person on the vendor's side, reachable by mail or by phone.
type Contact struct {
	Name  string `json:"name" yaml:"name"`
	Mail  string `json:"mail,omitempty" yaml:"mail,omitempty"`
	Phone string `json:"phone,omitempty" yaml:"phone,omitempty"`
	Role  string `json:"role,omitempty" yaml:"role,omitempty"` // the vendor's own word for what this person does
}

const (
	maxContacts = 100 // more is a mailing list, not people to speak to
	maxService  = 500 // runes; a line on a page
	maxMail     = 254 // bytes; what SMTP carries
	maxWebsite  = 500 // bytes
)

// Check reports every fault of v at once, each naming its field and saying what to write instead; nil when v is fine.
// Name and Service must be there; the rest may be empty.
func (v Vendor) Check() []error {
	var faults []error
	fault := func(field string, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", field, err))
		}
	}
	fault("name", CheckName(v.Name))
	if v.Slug != "" {
		fault("slug", CheckSlug(v.Slug))
	} else if CheckName(v.Name) == nil {
		_, err := Slug(v.Name)
		fault("slug", err)
	}
	fault("service", checkLine(v.Service, maxService))
	fault("country", checkCountry(v.Country))
	fault("website", checkWebsite(v.Website))
	if len(v.Contacts) > maxContacts {
		fault("contacts", fmt.Errorf("%d contacts are more than %d; name the people the client speaks to", len(v.Contacts), maxContacts))
		return faults
	}
	for i, c := range v.Contacts {
		for _, err := range c.check() {
			fault(fmt.Sprintf("contacts[%d]", i), err)
		}
	}
	return faults
}

func (c Contact) check() []error {
	var faults []error
	fault := func(field string, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", field, err))
		}
	}
	fault("name", CheckName(c.Name))
	if c.Mail == "" && c.Phone == "" {
		fault("mail", fmt.Errorf("neither mail nor phone is given; write one of them"))
	}
	if c.Mail != "" {
		fault("mail", checkMail(c.Mail))
	}
	if c.Phone != "" {
		fault("phone", CheckPhone(c.Phone))
	}
	if c.Role != "" {
		fault("role", CheckName(c.Role))
	}
	return faults
}

// checkLine holds a line of free text to the same characters as a name, with its own length.
func checkLine(text string, limit int) error {
	if n := utf8.RuneCountInString(text); n > limit {
		return fmt.Errorf("%d characters are more than %d; shorten it and attach a document for the rest", n, limit)
	}
	return checkRunes(text)
}

func checkCountry(code string) error {
	if code == "" {
		return nil
	}
	if len(code) == 2 && isUpper(code[0]) && isUpper(code[1]) {
		return nil
	}
	return fmt.Errorf("%s is not a country code; write the two capital letters of ISO 3166, such as DE", quoted(code))
}

func isUpper(b byte) bool { return b >= 'A' && b <= 'Z' }

func checkWebsite(address string) error {
	if address == "" {
		return nil
	}
	rest, secure := strings.CutPrefix(address, "https://")
	plain := false
	if !secure {
		rest, plain = strings.CutPrefix(address, "http://")
	}
	if !secure && !plain {
		return fmt.Errorf("%s does not begin with https:// or http://; write the whole address", quoted(address))
	}
	if len(address) > maxWebsite {
		return fmt.Errorf("%d bytes are more than %d; write the address of the home page", len(address), maxWebsite)
	}
	host, _, _ := strings.Cut(rest, "/")
	if host == "" || strings.ContainsAny(address, " \"<>\\`{}") || checkRunes(address) != nil {
		return fmt.Errorf("%s is not a web address; write one such as https://example.com", quoted(address))
	}
	return nil
}

// checkMail is narrower than RFC 5322 on purpose: no comments, no quoted local parts, one address.
func checkMail(address string) error {
	local, host, found := strings.Cut(address, "@")
	bad := !found || local == "" || host == "" || len(address) > maxMail ||
		strings.ContainsAny(address, " ,;:\"<>()[]\\") || strings.Contains(host, "@") || checkRunes(address) != nil
	if bad {
		return fmt.Errorf("%s is not a mail address; write one such as name@example.com", quoted(address))
	}
	return nil
}

// CheckPhone refuses what nobody can dial.
func CheckPhone(number string) error {
	digits := 0
	for _, r := range number {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case strings.ContainsRune(" +-/().x", r):
		default:
			return fmt.Errorf("%s is not a phone number; write digits, spaces and + - / ( ) only", quoted(number))
		}
	}
	if digits < 3 || digits > 20 {
		return fmt.Errorf("%s has %d digits; a phone number has 3 to 20", quoted(number), digits)
	}
	return nil
}

// quoted shows a value inside an error: escaped and short, so that a hostile value cannot take over the page.
func quoted(value string) string {
	const most = 60
	runes := 0
	for i := range value {
		if runes == most {
			return fmt.Sprintf("%+q…", value[:i])
		}
		runes++
	}
	if strings.IndexFunc(value, func(r rune) bool { return !unicode.IsPrint(r) }) >= 0 {
		return fmt.Sprintf("%+q", value)
	}
	return fmt.Sprintf("%q", value)
}
