package review

import (
	"slices"
	"time"

	"gangway/internal/engagement"
)

// sections are the labels of a version's sections. False: there is no such version.
// A request without versions is about one text that nobody numbers.
func (r *Request) sections(version int) ([]string, bool) {
	if len(r.Versions) == 0 {
		return nil, version == 0
	}
	i := slices.IndexFunc(r.Versions, func(v Version) bool { return v.Number == version })
	if i < 0 {
		return nil, false
	}
	return r.Versions[i].Sections, true
}

// unsaid lists what somebody says they read that is no section of the version.
func (r *Request) unsaid(version int, said []string) []string {
	labels, _ := r.sections(version)
	_, unknown := engagement.SectionsRead(labels, said)
	return unknown
}

// unread lists the sections of the current version that nobody has read: not in that
// version, nor in an earlier one in which they said the same. Who wanted changes has
// read as well as who approved; who took an answer back, or has a conflict, has not.
// Where the version names no sections the document is one.
func (r *Request) unread() []string {
	if !r.ReadAll {
		return nil
	}
	var read []string
	for _, list := range [][]Ballot{r.Ballots, r.Reads} {
		for _, b := range list {
			if !b.TakenBack && !b.Void {
				read = append(read, r.carried(b)...)
			}
		}
	}
	labels, _ := r.sections(r.Current())
	if len(labels) == 0 {
		labels = []string{engagement.AllSections}
	}
	return slices.DeleteFunc(slices.Clone(labels), func(label string) bool { return slices.Contains(read, label) })
}

// carried lists the sections of the current version that somebody has read who read
// what they say in theirs. A version whose sections nobody knows carries nothing on.
func (r *Request) carried(b Ballot) []string {
	labels, known := r.sections(b.Version)
	if !known {
		return nil
	}
	read, _ := engagement.SectionsRead(labels, b.Read)
	for _, v := range r.Versions {
		if v.Number <= b.Version {
			continue
		}
		if len(labels) == 0 {
			return nil
		}
		labels = v.Sections
		read = slices.DeleteFunc(read, func(label string) bool {
			return !slices.Contains(v.Sections, label) || slices.Contains(v.Changed, label)
		})
	}
	return read
}

// actRead says what reading more does, for whoever holds a seat, or held one and
// answered. What was read counts for the version that the person had before them.
func (r *Request) actRead(out *Outcome, a Act, now time.Time) ([]Fact, Refusal) {
	seats := r.SeatsOf(a.Person.ID, now)
	for _, b := range r.Ballots {
		if b.Person == a.Person.ID && !b.TakenBack && !b.Void && !b.ForVendor && !slices.Contains(seats, b.Seat) {
			seats = append(seats, b.Seat)
		}
	}
	seats = slices.DeleteFunc(seats, func(seat string) bool { return a.Seat != "" && seat != a.Seat })
	out.Version = a.Version
	_, known := r.sections(a.Version)
	switch {
	case !r.ReadAll:
		return nil, WrongAct
	case r.ofVendor(a.Person):
		return nil, VendorPerson
	case len(seats) == 0:
		return nil, NoSeat
	case r.Browser && !signedIn(a.Channel):
		return nil, NeedsBrowser
	case r.MailComments && a.Channel == "mail":
		return nil, CommentsOnly
	case !known:
		return nil, NoVersion
	}
	out.Seat = seats[0]
	out.Missing = r.unsaid(a.Version, a.Sections)
	if len(a.Sections) == 0 || len(out.Missing) > 0 {
		return nil, NoSection
	}
	b := Ballot{Answer: a.ID, Seat: seats[0], Person: a.Person.ID, Version: a.Version, Read: a.Sections, At: now, Channel: a.Channel}
	return []Fact{{Kind: FactRead, Request: r.ID, At: now, Seat: seats[0], Person: a.Person.ID, Answer: a.ID, Ballot: &b}}, ""
}
