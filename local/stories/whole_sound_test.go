package stories

import (
	"io/fs"
	"slices"
	"strings"
	"time"

	"gangway/config"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// sounding makes answers that bring a whole onboarding on: the first of the choices,
// everything attested, read, scored, found and filled in.
type sounding struct {
	today time.Time // of the case
	filer string    // who of ours files in the vendor's place what comes by post
	// file keeps a document, in its person's name, and returns its digest.
	file func(person string, text []byte) string
	// own are what is typed for some lines of forms, by the points' ids.
	own map[string]string
	// texts are documents of some steps, by their ids; any other is a line of text.
	texts map[string][]byte
}

// asker is somebody for whom a request waits, and in which seat. Where that is the
// vendor's, somebody of ours may file it in their place.
type asker struct {
	person string
	seat   review.Seat
	vendor bool
}

// asked is a request as those see it who are to answer it.
type asked struct{ *review.Request }

// next finds who is to answer; false: nobody is.
func (r asked) next(now time.Time) (asker, bool) {
	t := r.Tally(now)
	if r.Closed != nil || t.State.Decided() || t.Group >= len(r.Policy.Groups) || r.Clocks[t.Group].Opened.IsZero() {
		return asker{}, false
	}
	for _, seat := range r.Policy.Groups[t.Group].Seats {
		if r.Standing(seat.ID) != nil {
			continue
		}
		for _, h := range r.Seating(seat.ID).Holders {
			if h.Active(now) && h.Person != r.Requester {
				return asker{person: h.Person, seat: seat, vendor: seat.Role == review.VendorRole}, true
			}
		}
	}
	return asker{}, false
}

// answers is a sound answer to a request, and who gives it.
func (s sounding) answers(r *review.Request, who asker) (string, review.Form) {
	f := review.Form{Request: r.ID, Seat: who.seat.ID, Version: r.Current(), Verdict: r.Verdicts()[0], Attest: slices.Clone(who.seat.Attest)}
	if strings.HasPrefix(r.Step, playbook.ChoreAccess) { // asking again brings no GitHub
		f.Verdict = playbook.TakeAnyway
	}
	if who.vendor {
		who.person, f.ForVendor, f.Inside = s.filer, true, "It came by post."
	}
	if r.Declaration != "" && !slices.Contains(r.Declared, who.person) {
		f.Attest = append(f.Attest, r.Declaration)
	}
	if len(r.Options) > 0 || r.Kind == review.Task {
		f.Inside = "it has to go on"
	}
	if slices.Contains(r.ToVendor, f.Verdict) {
		f.Vendor = "please mend this"
	}
	if r.ReadAll {
		f.Read = []string{engagement.AllSections}
	}
	for _, c := range r.Criteria {
		f.Scores = append(f.Scores, review.Score{Criterion: c.ID, Points: c.Most - 1})
	}
	switch {
	case r.Sheet:
		s.fill(&f, r, who)
	case r.Kind == review.Checklist:
		f.Findings, _ = findingsOf(r.Points, nil)
	case r.Kind == review.Delivery:
		f.Documents = []string{s.file(who.person, s.text(r.Step, r.ID))}
	}
	return who.person, f
}

// fill fills in the lines of a form that may not stay empty.
func (s sounding) fill(f *review.Form, r *review.Request, who asker) {
	f.Words = map[string]string{}
	for _, p := range r.Points {
		lines := s.typed(p)
		if p.Kind == engagement.PointFile && !p.Optional {
			lines = []string{s.file(who.person, s.text(r.Step, r.ID+" "+p.ID))}
			f.Documents = append(f.Documents, lines[0])
		}
		finding, words, _ := p.Fill(lines)
		if finding.Point == "" {
			continue
		}
		if words != "" {
			f.Words[p.ID] = words
		}
		f.Findings = append(f.Findings, finding)
	}
}

// text is a document for a step.
func (s sounding) text(step, of string) []byte {
	if text, own := s.texts[step]; own {
		return text
	}
	return []byte("1. What was asked for with " + of + ".\n")
}

// typed is what somebody writes for a line of a form; nothing where it may stay empty,
// and for a document.
func (s sounding) typed(p engagement.Point) []string {
	if own, mine := s.own[p.ID]; mine {
		return []string{own}
	}
	if p.Optional {
		return nil
	}
	switch p.Kind {
	case engagement.PointText:
		return []string{"About " + strings.ToLower(p.Title) + ": as it is."}
	case engagement.PointYesNo:
		return []string{engagement.Yes}
	case engagement.PointChoice, engagement.PointMany:
		return p.Options[:1]
	case engagement.PointDate:
		if p.Expires {
			return []string{s.today.AddDate(1, 0, 0).Format(time.DateOnly)}
		}
		return []string{s.today.AddDate(0, 0, -1).Format(time.DateOnly)}
	case engagement.PointNumber, engagement.PointAmount:
		return []string{"3"}
	case engagement.PointPerson:
		return []string{"tom"}
	}
	return nil
}

// soundly is how a whole onboarding is answered on a day, by the playbook of that name:
// lines that want something in particular, and the documents of the example.
func soundly(today time.Time, filer string, file func(string, []byte) string) sounding {
	next, err := fs.ReadFile(config.Example(), "contract-v2.md")
	if err != nil {
		panic(err) // it is part of the program
	}
	return sounding{today: today, filer: filer, file: file, own: map[string]string{"ends": today.AddDate(2, 0, 0).Format(time.DateOnly),
		"access-1-login": "nadia-rahman", "access-1-team": "payroll", engagement.PointNotice: "90", engagement.PointRenews: engagement.Yes},
		texts: map[string][]byte{"executed": next, playbook.ChoreNext: next, "dpa-ask": []byte(agreement)}}
}
