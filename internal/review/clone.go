package review

import "slices"

// Clone returns a copy that shares nothing with r.
func (r *Request) Clone() Request {
	c := r.fork()
	c.Options = slices.Clone(r.Options)
	c.Reasoned = slices.Clone(r.Reasoned)
	c.ToVendor = slices.Clone(r.ToVendor)
	c.Filers = slices.Clone(r.Filers)
	c.Makers = slices.Clone(r.Makers)
	c.About, c.Given = slices.Clone(r.About), slices.Clone(r.Given)
	c.Points = slices.Clone(r.Points)
	for i := range c.Points {
		p := &c.Points[i]
		p.Proposed, p.Options, p.Cues = slices.Clone(p.Proposed), slices.Clone(p.Options), slices.Clone(p.Cues)
	}
	c.Criteria = slices.Clone(r.Criteria)
	for i := range c.Seatings {
		for j := range c.Seatings[i].Holders {
			h := &c.Seatings[i].Holders[j]
			h.Lacks = slices.Clone(h.Lacks)
		}
	}
	c.Policy = r.Policy.clone()
	for i := range c.Versions {
		c.Versions[i] = c.Versions[i].clone()
	}
	for i := range c.Ballots {
		c.Ballots[i] = c.Ballots[i].clone()
	}
	for i := range c.Reads {
		c.Reads[i] = c.Reads[i].clone()
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
	c.Reads = slices.Clone(r.Reads)
	c.Recused = slices.Clone(r.Recused)
	c.Declared = slices.Clone(r.Declared)
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
			s.Scope, s.Attest, s.Competence = slices.Clone(s.Scope), slices.Clone(s.Attest), slices.Clone(s.Competence)
		}
	}
	p.Pairs = slices.Clone(p.Pairs)
	return p
}

func (v Version) clone() Version {
	v.Sections, v.Changed = slices.Clone(v.Sections), slices.Clone(v.Changed)
	v.Touched = slices.Clone(v.Touched)
	for i := range v.Touched {
		v.Touched[i].Seats = slices.Clone(v.Touched[i].Seats)
	}
	return v
}

func (b Ballot) clone() Ballot {
	b.Attest, b.Scores, b.Documents = slices.Clone(b.Attest), slices.Clone(b.Scores), slices.Clone(b.Documents)
	b.Read, b.Findings = slices.Clone(b.Read), slices.Clone(b.Findings)
	for i := range b.Findings {
		f := &b.Findings[i]
		f.Places, f.Choices = slices.Clone(f.Places), slices.Clone(f.Choices)
		if f.Number != nil {
			n := *f.Number
			f.Number = &n
		}
	}
	return b
}

func (o Outcome) clone() Outcome {
	o.Missing = slices.Clone(o.Missing)
	return o
}
