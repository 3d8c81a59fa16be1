package inventory

import "strings"

// Match is how an account of GitHub's compares with a roster.
type Match string

// Matches.
const (
	MatchNone   Match = "none"
	MatchTheirs Match = "theirs"
	// MatchLogin: the login is on the roster, but a place that shows no number can't say
	// whether it is still that account's.
	MatchLogin Match = "login"
	// MatchOther: the login is on the roster with another number: somebody took it over.
	// They are never cut.
	MatchOther Match = "other"
)

// Whose compares an account with the roster, by its number where both sides know it.
// account is 0 where a place shows logins alone. The identity is the account as it is
// called now, with the roster's number where that is all there is. Staff are nobody's.
func (r Roster) Whose(account int64, login string) (Identity, Match) {
	best := MatchNone
	at := Identity{Login: login, Account: account}
	if has(r.Staff, at) {
		return at, MatchNone
	}
	for _, i := range r.Identities {
		switch {
		case account != 0 && i.Account == account:
			return at, MatchTheirs
		case login == "" || fold(i.Login) != fold(login):
		case i.Account == 0:
			best = MatchTheirs
		case account != 0 && best == MatchNone:
			best = MatchOther
		case account == 0 && best == MatchNone:
			best, at.Account = MatchLogin, i.Account
		}
	}
	return at, best
}

// Names reports whether something that belongs to nobody is the vendor's by what it is
// called: by a title or a name that the roster names, an address that it names or what
// lies below that, or an address at or below a domain that it names.
func (r Roster) Names(title string) bool {
	t, host := fold(title), hostOf(title)
	for _, name := range r.Named {
		n := fold(name)
		switch {
		case n == "" || t == "":
		case n == t:
			return true
		case strings.Contains(n, "://"):
			if base := strings.TrimSuffix(n, "/"); strings.HasPrefix(t, base+"/") || strings.HasPrefix(t, base+"?") {
				return true
			}
		case under(host, n):
			return true
		}
	}
	return false
}

// under reports whether a host is one, or lies below a domain: a name without a dot is
// no domain.
func under(host, domain string) bool {
	if host == "" || !strings.Contains(domain, ".") {
		return false
	}
	return host == domain || strings.HasSuffix(host, "."+domain)
}

// hostOf is the host of an address on the web or of mail; empty: it has none.
func hostOf(address string) string {
	rest := fold(address)
	if _, after, is := strings.Cut(rest, "://"); is {
		rest = after
		if i := strings.IndexAny(rest, "/?#"); i >= 0 {
			rest = rest[:i]
		}
	} else if !strings.Contains(rest, "@") {
		return ""
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		rest = rest[i+1:]
	}
	if i := strings.LastIndexByte(rest, ':'); i >= 0 && !strings.HasSuffix(rest, "]") {
		rest = rest[:i]
	}
	return strings.TrimSuffix(rest, ".")
}

// fold makes names comparable: GitHub's know no case.
func fold(text string) string { return strings.ToLower(strings.TrimSpace(text)) }
