package mail

import (
	"net/url"
	"slices"
	"strings"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// ways are how somebody may answer a request by mail.
type ways struct {
	// By are the verdicts that the first line of a reply gives; none: a reply is a
	// comment.
	By []review.Verdict
	// How says what a line can't do; empty: it can do everything.
	How string
}

// waysOf says how the holder of seats may answer by a line. What a line can't
// give is asked for on the page.
func waysOf(r *review.Request, seats []string, person string) ways {
	verdicts := r.Verdicts()
	switch {
	case r.MailComments:
		return ways{How: "This step is decided on the page. A reply to this mail is kept as a comment."}
	case r.Browser:
		return ways{How: "This one is answered on the page, by somebody who has signed in. A reply to this mail is kept as a comment."}
	case r.Sheet:
		return ways{How: "It is a form, so please fill it in on the page. A reply to this mail is kept as a comment."}
	case r.Blind:
		return ways{How: "It takes points, so please answer on the page. Nobody sees another's points before all have given theirs. A reply to this mail is kept as a comment."}
	case r.Kind == review.Rating:
		return ways{How: "It takes points, so please answer on the page. A reply to this mail is kept as a comment."}
	case r.Kind == review.Checklist:
		return ways{How: "It takes a finding for each point, so please answer on the page. A reply to this mail is kept as a comment."}
	case slices.Contains(verdicts, review.Delivered), slices.Contains(verdicts, playbook.Sent):
		return ways{How: "It takes a document or a text, so please answer on the page. A reply to this mail is kept as a comment."}
	case undeclared(r, person):
		return ways{How: "Your first answer in this case says whether you have an interest of your own in the vendor, so please give it on the page. A reply to this mail is kept as a comment."}
	case len(seats) > 1:
		return ways{How: "You hold more than one seat in it, so please answer on the page. A reply to this mail is kept as a comment."}
	}
	w := ways{}
	for _, v := range verdicts {
		if review.Positive(v) && attests(r, seats) {
			w.How = "An approval confirms statements, so it is given on the page. The rest can be said by a reply."
			continue
		}
		if slices.Contains(r.ToVendor, v) { // a line has no part that is for the vendor
			w.How = "What the vendor is told is written on the page. The rest can be said by a reply."
			continue
		}
		w.By = append(w.By, v)
	}
	if len(w.By) == 0 && w.How != "" {
		w.How = "This one is answered on the page. A reply to this mail is kept as a comment."
	}
	if r.ReadAll && w.How == "" {
		w.How = "Which sections you have read you say on the page: what nobody has read keeps it from being agreed."
	}
	return w
}

// undeclared reports whether somebody's answer must carry the statement on
// interests: it is asked with their first one in a case.
func undeclared(r *review.Request, person string) bool {
	return r.Declaration != "" && !slices.Contains(r.Declared, person)
}

func attests(r *review.Request, seats []string) bool {
	return slices.ContainsFunc(seats, func(id string) bool {
		s, _, found := r.Seat(id)
		return found && len(s.Attest) > 0
	})
}

// commandOf is the word that gives a verdict in every language.
func commandOf(v review.Verdict) string { return commandSign + string(v) }

// lineOf is the line that a mail offers for a verdict: the first of the table's
// English words, else the command.
func lineOf(v review.Verdict) string {
	for _, p := range Vocabulary() {
		if p.Language == "en" && p.Verdict == v {
			return p.Words[0]
		}
	}
	return commandOf(v)
}

// button is one verdict that a reply gives.
type button struct {
	Say    string // what a button is called
	Line   string // what stands in the first line
	Needs  string // what must follow it; empty: nothing
	Mailto string
}

// buttons are the verdicts of a line, each with a link that begins the reply.
// Nothing fetches such a link, so no scanner can press it.
func buttons(r *review.Request, by []review.Verdict, address, subject string) []button {
	var all []button
	for _, v := range by {
		line, begin := lineOf(v), commandOf(v)
		if len(r.Options) > 0 { // of a choice only its own words count
			line = optionWord(v)
			begin = line
		}
		b := button{Say: playbook.Say(v), Line: line, Mailto: mailto(address, begin+" "+subject, begin)}
		if !review.Positive(v) || slices.Contains(r.Reasoned, v) {
			b.Needs = "and on the next lines why"
			b.Mailto = mailto(address, begin+" "+subject, begin+" ")
			b.Say += "…"
		}
		all = append(all, b)
	}
	return all
}

// mailto is a link that begins a mail (RFC 6068): a space is %20 there, never a
// plus.
func mailto(address, subject, body string) string {
	local, domain, _ := strings.Cut(address, "@")
	quote := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	return "mailto:" + quote(local) + "@" + domain + "?subject=" + quote(subject) + "&body=" + quote(body)
}

// phrasebook is the words that count in other languages, for the verdicts that a
// mail offers: a language a line.
func phrasebook(by []review.Verdict) []string {
	var lines []string
	for _, l := range []struct{ code, name string }{{"de", "Deutsch"}, {"fr", "Français"}, {"es", "Español"}, {"pt", "Português"},
		{"nl", "Nederlands"}, {"it", "Italiano"}, {"pl", "Polski"}} {
		var words []string
		for _, v := range by {
			for _, p := range Vocabulary() {
				if p.Language == l.code && p.Verdict == v {
					words = append(words, p.Words[0])
				}
			}
		}
		if len(words) > 0 {
			lines = append(lines, l.name+": "+strings.Join(words, ", "))
		}
	}
	return lines
}
