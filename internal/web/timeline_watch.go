package web

import (
	"strings"
	"time"

	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// dayOnly is a date as it stands in a contract or a certificate: of no zone.
func dayOnly(at time.Time) string { return at.UTC().Format("2 Jan 2006") }

// overseen tells what became known of something that runs out; false: it is another
// entry.
func (t *telling) overseen(en dossier.Entry, d *dossier.Detail, e *timelineEntry) bool {
	if en.Kind == dossier.Reported {
		t.linked(d.Parent).text(" came to its end: %s", human(d.Result))
		return true
	}
	var x engagement.Expiry
	if d.Expiry != nil {
		x = *d.Expiry
	}
	what := cut(x.Words())
	switch en.Kind {
	case dossier.Watched:
		e.Tone = "open"
		t.text("%s is watched", upper(what))
		switch {
		case x.Kind == engagement.ExpiryGap:
		case x.On.IsZero():
			t.text("; it is owed")
		default:
			t.text(" until %s", dayOnly(x.On))
		}
		if x.Unreviewed && x.Kind != engagement.ExpiryGap {
			t.text(", as it was filed when the vendor was adopted; it was not reviewed here")
		}
	case dossier.Lapsed:
		e.Tone = "bad"
		if d.Result == "renewed-by-itself" {
			t.text("%s came to its end and went on by its own terms; nobody here decided that", upper(what))
			break
		}
		t.text("%s ran out", upper(what))
		if !x.On.IsZero() {
			t.text(" on %s", dayOnly(x.On))
		}
		t.text(", and nothing had taken its place")
	case dossier.NoticePassed:
		e.Tone = "bad"
		t.text("The last day for notice of %s passed without a decision", what)
	case dossier.Escalated:
		e.Tone = "warn"
		t.text("Nobody had answered about %s: ", what).name(d.Person).text(" was called")
		if d.Request != "" {
			t.text(" in ").title(d.Request)
		}
	case dossier.NoticeDecided:
		e.Tone = "good"
		t.name(en.Actor).text(" decided what becomes of %s: %s", what, strings.ToLower(playbook.Said(review.Verdict(d.Result))))
	case dossier.Begun:
		e.Tone = "open"
		t.linked(d.Parent).text(" was begun because of %s", what)
	case dossier.WatchEnded:
		t.text("%s is watched no longer", upper(what))
		if d.Result != "" {
			t.text(": %s", strings.ReplaceAll(cut(d.Result), "-", " "))
		}
	default:
		return false
	}
	return true
}

// linked names a case that one can go to.
func (t *telling) linked(id string) *telling {
	t.words = append(t.words, word{Text: cut(id), Name: true, Link: caseLink(id)})
	return t
}

// clauses tells what became of packs of clauses, and of the signed copy; false: it is
// another entry.
func (t *telling) clauses(en dossier.Entry, d *dossier.Detail, e *timelineEntry) bool {
	switch en.Kind {
	case dossier.ClausesFound:
		t.found(en, d, e)
	case dossier.ClauseWaived:
		e.Tone = "warn"
		t.name(en.Actor).text(" waived until %s that version %d has: %s", dayOnly(d.Ends), d.Version, t.points(d))
	case dossier.CopyExecuted:
		t.words = append(t.words, word{Text: "The signed copy", Name: true, Link: documentLink("/document", t.c.ID, d.Document)})
		switch d.Result {
		case "same":
			e.Tone = "good"
			t.text(" says what was approved, version %d, clause by clause", d.Version)
		case "accepted":
			e.Tone = "warn"
			t.text(" is not version %d as it was approved, or could not be compared with it; ", d.Version).name(en.Actor).text(" took it with a reason")
		default:
			e.Tone = "bad"
			t.text(" is not version %d as it was approved, or could not be compared with it; ", d.Version).name(en.Actor).text(" sent it back")
		}
	default:
		return false
	}
	return true
}

// found tells what became of the points of a pack in a version.
func (t *telling) found(en dossier.Entry, d *dossier.Detail, e *timelineEntry) {
	points := t.points(d)
	switch d.Result {
	case "found":
		e.Tone = "good"
		t.name(en.Actor).text(" found in version %d: %s", d.Version, points)
	case "missing":
		e.Tone = "warn"
		t.name(en.Actor).text(" found nothing in version %d of: %s. The case owner says what follows", d.Version, points)
	case "wanted":
		e.Tone = "warn"
		t.text("The vendor is asked for what version %d lacks: %s", d.Version, points)
	case "carried":
		t.text("Version %d has in the same words as the one before: %s", d.Version, points)
	case "touched":
		t.text("Version %d has other words where these stood, so that they are looked for again: %s", d.Version, points)
	default:
		t.text("%s, version %d: %s (%s)", human(d.Step), d.Version, points, strings.ReplaceAll(cut(d.Result), "-", " "))
	}
}

// maxPoints is how many points of a checklist a line of the record names.
const maxPoints = 12

// points names those of an entry as people were asked for them.
func (t *telling) points(d *dossier.Detail) string {
	titles := map[string]string{}
	for i := range t.c.Requests {
		if r := &t.c.Requests[i]; r.Step == d.Step {
			for _, p := range r.Points {
				titles[p.ID] = p.Title
			}
		}
	}
	var list []string
	for i, id := range d.Points {
		if i == maxPoints {
			list = append(list, "and "+count(len(d.Points)-i, "more point"))
			break
		}
		if titles[id] != "" {
			list = append(list, cut(titles[id]))
		} else {
			list = append(list, human(id))
		}
	}
	return strings.Join(list, ", ")
}

// activated tells what was set up for the vendor's people at the start of their work,
// and who goes on with them; false: it is another entry.
func (t *telling) activated(en dossier.Entry, d *dossier.Detail, e *timelineEntry) bool {
	switch en.Kind {
	case dossier.AccessStands:
		t.given(d, e)
	case dossier.MeetingsSet:
		t.meetings(d, e)
	case dossier.HandedOver:
		e.Tone = "good"
		t.text("%s ", dossier.HandedOverWords(d)).linked(d.Parent)
	case dossier.MailFiled:
		t.mailed(d)
	case dossier.ContactChanged:
		t.name(d.Person).text(" of the vendor is now %s", strings.ReplaceAll(cut(d.Result), "-", " "))
	default:
		return false
	}
	return true
}

// given tells how each access to code stands.
func (t *telling) given(d *dossier.Detail, e *timelineEntry) {
	e.Tone = "warn"
	switch what := human(d.Name); d.Result {
	case "given":
		e.Tone = "good"
		t.text("%s: access to code was given", what)
	case "not-given":
		t.text("%s: not all access to code could be given, or seen; the case owner says what follows", what)
	case "away":
		t.text("%s: the other system was away, so access to code could not be given; the case owner says what follows", what)
	case "removed":
		t.text("%s: access to code was taken away, and is looked at again", what)
	case "gone":
		e.Tone = "good"
		t.text("%s: access to code was looked at, and is gone", what)
	case "found":
		t.text("%s: access to code is there still; somebody has to remove it", what)
	case "unreachable":
		t.text("%s: the other system was away, so access to code could not be taken away or looked at; it is tried again", what)
	case "accepted":
		e.Tone = "good"
		t.text("%s: the invitation was accepted", what)
	case "not-accepted":
		t.text("%s: nobody has accepted the invitation yet, so nobody has this access", what)
	case "invitation-gone":
		t.text("%s: the invitation ran out or was declined, so nobody has this access", what)
	case "not-seen":
		t.text("%s: it can't be seen whether the invitation was accepted", what)
	case "invited":
		t.text("%s: they were invited again", what)
	case "not-invited":
		t.text("%s: they could not be invited again", what)
	case "by-hand":
		t.text("%s: access to code has to be removed by hand", what)
	default:
		t.text("%s: the form that asks for access could not be carried out; the case owner says what follows", what)
	}
	for i, v := range d.Values {
		id, how, _ := strings.Cut(cut(v), " ")
		if i == 0 {
			t.text(". ")
		} else {
			t.text("; ")
		}
		t.text("%s: %s", human(id), strings.ReplaceAll(how, "-", " "))
	}
}

// mailed tells what a mail turned out to be, and what became of it.
func (t *telling) mailed(d *dossier.Detail) {
	t.text("A mail came")
	if d.Person != "" {
		t.text(" from ").name(d.Person)
	}
	t.text(": %s", arrivalWords(arrivals.Kind(d.Result)))
	if d.Request != "" {
		t.text(", about ").title(d.Request)
	}
	if d.Outcome != nil {
		t.text(" (%s)", strings.ToLower(human(string(d.Outcome.Status))))
	}
	for i, w := range d.Values {
		if i == 0 {
			t.text(". It could not decide: ")
		} else {
			t.text("; ")
		}
		t.text("%s", whyWords(arrivals.Why(w)))
	}
}

// meetings tells who is invited to the regular meetings, and who could not be.
func (t *telling) meetings(d *dossier.Detail, e *timelineEntry) {
	e.Tone = "good"
	switch d.Result {
	case "invited":
		t.text("Invited to the regular meetings: ")
	case "changed":
		t.text("The regular meetings have changed; invited are ")
	case "cancelled":
		e.Tone = ""
		t.text("The regular meetings were cancelled for ")
	default:
		e.Tone = "warn"
		t.text("The regular meetings could not be put into anybody's calendar")
	}
	for i, id := range d.Values {
		if i > 0 {
			t.text(", ")
		}
		t.name(id)
	}
	if len(d.Values) == 0 && d.Result != "none" {
		t.text("nobody")
	}
	if len(d.Points) > 0 {
		e.Tone = "warn"
		t.text("; in the form of contacts these could not be invited: %s", strings.ReplaceAll(cut(strings.Join(d.Points, ", ")), "-", " "))
	}
}
