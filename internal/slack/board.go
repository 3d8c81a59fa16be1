package slack

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// scene is a request of the case as nobody in particular sees it.
func (c caseScene) scene(r review.Request) scene {
	return scene{Request: r, Case: c.Case, Vendor: c.Vendor, People: c.People, Viewer: c.Viewer, Now: c.Now, Base: c.Base}
}

func (c caseScene) vendor() string { return vendorOr(c.Vendor, c.Case.Vendor, literal) }

// state is where a case stands: a sign and words.
func (c caseScene) state() (mark, words string) {
	switch {
	case c.Case.State == dossier.Live:
		return "🟢", "Live"
	case c.Case.State == dossier.Ended:
		return "↩️", "Withdrawn"
	case c.Case.State != dossier.Running:
		return "☑️", "Ended: " + lower(string(c.Case.State))
	case c.Case.Held != nil:
		return "⏸️", "On hold"
	}
	for _, r := range c.open() {
		if s := c.scene(r); s.late() {
			return "⏰", "Overdue"
		}
	}
	return "⏳", "Under way"
}

// changesAt is the next instant, in case time, at which a board says something
// else though nobody does anything; zero: there is none.
func (c caseScene) changesAt() time.Time {
	var next time.Time
	if c.Case.State != dossier.Running || c.Case.Held != nil {
		return next
	}
	for _, r := range c.open() {
		if due := c.scene(r).due(); due.After(c.Now) && (next.IsZero() || due.Before(next)) {
			next = due
		}
	}
	return next
}

// late: the due date has passed and seats are silent.
func (s scene) late() bool {
	due := s.due()
	return !due.IsZero() && s.Now.After(due) && !s.held() && len(s.waitingSeats()) > 0
}

// open are the requests that wait for an answer, the most urgent first.
func (c caseScene) open() []review.Request {
	var list []scene
	for _, r := range c.Case.Requests {
		if r.Closed == nil {
			list = append(list, c.scene(r))
		}
	}
	var open []review.Request
	for _, s := range byDue(list) {
		open = append(open, s.Request)
	}
	return open
}

// board is where a case stands, on top of its thread in the channel of cases. It
// has no buttons: whoever is asked has a card of their own.
func (c caseScene) board() message {
	mark, state := c.state()
	m := message{text: drill(c.Case.Rehearsal, state+": "+c.vendor()+c.stage()+c.waits()+" Case "+literal(c.Case.ID, 100)+".")}
	m.add(heading(drill(c.Case.Rehearsal, vendorOr(c.Vendor, c.Case.Vendor, label))))
	m.add(section(mark + " *" + state + "*" + c.stage()))
	var facts [][2]string
	for _, f := range [][2]string{{"Owner", c.Case.Owner}, {"Requested by", c.Case.Requester}, {"Sponsor", c.Case.Sponsor}} {
		if f[1] != "" {
			facts = append(facts, [2]string{f[0], literal(nameIn(c.People, c.Viewer, f[1]), mostName)})
		}
	}
	if c.Case.Tier != 0 {
		facts = append(facts, [2]string{"Tier", literal(c.Case.Tier.String(), 40)})
	}
	if !c.Case.Opened.IsZero() {
		facts = append(facts, [2]string{"Opened", when(c.Case.Opened, c.Viewer, c.Case.Rehearsal)})
	}
	if len(facts) > 0 {
		m.add(fieldsOf(facts))
	}
	m.add(section(c.steps()))
	foot := link(page(c.Base, "/case", c.Case.ID), "Case "+literal(c.Case.ID, 100))
	if c.Case.Rehearsal {
		foot = "🎭 *Rehearsal*: nothing here is real. · " + foot
	}
	m.add(small(foot))
	return m
}

func (c caseScene) stage() string {
	if c.Case.Stage == "" || c.Case.State != dossier.Running {
		return ""
	}
	return ", at " + lower(c.Case.Stage)
}

// waits says who is waited for in the whole case.
func (c caseScene) waits() string {
	var names []string
	for _, r := range c.open() {
		for _, st := range c.scene(r).waitingSeats() {
			names = append(names, seat(st.Seat))
		}
	}
	if names = compact(names); len(names) == 0 {
		return "."
	}
	return ". Waiting for " + listed(names) + "."
}

// steps are the case's requests, those that are open first.
func (c caseScene) steps() string {
	var lines []string
	for _, r := range c.open() {
		lines = append(lines, c.step(r))
	}
	closed := slices.DeleteFunc(slices.Clone(c.Case.Requests), func(r review.Request) bool { return r.Closed == nil })
	slices.SortStableFunc(closed, func(a, b review.Request) int { return b.Closed.At.Compare(a.Closed.At) })
	for _, r := range closed {
		lines = append(lines, c.step(r))
	}
	const most = 25
	if len(lines) > most {
		lines = append(lines[:most], fmt.Sprintf("and %d more", len(lines)-most))
	}
	return whole(lines, mostText-50)
}

// step is a request in a line.
func (c caseScene) step(r review.Request) string {
	s := c.scene(r)
	if r.Closed != nil {
		st := s.ended()
		return st.mark + " " + s.title() + ": " + strings.ToLower(st.word) + ", " + s.when(r.Closed.At)
	}
	state := r.Tally(s.Now).State
	words, waits := "⏳ "+s.title()+": "+s.quorum()+".", s.waitingFor()
	switch due := s.due(); {
	case s.late():
		words = "⏰ " + s.title() + ": *overdue* since " + s.when(due) + ", " + s.quorum() + "."
	case state == review.Wanted || state == review.Denied: // the round is over: nobody in it is late
		words = "✏️ " + s.title() + ": " + stands(state, false) + ", " + s.quorum() + "."
	case !due.IsZero():
		waits = strings.TrimSpace(waits + " Due " + s.when(due) + ".")
	}
	return strings.TrimSpace(words + " " + waits)
}

// summary is a case in a list.
func (c caseScene) summary() string {
	mark, state := c.state()
	words := mark + " *" + link(page(c.Base, "/case", c.Case.ID), bracketed(c.vendor())) + "* – " + state + c.stage() + c.waits()
	return drill(c.Case.Rehearsal, words)
}

// line is what one answer or act did, under the board; a message without text:
// the record has nothing of it that a channel should see. Conflicts of interest
// are said without a name.
func (s scene) line(answer string) message {
	return s.remark(s.happened(answer))
}

func (s scene) happened(answer string) string {
	r := &s.Request
	for i := range r.Ballots {
		b := &r.Ballots[i]
		if b.Answer != answer || answer == "" {
			continue
		}
		if b.Void {
			return ""
		}
		words := signOf(b.Verdict) + " " + s.title() + ": " + saidShort(b.Verdict) + " by " + s.name(b.Person) + " for " + seat(b.Seat)
		if r.Declaration != "" && slices.Contains(b.Attest, r.Declaration) {
			words += ", with their statement on interests"
		}
		if b.Version != 0 && s.papered() {
			words += ", version " + itoa(b.Version)
		}
		if how := where(b.Channel); how != "" {
			words += ", " + how
		}
		words += ", " + s.when(b.At) + ". " + capitalised(s.quorum()) + "."
		if b.TakenBack {
			words += " Taken back since."
		}
		return words
	}
	for _, act := range r.Acts {
		if act.Answer == answer && answer != "" {
			return s.acted(act)
		}
	}
	return ""
}

// acted says what an act did. The record of acts on a request does not say their
// kind; a verdict is there of what was taken back only.
func (s scene) acted(act review.Attempt) string {
	out := act.Outcome
	for _, read := range s.Request.Reads {
		if read.Answer == act.Answer && !read.Void && len(read.Read) > 0 {
			return "📖 " + s.title() + ": " + s.name(out.By) + " read " + readWords(read.Read) + " of version " + itoa(read.Version) + ", " + s.when(out.At) + "."
		}
	}
	if out.Verdict != "" {
		return "↩️ " + s.title() + ": " + s.name(out.By) + " took back: " + literal(playbook.Say(out.Verdict), mostOption) + ", " + s.when(out.At) + "."
	}
	if sg := s.Request.Seating(out.Seat); sg != nil {
		for _, h := range sg.Holders {
			if h.Via == review.ViaDelegate && h.From == out.By && h.Since.Equal(out.At) {
				return "🤝 " + s.title() + ": " + s.name(out.By) + " delegated " + seat(out.Seat) + " to " + s.name(h.Person) + ", " + s.when(out.At) + "."
			}
		}
		if sg.Added.Equal(out.At) {
			return "➕ " + s.title() + ": the seat " + seat(out.Seat) + " was added, " + s.when(out.At) + "."
		}
	}
	return ""
}

// readWords are sections as somebody named them.
func readWords(said []string) string {
	if len(said) == 1 && said[0] == engagement.AllSections {
		return "all sections"
	}
	labels := make([]string, 0, len(said))
	for _, label := range said {
		labels = append(labels, literal(label, 30))
	}
	return "sections " + listed(labels)
}

// casesMessage lists cases, for somebody who asked for them.
func casesMessage(list []caseScene) message {
	m := message{text: "No cases."}
	if len(list) > 0 {
		m.text = count(len(list), "case") + ", " + list[0].vendor() + " first."
	}
	const most = 30
	for _, c := range list[:min(len(list), most)] {
		m.add(section(c.summary()))
	}
	if n := len(list) - most; n > 0 {
		m.add(small(link(pageOf(list[0].Base), fmt.Sprintf("And %d more, on the web page", n))))
	}
	if len(list) == 0 {
		m.add(section(m.text))
	}
	return m
}

// waitingMessage lists what waits for somebody who asked for it.
func waitingMessage(list []scene) message {
	list = byDue(slices.DeleteFunc(slices.Clone(list), func(s scene) bool { return !s.standing().asks }))
	m := message{text: "Nothing waits for you."}
	if n := len(list); n > 0 {
		m.text = count(n, "request") + " for you: " + list[0].gist(list[0].standing())
	}
	m.listing(list)
	if len(list) == 0 {
		m.add(section("✅ " + m.text))
	}
	return m
}

// listing adds requests, as many as a message has room for.
func (m *message) listing(list []scene) {
	for _, s := range list[:min(len(list), homeWaiting)] {
		m.add(s.entry())
	}
	if n := len(list) - homeWaiting; n > 0 {
		m.add(small(link(pageOf(list[0].Base), fmt.Sprintf("And %d more, on the web page", n))))
	}
}
