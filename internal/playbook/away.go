package playbook

import (
	"slices"
	"time"
)

const (
	// MostAways bounds the absences of one person that have not ended.
	MostAways = 20
	// mostAhead is how far ahead somebody can say that they are away.
	mostAhead = 366 * 24 * time.Hour
)

// BackupsAt lists who stands in for the person at t, the first choice first: who
// was named for an absence that lasts, then their backups.
func (p Person) BackupsAt(t time.Time) []string {
	var first []string
	for _, a := range p.Away {
		if a.Backup != "" && a.lasts(t) && !slices.Contains(first, a.Backup) {
			first = append(first, a.Backup)
		}
	}
	if len(first) == 0 {
		return p.Backups
	}
	return append(first, slices.DeleteFunc(slices.Clone(p.Backups), func(id string) bool { return slices.Contains(first, id) })...)
}

func (a Away) lasts(t time.Time) bool { return !t.Before(a.From) && t.Before(a.Until) }

func (a Away) overlaps(b Away) bool { return a.From.Before(b.Until) && b.From.Before(a.Until) }

// CheckAway returns what is wrong with an absence that somebody says of
// themselves at now; places are names of its fields. A zero Until ends what they
// said before, and has nothing to check.
func CheckAway(people []Person, who string, a Away, now time.Time) []Fault {
	if a.Until.IsZero() {
		return nil
	}
	var f faults
	switch {
	case a.From.IsZero():
		f.add("from", "say the first day of it", "it has no beginning")
	case !a.From.Before(a.Until):
		f.add("until", "say a later day", "it ends before it begins")
	case !now.Before(a.Until):
		f.add("until", "say a later day", "it is over already")
	case a.Until.After(now.Add(mostAhead)):
		f.add("until", "say it in steps of a year at most", "it ends more than a year ahead")
	}
	r := newRoster(people)
	me, known := r.first[who]
	if known && len(slices.DeleteFunc(slices.Clone(people[me].Away), func(x Away) bool { return !now.Before(x.Until) })) >= MostAways {
		f.add("from", "end those first", "%d absences stand already", MostAways)
	}
	if a.Backup != "" {
		r.checkStandIn(&f, who, a)
	}
	return sorted(f)
}

// checkStandIn holds who is named for an absence to one's own people who are
// there, and to nobody whom oneself would have to stand in for meanwhile.
func (r roster) checkStandIn(f *faults, who string, a Away) {
	const place = "backup"
	i, known := r.first[a.Backup]
	switch {
	case !known:
		f.add(place, meant(a.Backup, r.near()), "unknown person %s", shown(a.Backup))
		return
	case a.Backup == who:
		f.add(place, "name somebody else", "nobody stands in for themselves")
		return
	case r.people[i].Employer != "":
		f.add(place, "name one of your own people", "%s works for somebody else", shown(a.Backup))
		return
	case r.people[i].Left:
		f.add(place, "name somebody who is there", "%s is no longer with us", shown(a.Backup))
		return
	case slices.Contains(r.people[i].Roles, AuditorRole):
		f.add(place, "name somebody who may answer", "%s is an auditor", shown(a.Backup))
		return
	}
	seen := []string{a.Backup}
	for n := 0; n < len(seen) && n < MostAways; n++ {
		j, known := r.first[seen[n]]
		if !known {
			continue
		}
		for _, x := range r.people[j].Away {
			switch {
			case x.Backup == "" || !x.overlaps(a):
			case x.Backup == who:
				f.add(place, "name somebody who is there meanwhile", "%s is away too, and named you", shown(seen[n]))
				return
			case !slices.Contains(seen, x.Backup):
				seen = append(seen, x.Backup)
			}
		}
	}
}
