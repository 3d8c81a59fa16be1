package mail

import (
	"bytes"
	"errors"
	"net"
	"strings"

	"github.com/emersion/go-msgauth/dkim"

	"gangway/internal/arrivals"
)

// maxSignatures is how many signatures of one mail are verified; each costs a
// question to the domain name system and a pass over the body.
const maxSignatures = 5

// dkim verifies the mail's signatures (RFC 6376). The library wants From among the
// signed fields and refuses a signature of a part of the body (l=).
func (t Trust) dkim(raw []byte, domain string) (v vouched, err error) {
	defer func() {
		if recover() != nil {
			v, err = vouched{why: arrivals.NotAligned}, nil
		}
	}()
	down := map[string]bool{} // by the name that was asked for; one lookup at a time
	lookup := func(name string) ([]string, error) {
		txt, err := t.LookupTXT(name)
		var dns *net.DNSError
		if err != nil && (!errors.As(err, &dns) || dns.IsTemporary || dns.IsTimeout) {
			down[name] = true
		}
		return txt, err
	}
	found, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: lookupInOrder(lookup), MaxVerifications: maxSignatures})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		return vouched{why: arrivals.NotAligned}, nil
	}
	later := false
	for _, s := range found {
		switch {
		case s == nil || !t.aligned(s.Domain, domain):
		case s.Err == nil:
			return vouched{ok: true, signed: lowered(s.HeaderKeys)}, nil
		default:
			for name := range down {
				later = later || strings.HasSuffix(name, "._domainkey."+s.Domain)
			}
		}
	}
	if later {
		return vouched{}, errLater
	}
	return vouched{why: arrivals.NotAligned}, nil
}

func lowered(names []string) []string {
	list := make([]string, 0, len(names))
	for _, n := range names {
		list = append(list, strings.ToLower(n))
	}
	return list
}

// lookupInOrder keeps a lookup to one at a time: signatures are verified side by
// side.
func lookupInOrder(lookup func(string) ([]string, error)) func(string) ([]string, error) {
	turn := make(chan struct{}, 1)
	return func(name string) ([]string, error) {
		turn <- struct{}{}
		defer func() { <-turn }()
		return lookup(name)
	}
}
