package review

import "slices"

// Clone returns a copy that shares nothing with r.
func (r *Request) Clone() Request {
	c := r.fork()
	c.Options = slices.Clone(r.Options)
	c.Reasoned = slices.Clone(r.Reasoned)
	c.ToVendor = slices.Clone(r.ToVendor)
	c.Filers = slices.Clone(r.Filers)
	c.Points = slices.Clone(r.Points)
	for i := range c.Points {
		c.Points[i].Proposed = slices.Clone(c.Points[i].Proposed)
	}
	c.Policy = r.Policy.clone()
	for i := range c.Versions {
		c.Versions[i] = c.Versions[i].clone()
	}
	for i := range c.Ballots {
		c.Ballots[i] = c.Ballots[i].clone()
	}
	for i := range c.Attempts {
		c.Attempts[i].Outcome = c.Attempts[i].Outcome.clone()
	}
	for i := range c.Acts {
		c.Acts[i].Outcome = c.Acts[i].Outcome.clone()
	}
	return c
}

// fork returns a copy that facts can be folded into without r changing. It
// shares what no fact ever changes, since every answer is tried on a fork.
func (r *Request) fork() Request {
	c := *r
	c.Seatings = slices.Clone(r.Seatings)
	for i := range c.Seatings {
		c.Seatings[i].Holders = slices.Clone(c.Seatings[i].Holders)
	}
	c.Clocks = slices.Clone(r.Clocks)
	for i := range c.Clocks {
		c.Clocks[i].Still = slices.Clone(c.Clocks[i].Still)
	}
	c.Versions = slices.Clone(r.Versions)
	c.Ballots = slices.Clone(r.Ballots)
	c.Recused = slices.Clone(r.Recused)
	c.Attempts = slices.Clone(r.Attempts)
	c.Acts = slices.Clone(r.Acts)
	c.Told = slices.Clone(r.Told)
	if r.Closed != nil {
		closed := *r.Closed
		c.Closed = &closed
	}
	return c
}

func (p Policy) clone() Policy {
	p.Groups = slices.Clone(p.Groups)
	for i := range p.Groups {
		p.Groups[i].Seats = slices.Clone(p.Groups[i].Seats)
		for j := range p.Groups[i].Seats {
			s := &p.Groups[i].Seats[j]
			s.Scope, s.Attest = slices.Clone(s.Scope), slices.Clone(s.Attest)
		}
	}
	p.Pairs = slices.Clone(p.Pairs)
	return p
}

func (v Version) clone() Version {
	v.Touched = slices.Clone(v.Touched)
	for i := range v.Touched {
		v.Touched[i].Seats = slices.Clone(v.Touched[i].Seats)
	}
	return v
}

func (b Ballot) clone() Ballot {
	b.Attest, b.Scores, b.Documents = slices.Clone(b.Attest), slices.Clone(b.Scores), slices.Clone(b.Documents)
	b.Findings = slices.Clone(b.Findings)
	for i := range b.Findings {
		b.Findings[i].Places = slices.Clone(b.Findings[i].Places)
	}
	return b
}

func (o Outcome) clone() Outcome {
	o.Missing = slices.Clone(o.Missing)
	return o
}
