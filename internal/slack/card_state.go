package slack

import (
	"encoding/json"
	"slices"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// standing is how a request stands with one person: a sign and a word, since
// nothing is said by colour alone, and a sentence.
type standing struct {
	mark, word, more string
	// asks: the person can answer.
	asks bool
	// hidden: they declared a conflict and see no more of it.
	hidden bool
}

// head is the state as the first line of a card, in mrkdwn.
func (st standing) head() string {
	words := st.mark + " *" + st.word + "*"
	if st.more != "" {
		words += "\n" + st.more
	}
	return words
}

// standing says how the request stands with the viewer.
func (s scene) standing() standing {
	r := &s.Request
	switch {
	case slices.Contains(r.Recused, s.Viewer.ID):
		return standing{mark: "🙅", word: "You declared a conflict", more: "You no longer answer in this matter, and see no more of it.", hidden: true}
	case r.Closed != nil:
		return s.ended()
	}
	if st, is := s.underway(); is {
		return st
	}
	if len(s.openSeats()) > 0 {
		return s.asking()
	}
	if own := s.own(); len(own) > 0 {
		return s.answered(own)
	}
	return s.bystanding()
}

// underway: what the viewer said is not counted yet, or is ahead of the record.
func (s scene) underway() (standing, bool) {
	for _, q := range s.Queued {
		if q.Request != s.Request.ID || q.Person != "" && q.Person != s.Viewer.ID || has(&s.Request, q.ID) {
			continue // the record has it: the process took it, and its word to us was lost
		}
		what := queuedWords(q)
		return standing{mark: "📨", word: "Received, being delivered", more: what + " is safely stored and will be counted as soon as the process can take it. You need not send it again."}, true
	}
	out := s.Receipt
	if out.Verdict == "" || out.Status != review.Counted && out.Status != review.Already || len(s.own()) > 0 || out.Request != s.Request.ID {
		return standing{}, false
	}
	if out.Version != s.Request.Current() || len(s.openSeats()) == 0 { // something came after it
		return standing{}, false
	}
	return standing{mark: signOf(out.Verdict), word: "You answered: " + literal(playbook.Say(out.Verdict), mostOption), more: "It is counted."}, true
}

// queuedWords says what a queued answer or act is; its text is not in it.
func queuedWords(q review.Queued) string {
	var was struct {
		Verdict review.Verdict `json:"verdict"`
		Kind    review.ActKind `json:"kind"`
	}
	err := json.Unmarshal(q.Payload, &was)
	switch {
	case err != nil:
	case was.Verdict != "":
		return "Your answer (" + literal(playbook.Say(was.Verdict), mostOption) + ")"
	case was.Kind == review.Recuse:
		return "Your declaration of a conflict"
	case was.Kind == review.Delegate:
		return "Your delegation"
	case was.Kind != "":
		return "What you did (" + literal(playbook.SayAct(was.Kind), mostOption) + ")"
	}
	return "Your answer"
}

// signOf goes with a verdict's word.
func signOf(v review.Verdict) string {
	switch {
	case v == review.Changes:
		return "✏️"
	case v == review.Reject:
		return "⛔"
	}
	return "✅"
}

// asking: the viewer can answer.
func (s scene) asking() standing {
	r := &s.Request
	st := standing{mark: "⏳", word: "Waiting for you", asks: true}
	if due := s.due(); !due.IsZero() && s.Now.After(due) && r.Held.IsZero() {
		st.mark, st.word = "⏰", "Overdue, and still waiting for you"
	}
	if s.held() {
		st.mark, st.word = "⏸️", "On hold, and you can still answer"
		st.more = "The case stands still: no clock runs and nobody is reminded."
		return st
	}
	if b := s.before(); b != nil {
		st.mark, st.word = "🔁", "A newer version waits for you"
		st.more = "You " + answeredWords(b.Verdict) + " version " + itoa(b.Version) + "; what you read has changed since, so you are asked again."
		switch {
		case b.Version == r.Current():
			st.word, st.more = "Waiting for you again", "Your answer was taken back."
		case !s.papered():
			st.word, st.more = "Waiting for you again", "You answered before; the same is asked once more."
		}
		return st
	}
	var names []string
	var until time.Time
	for _, open := range s.openSeats() {
		for _, h := range r.Seating(open.ID).Holders {
			if h.Via == review.ViaDelegate && h.From == s.Viewer.ID && h.Active(s.Now) {
				names, until = append(names, s.name(h.Person)), h.Until
			}
		}
	}
	if len(names) > 0 {
		st.mark, st.word = "🤝", "Delegated to "+listed(compact(names))
		st.more = "You can still answer yourself: the first answer counts."
		if !until.IsZero() {
			st.more = "Until " + s.when(until) + ". " + st.more
		}
		return st
	}
	if d := s.snoozed(); d.After(s.Now) {
		st.more = "No reminders before " + s.when(d) + "."
	}
	return st
}

// answeredWords is what somebody did to a version.
func answeredWords(v review.Verdict) string {
	switch v {
	case review.Changes:
		return "wanted changes to"
	case review.Reject, review.Approve:
		return playbook.Said(v)
	}
	return "answered"
}

// answered: the viewer's answer stands, and others are waited for.
func (s scene) answered(own []*review.Ballot) standing {
	b := own[len(own)-1]
	st := standing{mark: signOf(b.Verdict), word: "You answered: " + literal(playbook.Say(b.Verdict), mostOption), more: s.byLine(b)}
	if b.Version != 0 && b.Version != s.Request.Current() && s.papered() {
		st.more += " It stands for version " + itoa(s.Request.Current()) + " too: nothing that you read has changed."
	}
	if wait := s.waitingFor(); wait != "" {
		st.more += "\n" + wait
	}
	return st
}

// byLine says in which seat somebody answered, when, and where.
func (s scene) byLine(b *review.Ballot) string {
	words := "For " + seat(b.Seat) + ", " + s.when(b.At)
	if how := where(b.Channel); how != "" {
		words += ", " + how
	}
	return words + "."
}

// bystanding: the request is open and the viewer has nothing to answer.
func (s scene) bystanding() standing {
	r := &s.Request
	t := r.Tally(s.Now)
	var later, settled bool
	for _, id := range r.SeatsOf(s.Viewer.ID, s.Now) {
		if b := r.Standing(id); b != nil {
			return standing{mark: signOf(b.Verdict), word: "Answered by " + s.name(b.Person) + ": " + literal(playbook.Say(b.Verdict), mostOption),
				more: s.byLine(b) + " Nothing more is asked of you."}
		}
		_, group, _ := r.Seat(id)
		later, settled = later || group > t.Group, settled || group < t.Group || group == t.Group && t.Groups[group].State.Decided()
	}
	switch {
	case settled:
		return standing{mark: "☑️", word: "Settled without you", more: "The group has all the answers it needs. Nothing more is asked of you."}
	case later:
		return standing{mark: "🕓", word: "Not asked yet", more: "Others are asked before you."}
	}
	for _, sg := range r.Seatings {
		for _, h := range sg.Holders {
			if h.Person == s.Viewer.ID && !h.Active(s.Now) {
				return s.passed(sg)
			}
		}
	}
	return standing{mark: "☑️", word: "Nothing is asked of you", more: s.waitingFor()}
}

// passed: the seat is no longer the viewer's.
func (s scene) passed(sg review.Seating) standing {
	var names []string
	for _, h := range sg.Holders {
		if h.Active(s.Now) {
			names = append(names, s.name(h.Person))
		}
	}
	st := standing{mark: "➡️", word: "No longer with you", more: "The seat " + seat(sg.Seat) + " is not yours any more."}
	if len(names) > 0 {
		st.more = "The seat " + seat(sg.Seat) + " is held by " + listed(names) + "."
	}
	return st
}

// ended: the request is closed.
func (s scene) ended() standing {
	r := &s.Request
	st := standing{mark: "☑️", word: "Closed without a decision"}
	switch {
	case r.Waived:
		st.mark, st.word = "↪️", "Waived"
	case r.Closed.Why == "withdrawn":
		st.mark, st.word = "↩️", "Withdrawn"
	case r.Closed.Why == "superseded":
		st.mark, st.word = "🔁", "Superseded"
		st.more = "It goes on in a newer request; answers here no longer count.\n"
	case r.Closed.Why == "reopened":
		st.mark, st.word = "🔁", "Opened again"
		st.more = "It is asked anew; answers here no longer count.\n"
	case r.Closed.State == review.Met:
		st.mark, st.word = "✅", metWord(r)
	case r.Closed.State == review.Wanted:
		st.mark, st.word = "✏️", "Changes requested"
	case r.Closed.State == review.Denied:
		st.mark, st.word = "⛔", "Rejected"
	}
	st.more += s.deciders() + "Closed " + s.when(r.Closed.At) + "."
	if len(s.own()) == 0 {
		st.more += " Nothing more is asked of you."
	}
	return st
}

// metWord is what a request that is met is called.
func metWord(r *review.Request) string {
	switch {
	case r.Kind == review.Decision && len(r.Options) == 0:
		return "Approved"
	case r.Kind == review.Decision:
		for _, s := range r.Policy.Seats() {
			if b := r.Standing(s.ID); b != nil {
				return "Decided: " + literal(playbook.Say(b.Verdict), mostOption)
			}
		}
		return "Decided"
	case r.Kind == review.Delivery:
		return "Delivered"
	case r.Kind == review.Rating:
		return "Scored"
	}
	return "Done"
}

// deciders say what the viewer answered, else who gave the answer by which it
// ended; everybody's answers are listed by seat below.
func (s scene) deciders() string {
	var own, last string
	var at time.Time
	for _, seat := range s.Request.Policy.Seats() {
		b := s.Request.Standing(seat.ID)
		switch {
		case b == nil:
		case b.Person == s.Viewer.ID:
			own += s.decided(b) + "\n"
		case ends(b.Verdict, s.Request.Closed.State) && !b.At.Before(at):
			last, at = s.decided(b)+"\n", b.At
		}
	}
	if own != "" {
		return own
	}
	return last
}

// ends reports whether a verdict is of the sort that a state comes from.
func ends(v review.Verdict, st review.State) bool {
	return st == review.Met && review.Positive(v) || st == review.Wanted && v == review.Changes || st == review.Denied && v == review.Reject
}

// decided says who answered what, where and when.
func (s scene) decided(b *review.Ballot) string {
	line := capital(s.you(b.Person)) + " " + saidBy(b.Verdict, b.Person == s.Viewer.ID) + " for " + seat(b.Seat)
	if how := where(b.Channel); how != "" {
		line += " " + how
	}
	return line + ", " + s.when(b.At) + "."
}

// saidBy is a verdict that somebody gave, after their name.
func saidBy(v review.Verdict, you bool) string {
	switch v {
	case review.Changes:
		if you {
			return "want changes"
		}
		return "wants changes"
	case review.Approve, review.Reject, review.Delivered, review.Scored:
		return playbook.Said(v)
	}
	return "answered “" + literal(playbook.Say(v), mostOption) + "”"
}
