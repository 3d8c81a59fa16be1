package mail

import (
	"errors"
	"fmt"
	"net"
	"strings"

	"golang.org/x/net/publicsuffix"

	"gangway/internal/arrivals"
)

// TrustMode is by what a mailbox knows that a mail's sender is who it says.
type TrustMode string

// Ways to know senders.
const (
	// DKIMLocal verifies signatures here and believes no header. The default.
	DKIMLocal TrustMode = "dkim-local"
	// TrustedHeader believes the topmost Authentication-Results header if it names
	// our own server. That server must stamp every mail and remove what strangers
	// wrote in its name (RFC 8601 section 5): where it doesn't, this mode is open.
	TrustedHeader TrustMode = "trusted-header"
	// M365Topmost believes the topmost Authentication-Results header as Microsoft
	// 365 writes it, without a server's name.
	M365Topmost TrustMode = "m365-topmost"
)

// Trust is how senders are known.
type Trust struct {
	Mode TrustMode // empty: DKIMLocal
	// Name is our server's name in the header (authserv-id), for TrustedHeader.
	Name string
	// Strict wants the signing domain to be the sender's own, not only of the same
	// organisation (RFC 7489 section 3.1.1).
	Strict bool
	// LookupTXT asks the domain name system; nil: as the machine does.
	LookupTXT func(domain string) ([]string, error)
}

func (t Trust) whole() (Trust, error) {
	switch t.Mode {
	case "":
		t.Mode = DKIMLocal
	case DKIMLocal, M365Topmost:
	case TrustedHeader:
		if t.Name == "" {
			return t, FaultyError{what: "whose header is trusted is not said", hint: "name the server as it stands first in its Authentication-Results header"}
		}
	default:
		return t, FaultyError{what: fmt.Sprintf("%.40q is no way to know senders", t.Mode), hint: "one of dkim-local, trusted-header, m365-topmost"}
	}
	if t.LookupTXT == nil {
		t.LookupTXT = net.LookupTXT
	}
	return t, nil
}

// vouched is what is known of a sender.
type vouched struct {
	ok  bool
	why arrivals.Why // where it is not ok
	// signed tells which header fields were vouched for together with the sender;
	// nil: all that the server saw.
	signed []string
}

// errLater: the domain name system could not be asked; another time it may.
var errLater = errors.New("the domain name system did not answer")

// vouch says whether somebody vouches for the sender. The error is errLater, or nil.
func (t Trust) vouch(raw []byte, h *heading, sender string) (vouched, error) {
	domain := domainOf(sender)
	switch t.Mode {
	case TrustedHeader, M365Topmost:
		return t.header(h, domain), nil
	default:
		return t.dkim(raw, domain)
	}
}

// aligned reports whether somebody who speaks for one domain speaks for the other.
func (t Trust) aligned(says, from string) bool {
	says, from = strings.ToLower(strings.TrimSuffix(says, ".")), strings.ToLower(strings.TrimSuffix(from, "."))
	if says == "" || says == from || t.Strict {
		return says != "" && says == from
	}
	a, err := publicsuffix.EffectiveTLDPlusOne(says)
	if err != nil { // a suffix under which anybody registers speaks for nobody else
		return false
	}
	b, err := publicsuffix.EffectiveTLDPlusOne(from)
	return err == nil && a == b
}

// header judges by the topmost Authentication-Results header, and only where
// nothing that a sender writes stands above it.
func (t Trust) header(h *heading, domain string) vouched {
	for _, f := range h.fields {
		if f.name == "authentication-results" {
			return t.results(h, f.value, domain)
		}
		if !isTrace(f.name) {
			break
		}
	}
	return vouched{why: arrivals.NotAligned}
}

// isTrace: what servers put on top of a mail.
func isTrace(name string) bool {
	switch name {
	case "received", "return-path", "delivered-to", "envelope-to", "authentication-results", "dkim-filter":
		return true
	}
	return strings.HasPrefix(name, "received-") || strings.HasPrefix(name, "arc-") || strings.HasPrefix(name, "x-")
}

func (t Trust) results(h *heading, value, domain string) vouched {
	r, ok := readResults(value)
	no := vouched{why: arrivals.NotAligned}
	switch {
	case !ok || h.odd:
		return no
	case t.Mode == TrustedHeader && !strings.EqualFold(r.server, t.Name):
		return no
	case t.Mode == M365Topmost && (r.server != "" || !ofExchange(h)):
		return no
	}
	said, passed := false, false
	for _, m := range r.methods {
		if m.name != "dmarc" {
			continue
		}
		switch m.result {
		case "pass":
			passed = passed || strings.EqualFold(domainOf(m.of("header.from")), domain)
			said = true
		case "none": // the domain has no policy: then its signature counts
		default: // fail, temperror and whatever else: never a signature instead
			return vouched{why: arrivals.SaysFail}
		}
	}
	if said {
		if passed {
			return vouched{ok: true}
		}
		return no
	}
	for _, m := range r.methods {
		if m.name == "dkim" && m.result == "pass" && (t.aligned(m.of("header.d"), domain) || m.of("header.d") == "" && t.aligned(domainOf(m.of("header.i")), domain)) {
			return vouched{ok: true}
		}
	}
	return no
}

// ofExchange: Exchange takes such fields out of what comes from outside (header
// firewall) and puts its own in, so that a mail without one never went through it.
func ofExchange(h *heading) bool {
	return len(h.all("x-ms-exchange-organization-authas")) == 1
}
