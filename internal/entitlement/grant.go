package entitlement

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"gangway/internal/engagement"
)

// Role is what a grant lets somebody do, in GitHub's words.
type Role string

// Roles: the first five of a repository, the last two of a team, whose rights are the
// team's own.
const (
	RoleRead       Role = "read"
	RoleTriage     Role = "triage"
	RoleWrite      Role = "write"
	RoleMaintain   Role = "maintain"
	RoleAdmin      Role = "admin"
	RoleMember     Role = "member"
	RoleMaintainer Role = "maintainer"
)

// Grant is access to code that somebody of a vendor gets: to one team or to one
// repository, and with an end. It names people, so it never enters a payload; a
// process names it by its sheet's digest and its ID.
type Grant struct {
	// ID is unique within its sheet: what stands before the last dash in the ids of
	// its points, empty where there is no dash.
	ID    string
	Login string
	// Account is the account's number, which stays when its login changes; 0: not
	// known yet.
	Account int64
	// Team is a team's slug, Repository a repository's name; one of the two.
	Team, Repository string
	Role             Role
	Until            time.Time
	// Joined: they were no member of the organisation before this grant, which is to
	// one of its teams.
	Joined bool
}

// Last words of the ids of points that say what a grant is. The reason has to be
// there, and is read by people.
const (
	GrantLogin      = "login"
	GrantTeam       = "team"
	GrantRepository = "repository"
	GrantRole       = "permission"
	GrantUntil      = "until"
	GrantReason     = "reason"
)

// BadGrantError says that a line of an access form can't be carried out. It names the
// grant and the point by their ids, and nobody.
type BadGrantError struct{ Grant, Point, Problem string }

// Error says what is wrong.
func (e BadGrantError) Error() string {
	if e.Grant == "" {
		return "the access that was asked for: " + e.Problem
	}
	return fmt.Sprintf("the access %s: %s", e.Grant, e.Problem)
}

// Hint says what to do about it, at the point where it is wrong.
func (e BadGrantError) Hint() string {
	switch _, last := grantPart(e.Point); last {
	case GrantLogin:
		return "write the login as it stands behind github.com/ in the address of their page, one of each person and place"
	case GrantTeam:
		return "write the team's short name as it stands in its address, and leave the repository empty; or the other way round"
	case GrantRepository:
		return "write the repository's name as it stands in its address, without the organisation, and leave the team empty"
	case GrantRole:
		return "choose member or maintainer for a team, one of the others for a repository"
	case GrantUntil:
		return "write the last day on which it is needed; it can be renewed before that"
	case GrantReason:
		return "say in a line what they need it for"
	}
	return "correct the form: each access has a login, one team or repository, what it allows, an end date and a reason"
}

// Invalid marks the error as that of whoever filled the form in.
func (e BadGrantError) Invalid() bool { return true }

// GrantsIn reads what an access form asks for, in the form's order. The ids of its
// points end in the words above; what stands before the last dash says which of them
// belong together ("dev-login", "dev-until"). Lines that belong together and name
// neither a login nor a place are left out: the form has room for more. The error is
// a BadGrantError.
func GrantsIn(s engagement.Sheet) ([]Grant, error) {
	all, faults := read(s)
	if len(faults) > 0 {
		return nil, faults[0]
	}
	return all, nil
}

// FaultsIn is everything that is wrong with an access form that is filled in on a day:
// what GrantsIn refuses, ends that are over, and ends more than so many days away; 0:
// there is no such bound.
func FaultsIn(s engagement.Sheet, day time.Time, most int) []BadGrantError {
	all, faults := read(s)
	today := day.UTC().Truncate(24 * time.Hour)
	for _, g := range all {
		switch {
		case g.Until.IsZero(): // said already
		case !g.Until.After(today):
			faults = append(faults, BadGrantError{g.ID, pointOf(g.ID, GrantUntil), "its end date is over"})
		case most > 0 && g.Until.After(today.AddDate(0, 0, most)):
			faults = append(faults, BadGrantError{g.ID, pointOf(g.ID, GrantUntil), fmt.Sprintf("it may last %d days at most", most)})
		}
	}
	return faults
}

// read is what a form asks for, as far as it can be read, and what is wrong with it.
func read(s engagement.Sheet) (all []Grant, faults []BadGrantError) {
	var order []string
	said := map[string]map[string]engagement.SheetLine{}
	for _, line := range s.Lines {
		id, last := grantPart(line.Point.ID)
		if said[id] == nil {
			said[id], order = map[string]engagement.SheetLine{}, append(order, id)
		}
		said[id][last] = line
	}
	taken := map[string]bool{}
	for _, id := range order {
		lines := said[id]
		if saidIn(lines[GrantLogin])+saidIn(lines[GrantTeam])+saidIn(lines[GrantRepository]) == "" {
			continue
		}
		g, wrong := grantOf(id, lines)
		key := strings.ToLower(g.Login + "\n" + g.Team + "\n" + g.Repository)
		if taken[key] {
			wrong = append(wrong, BadGrantError{id, pointOf(id, GrantLogin), "the same person gets access to the same place twice"})
		}
		taken[key], all, faults = true, append(all, g), append(faults, wrong...)
	}
	return all, faults
}

// pointOf is the id of a point of a grant.
func pointOf(grant, last string) string {
	if grant == "" {
		return last
	}
	return grant + "-" + last
}

func grantPart(point string) (id, last string) {
	i := strings.LastIndexByte(point, '-')
	if i < 0 {
		return "", point
	}
	return point[:i], point[i+1:]
}

// saidIn is what was written or chosen for a point.
func saidIn(l engagement.SheetLine) string {
	switch {
	case l.Finding.Missing:
		return ""
	case len(l.Finding.Choices) > 0:
		return strings.TrimSpace(l.Finding.Choices[0])
	}
	return strings.TrimSpace(l.Words)
}

// grantOf reads what belongs together, and says what is wrong with each of its points.
func grantOf(id string, lines map[string]engagement.SheetLine) (g Grant, faults []BadGrantError) {
	g = Grant{ID: id, Login: strings.TrimPrefix(saidIn(lines[GrantLogin]), "@"), Team: strings.ToLower(saidIn(lines[GrantTeam])),
		Repository: saidIn(lines[GrantRepository]), Until: lines[GrantUntil].Finding.On}
	role, known := roleOf(saidIn(lines[GrantRole]))
	g.Role = role
	wrong := func(last, problem string) { faults = append(faults, BadGrantError{id, pointOf(id, last), problem}) }
	if CheckLogin(g.Login) != nil {
		wrong(GrantLogin, "this is no login of GitHub")
	}
	team := g.Team != ""
	switch {
	case team && g.Repository != "":
		wrong(GrantRepository, "it needs one place, a team or a repository")
	case !team && g.Repository == "":
		wrong(GrantTeam, "it needs one place, a team or a repository")
	case team && CheckTeam(g.Team) != nil:
		wrong(GrantTeam, "this is no short name of a team, as it stands in the team's address")
	case !team && CheckRepository(g.Repository) != nil:
		wrong(GrantRepository, "this is no name of a repository; it is written without its organisation")
	case !known:
		wrong(GrantRole, "what it allows is none of GitHub's words")
	case team && role == "":
		g.Role = RoleMember
	case role == "", team != (role == RoleMember || role == RoleMaintainer):
		wrong(GrantRole, "a team gives what the team has (member or maintainer); a repository gives read, triage, write, maintain or admin")
	}
	if g.Until.IsZero() {
		wrong(GrantUntil, "it has no end date")
	}
	if saidIn(lines[GrantReason]) == "" {
		wrong(GrantReason, "it has no reason")
	}
	return g, faults
}

// roleOf knows GitHub's two vocabularies, the one of its pages and the one of its API.
func roleOf(text string) (Role, bool) {
	switch role := Role(strings.ToLower(text)); role {
	case "", RoleRead, RoleTriage, RoleWrite, RoleMaintain, RoleAdmin, RoleMember, RoleMaintainer:
		return role, true
	case "pull":
		return RoleRead, true
	case "push":
		return RoleWrite, true
	}
	return "", false
}

// CheckLogin reports why text can't be a login of GitHub, or nil. Logins of accounts
// that an enterprise manages have an underscore.
func CheckLogin(text string) error {
	return spelt(`^[A-Za-z0-9][A-Za-z0-9_-]*$`, text, 80, "login")
}

// CheckTeam reports why text can't be the short name of a team, or nil.
func CheckTeam(text string) error { return spelt(`^[a-z0-9_][a-z0-9_.-]*$`, text, 255, "team") }

// CheckRepository reports why text can't be the name of a repository, or nil.
func CheckRepository(text string) error {
	return spelt(`^(\.?[A-Za-z0-9_-]|\.\.[A-Za-z0-9_.-])[A-Za-z0-9_.-]*$`, text, 100, "repository") // neither . nor ..
}

// spelt holds a name to the letters that GitHub lets it have: it becomes a part of an
// address, and must not become two.
func spelt(pattern, text string, most int, what string) error {
	if len(text) > most || !regexp.MustCompile(pattern).MatchString(text) {
		return fmt.Errorf("this is no %s of GitHub", what)
	}
	return nil
}
