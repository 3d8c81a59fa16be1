package authorship

import (
	"slices"
	"strconv"
	"strings"

	"gangway/internal/inventory"
)

// noreply ends the addresses that GitHub gives to who hides theirs: 4711+login@… or
// login@…
const noreply = "@users.noreply.github.com"

// Whose tells the people of a roster from everybody else. An author is theirs by the
// address that GitHub gives them, by one that the roster has, or by being called as their
// login; names are not looked at otherwise.
type Whose struct {
	roster inventory.Roster
	mails  map[string]bool // also "@domain"
}

// NewWhose knows a roster's people.
func NewWhose(r inventory.Roster) Whose {
	w := Whose{roster: r, mails: map[string]bool{}}
	for _, m := range r.Mails {
		if m = strings.ToLower(strings.TrimSpace(m)); strings.Contains(m, "@") {
			w.mails[m] = true
		}
	}
	return w
}

// What begins the word for a person of the roster, and for everybody else.
const theirsMark, othersMark = "roster:", "other:"

// Person is who an author is: one word for each account of the roster and for each
// address otherwise.
func (w Whose) Person(a Author) string {
	login, account := "", int64(0)
	if local, hidden := strings.CutSuffix(a.Mail, noreply); hidden {
		number, name, both := strings.Cut(local, "+")
		if login = local; both {
			login = name
			account, _ = strconv.ParseInt(number, 10, 64) // no number: the login counts
		}
	} else {
		login = a.Name
	}
	i := slices.IndexFunc(w.roster.Identities, func(x inventory.Identity) bool {
		if account != 0 && x.Account != 0 {
			return account == x.Account
		}
		return login != "" && strings.EqualFold(login, x.Login)
	})
	if i >= 0 {
		return theirsMark + strings.ToLower(w.roster.Identities[i].Login)
	}
	if at := strings.LastIndexByte(a.Mail, '@'); w.mails[a.Mail] || at >= 0 && w.mails[a.Mail[at:]] {
		return theirsMark + a.Mail
	}
	return othersMark + a.Mail
}

// Theirs reports whether a person that Person named is of the roster.
func (w Whose) Theirs(person string) bool { return strings.HasPrefix(person, theirsMark) }
