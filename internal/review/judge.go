package review

import (
	"slices"
	"time"
)

// Judge says what an answer does to the request at case time now. It returns
// what the person is told and the facts to apply and record; an answer that was
// counted before yields its first outcome and no fact. It never changes r.
func (r *Request) Judge(a Answer, now time.Time) (Outcome, []Fact) {
	if out, ok := r.before(a.ID, now); ok {
		return out, nil
	}
	out := Outcome{Request: r.ID, Seat: a.Seat, Version: a.Version, Verdict: a.Verdict, By: a.Person.ID, At: now}
	seat, why := r.admit(&out, a, now)
	if why != "" {
		return r.refuse(out, why, a.ID, a.Person.ID, now)
	}
	b := Ballot{Answer: a.ID, Seat: seat.ID, Person: a.Person.ID, Verdict: a.Verdict, Version: a.Version,
		Attest: a.Attest, Scores: a.Scores, Documents: a.Documents, Findings: a.Findings, Read: a.Read, ForVendor: a.ForVendor,
		Written: a.Written, At: now, Channel: a.Channel}
	if b.Version != r.Current() {
		b.Under = r.Current()
	}
	facts := []Fact{{Kind: FactCounted, Request: r.ID, At: now, Seat: seat.ID, Person: a.Person.ID, Answer: a.ID, Ballot: &b, Written: a.Written}}
	out.Status, out.Seat = Counted, seat.ID
	out.State = r.after(facts, now)
	return out, facts
}

// before returns what became of an answer or an act with this id when it came
// first. Refusals past MaxAttempts were only counted and are judged anew.
func (r *Request) before(id string, now time.Time) (Outcome, bool) {
	if b := r.ballot(id); b != nil {
		return Outcome{Status: Already, Request: r.ID, Seat: b.Seat, Version: b.Version, Verdict: b.Verdict, By: b.Person, At: b.At, State: r.state(now)}, true
	}
	same := func(t Attempt) bool { return t.Answer == id }
	if i := slices.IndexFunc(r.Acts, same); i >= 0 {
		out := r.Acts[i].Outcome.clone()
		out.Status, out.State = Already, r.state(now)
		return out, true
	}
	if i := slices.IndexFunc(r.Attempts, same); i >= 0 {
		return r.Attempts[i].Outcome.clone(), true
	}
	return Outcome{}, false
}

// admit runs the rules in the order in which people would want to hear of them;
// the first that fails is the refusal. It fills in what the outcome should name.
func (r *Request) admit(out *Outcome, a Answer, now time.Time) (Seat, Refusal) {
	if why := r.person(a.Person); why != "" {
		return Seat{}, why
	}
	id, why := r.which(a, now)
	if why != "" {
		return Seat{}, why
	}
	if !a.ForVendor {
		if why := r.side(id, a.Person); why != "" {
			return Seat{}, why
		}
	}
	seat, group, ok := r.Seat(id)
	if !ok {
		return Seat{}, NoSeat
	}
	out.Seat = id
	standing := r.Standing(id)
	if r.Closed != nil {
		out.At = r.Closed.At
		out.By = ""
		if standing != nil {
			out.By, out.At = standing.Person, standing.At
		}
		return seat, Closed
	}
	if why := r.version(id, a.Version); why != "" {
		return seat, why
	}
	if standing != nil {
		out.By, out.At = standing.Person, standing.At
		return seat, Answered
	}
	switch asked := r.Tally(now).Group; {
	case group > asked:
		return seat, NotYet
	case group < asked: // a veto counts while its group is open
		out.By, out.At = r.settled(group)
		return seat, Settled
	}
	if !a.ForVendor && r.secondSeat(id, a.Person.ID) {
		return seat, OneSeat
	}
	if r.Browser && !r.entered(id, a.Channel) {
		return seat, NeedsBrowser
	}
	if r.MailComments && a.Channel == "mail" {
		return seat, CommentsOnly
	}
	return seat, r.form(out, seat, a, now)
}

// which finds the seat that an answer is for.
func (r *Request) which(a Answer, now time.Time) (string, Refusal) {
	if a.ForVendor {
		return r.filed(a)
	}
	if a.Seat != "" {
		switch {
		case r.vendors(a.Seat) && !r.ofVendor(a.Person):
			return a.Seat, VendorSeat
		case !r.Holds(a.Seat, a.Person.ID, now):
			return a.Seat, NoSeat
		}
		return a.Seat, ""
	}
	seats := r.SeatsOf(a.Person.ID, now)
	if len(seats) > 1 { // leave out what needs no answer
		seats = slices.DeleteFunc(seats, func(s string) bool { return r.Standing(s) != nil })
	}
	switch len(seats) {
	case 0:
		if all := r.SeatsOf(a.Person.ID, now); len(all) > 0 {
			return all[0], ""
		}
		if n := len(r.vendorSeats()); n > 0 && n == len(r.Policy.Seats()) && !r.ofVendor(a.Person) {
			return "", VendorSeat
		}
		return "", NoSeat
	case 1:
		return seats[0], ""
	default:
		return "", WhichSeat
	}
}

// version refuses an answer whose text was changed for this seat since.
func (r *Request) version(seat string, v int) Refusal {
	if v == r.Current() {
		return ""
	}
	// A request that had no version at first was read as version 0.
	known := slices.ContainsFunc(r.Versions, func(x Version) bool {
		return x.Number == v || slices.ContainsFunc(x.Touched, func(t Touch) bool { return t.Version == v })
	})
	if !known {
		return NoVersion
	}
	if r.Touches(seat, v) {
		return Stale
	}
	return ""
}

// signedIn reports whether whoever speaks through a channel has signed in to us:
// on a page, or with a token on the command line. Every other channel vouches
// for people in its own way, and one that is not known counts as such.
func signedIn(channel string) bool { return channel == "web" || channel == "cli" }

// settled names the last of the approvals that met a group.
func (r *Request) settled(group int) (by string, at time.Time) {
	for _, s := range r.Policy.Groups[group].Seats {
		if b := r.Standing(s.ID); b != nil && Positive(b.Verdict) && !b.At.Before(at) {
			by, at = b.Person, b.At
		}
	}
	return by, at
}

// secondSeat reports whether the person already answered for another seat that
// the policy does not pair with this one.
func (r *Request) secondSeat(seat, person string) bool {
	return slices.ContainsFunc(r.Ballots, func(b Ballot) bool {
		return b.Person == person && b.Seat != seat && !b.TakenBack && !b.Void && !b.ForVendor && !r.Policy.Paired(seat, b.Seat)
	})
}

// form refuses answers that lack what their verdict needs.
func (r *Request) form(out *Outcome, seat Seat, a Answer, now time.Time) Refusal {
	if !slices.Contains(r.Verdicts(), a.Verdict) {
		return WrongVerdict
	}
	needsReason := a.Verdict == Changes || a.Verdict == Reject || slices.Contains(r.Reasoned, a.Verdict)
	if needsReason && a.Written.Empty() {
		return NeedsReason
	}
	if slices.Contains(r.ToVendor, a.Verdict) && a.Written.Vendor == "" {
		return NeedsWords
	}
	if a.ForVendor && a.Written.Empty() {
		return NeedsSource
	}
	if why := r.content(out, a, now); why != "" {
		return why
	}
	if r.undeclared(a.Person) && !slices.Contains(a.Attest, r.Declaration) {
		out.Missing = []string{r.Declaration}
		return NeedsInterest
	}
	if Positive(a.Verdict) {
		for _, want := range seat.Attest {
			if !slices.Contains(a.Attest, want) {
				out.Missing = append(out.Missing, want)
			}
		}
		if len(out.Missing) > 0 {
			return NeedsAttest
		}
	}
	return ""
}

// content refuses answers that lack what the request asks to be filled in, delivered,
// found, scored or read. Missing names what.
func (r *Request) content(out *Outcome, a Answer, now time.Time) Refusal {
	filled := r.Sheet && Positive(a.Verdict)
	if filled || a.Verdict == Checked {
		out.Missing = r.unfound(a)
		if len(out.Missing) > 0 {
			return NeedsFindings
		}
		out.Missing = r.tooFar(a, now)
		if len(out.Missing) > 0 {
			return TooFar
		}
	}
	if (filled || a.Verdict == Delivered) && len(a.Documents) == 0 { // what is filled in comes as a document
		return NeedsDocument
	}
	if r.Kind == Rating && len(r.Criteria) > 0 && Positive(a.Verdict) {
		out.Missing = r.unscored(a.Scores)
		if len(out.Missing) > 0 {
			return NeedsScores
		}
	}
	if len(a.Read) > 0 {
		out.Missing = r.unsaid(a.Version, a.Read)
	}
	if len(out.Missing) > 0 {
		return NoSection
	}
	return ""
}

func (r *Request) refuse(out Outcome, why Refusal, id, person string, now time.Time) (Outcome, []Fact) {
	out.Status, out.Refusal, out.State = Refused, why, r.state(now)
	recorded := out.clone()
	return out, []Fact{{Kind: FactRefused, Request: r.ID, At: now, Seat: out.Seat, Person: person, Answer: id, Outcome: &recorded}}
}

// state is the request's state at now, from its closing once it is closed.
func (r *Request) state(now time.Time) State {
	if r.Closed != nil {
		return r.Closed.State
	}
	return r.Tally(now).State
}

// after is the state that the request would have with the facts applied.
func (r *Request) after(facts []Fact, now time.Time) State {
	c := r.fork()
	c.Fold(facts)
	return c.state(now)
}
