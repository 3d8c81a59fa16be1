package playbook

import (
	"fmt"
	"slices"
	"strings"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

const mostPeople = 10_000

// CheckPeople returns every fault of the people at once, ordered by place
// ("$.people[3].backups[0]"); nil when they can be used. Roles are held to a
// playbook's by CheckRoles.
func CheckPeople(people []Person) []Fault {
	var f faults
	if len(people) == 0 {
		f.add("$.people", "", "there is nobody")
	}
	if len(people) > mostPeople {
		f.add("$.people", "", "%d people are more than %d", len(people), mostPeople)
		return f
	}
	r := newRoster(people)
	for i := range people {
		r.check(&f, i)
	}
	r.circles(&f, "backups", "backups stand in for each other in a circle", func(p Person) []string { return p.Backups })
	r.circles(&f, "manager", "managers manage each other in a circle", func(p Person) []string {
		if p.Manager == "" {
			return nil
		}
		return []string{p.Manager}
	})
	return sorted(f)
}

// CheckRoles returns the faults of people whose roles the playbook does not
// know. A role that nobody holds is no fault: the plan shows it as an empty seat.
func (p Playbook) CheckRoles(people []Person) []Fault {
	var f faults
	for i, x := range people {
		for j, role := range x.Roles {
			if !slices.Contains(p.Roles, role) && !isReserved(role) && !x.Left {
				f.add(fmt.Sprintf("$.people[%d].roles[%d]", i, j), meant(role, p.Roles), "unknown role %s", shown(role))
			}
		}
	}
	return sorted(f)
}

// roster is the people with the index of each id, so that checking ten thousand
// takes no longer than reading them. The maps are looked up, never ranged over.
type roster struct {
	people             []Person
	first, mail, slack map[string]int
	ids                []string
}

func newRoster(people []Person) roster {
	r := roster{people: people, first: map[string]int{}, mail: map[string]int{}, slack: map[string]int{}}
	for i, p := range people {
		if _, twice := r.first[p.ID]; !twice {
			r.first[p.ID] = i
			r.ids = append(r.ids, p.ID)
		}
	}
	return r
}

func (r roster) check(f *faults, i int) {
	p, at := r.people[i], fmt.Sprintf("$.people[%d]", i)
	f.checkID(at+".id", "the person's id", p.ID)
	if first := r.first[p.ID]; p.ID != "" && first < i {
		f.add(at+".id", "give each person an id of their own", "the id %s is taken by %s", shown(p.ID), shown(r.people[first].Name))
	}
	f.checkLine(at+".name", "the person's name", p.Name)
	if p.Mail != "" && !isMail(p.Mail) {
		f.add(at+".mail", "write one such as name@example.com", "%s is no mail address", shown(p.Mail))
	}
	if p.Phone != "" && engagement.CheckPhone(p.Phone) != nil {
		f.add(at+".phone", "write digits, spaces and + - / ( ), as in +49 30 1234-56", "%s is no phone number", shown(p.Phone))
	}
	r.once(f, i, at+".mail", "the mail address", strings.ToLower(p.Mail), r.mail)
	r.once(f, i, at+".slack", "the Slack id", p.Slack, r.slack)
	if p.Slack != "" && (len(p.Slack) > 40 || strings.Trim(p.Slack, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "") {
		f.add(at+".slack", "capitals and digits, as in U02ABCDEF12 (in Slack: profile, copy member ID)", "%s is no Slack id", shown(p.Slack))
	}
	if p.Employer != "" && engagement.CheckSlug(p.Employer) != nil {
		f.add(at+".employer", "the vendor's slug; leave it out for your own people", "%s is no slug of a vendor", shown(p.Employer))
	}
	for j, role := range p.Roles {
		place := fmt.Sprintf("%s.roles[%d]", at, j)
		if role == review.OwnerRole {
			f.add(place, "each case names its owner; leave the role out", "nobody holds %s for good", role)
			continue
		}
		f.checkID(place, "a role", role)
		if slices.Index(p.Roles, role) < j {
			f.add(place, "", "the role %s is there twice", shown(role))
		}
	}
	f.checkWords(at+".competences", "competence", p.Competences)
	if !p.Left {
		f.checkSchedule(at+".hours", p.Hours)
	}
	for j, c := range p.Channels {
		switch place := fmt.Sprintf("%s.channels[%d]", at, j); {
		case !slices.Contains(tellingChannels(), c):
			f.add(place, strings.Join(tellingChannels(), " or "), "nobody is told by %s", shown(c))
		case slices.Index(p.Channels, c) < j:
			f.add(place, "", "the channel %s is there twice", shown(c))
		}
	}
	for j, a := range p.Away {
		if !a.From.Before(a.Until) {
			f.add(fmt.Sprintf("%s.away[%d].until", at, j), "until is the first day back", "the absence ends before it begins")
		}
	}
	r.checkLinks(f, i, at)
	r.checkReserved(f, i, at)
}

// tellingChannels are those by which people are told; the inbox needs no telling.
func tellingChannels() []string { return []string{"slack", "mail"} }

// once refuses an address that two people share: an answer from it would be
// anybody's.
func (r roster) once(f *faults, i int, place, what, value string, seen map[string]int) {
	if value == "" {
		return
	}
	if first, taken := seen[value]; taken {
		f.add(place, "nobody could tell whose answer it is", "%s %s is %s's already", what, shown(value), shown(r.people[first].ID))
		return
	}
	seen[value] = i
}

func (r roster) checkLinks(f *faults, i int, at string) {
	p := r.people[i]
	link := func(place, what, id string) {
		j, known := r.first[id]
		switch {
		case !known || id == "":
			f.add(place, meant(id, r.near()), "unknown person %s as %s", shown(id), what)
		case id == p.ID:
			f.add(place, "", "%s is their own %s", shown(id), what)
		case r.people[j].Employer != p.Employer:
			f.add(place, "name somebody of the same employer", "%s, the %s, works for somebody else", shown(id), what)
		}
	}
	for j, id := range p.Backups {
		place := fmt.Sprintf("%s.backups[%d]", at, j)
		link(place, "backup", id)
		if slices.Index(p.Backups, id) < j {
			f.add(place, "", "the backup %s is there twice", shown(id))
		}
	}
	for j, a := range p.Away {
		if a.Backup != "" && !a.Own { // what people said themselves was checked then, and is not of the file
			link(fmt.Sprintf("%s.away[%d].backup", at, j), "backup", a.Backup)
		}
	}
	if p.Manager != "" {
		link(at+".manager", "manager", p.Manager)
	}
}

// near bounds the search for a mistyped id to the first of a large file.
func (r roster) near() []string { return r.ids[:min(len(r.ids), 300)] }

// circles reports each circle of links once, at the link that closes it in file
// order. Links to oneself and to unknown people are reported elsewhere.
func (r roster) circles(f *faults, field, what string, links func(Person) []string) {
	const unseen, open, done = 0, 1, 2
	state := make([]int, len(r.people))
	type step struct{ person, link int }
	for start := range r.people {
		if state[start] != unseen {
			continue
		}
		path := []step{{start, 0}}
		state[start] = open
		for len(path) > 0 {
			top := &path[len(path)-1]
			to := links(r.people[top.person])
			if top.link == len(to) {
				state[top.person] = done
				path = path[:len(path)-1]
				continue
			}
			at, j := top.person, top.link
			top.link++
			next, known := r.first[to[j]]
			switch {
			case !known || next == at:
			case state[next] == unseen:
				state[next] = open
				path = append(path, step{next, 0})
			case state[next] == open:
				var names []string
				for _, s := range path[slices.IndexFunc(path, func(s step) bool { return s.person == next }):] {
					names = append(names, r.people[s.person].ID)
				}
				f.add(r.place(at, field, j), "leave one link out", "%s: %s", what, round(names))
			}
		}
	}
}

func (r roster) place(person int, field string, link int) string {
	if field == "manager" {
		return fmt.Sprintf("$.people[%d].manager", person)
	}
	return fmt.Sprintf("$.people[%d].%s[%d]", person, field, link)
}

// round shows a circle with its first name again at the end, long ones cut.
func round(names []string) string {
	closing := names[0]
	if len(names) > 10 {
		names = append(slices.Clone(names[:10]), "…")
	}
	return strings.Join(append(slices.Clone(names), closing), " → ")
}

// isMail is narrower than the standard on purpose: one plain address.
func isMail(s string) bool {
	local, host, found := strings.Cut(s, "@")
	return found && local != "" && host != "" && len(s) <= 254 && !strings.ContainsAny(s, " ,;:\"<>()[]\\") &&
		!strings.Contains(host, "@") && engagement.CheckName(s[:min(len(s), 200)]) == nil
}
