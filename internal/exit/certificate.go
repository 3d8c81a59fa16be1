package exit

import (
	"fmt"
	"slices"
	"time"
)

// Blocks reports whether a matter keeps the certificate from being issued: it is not
// done, or nothing shows that it is; or it is waived by nobody, for ever, or only until a
// day that has come.
func (m Matter) Blocks(now time.Time) bool {
	switch m.State {
	case StateDone:
		return !m.shown()
	case StateNotNeeded:
		return false
	case StateWaived:
		return !m.answered() || !m.Until.After(now)
	}
	return true
}

// shown reports whether a matter that is called done names what shows it. Each step of the
// exit itself is somebody's answer, and a paper alone is none. In its parts somebody
// answered for it, or the document says so of the look that was taken: who wrote the
// repositories, where they are now, which places are clean, what was restored.
//
// Copies that gangway itself erases by a rule have neither: nobody is asked, and what they
// were is gone. Their matter says so by its Why, and the record has the erasure of each.
func (m Matter) shown() bool {
	if m.Part == PartDataReturn && m.Why == WhyErased {
		return true
	}
	return m.answered() || m.Part != PartExit && m.Document != ""
}

// answered reports whether somebody named answered for it.
func (m Matter) answered() bool { return m.By != "" && m.Answer != "" }

// Blocking are those of the matters that keep the certificate from being issued.
func Blocking(all []Matter, now time.Time) []Matter {
	return slices.DeleteFunc(slices.Clone(all), func(m Matter) bool { return !m.Blocks(now) })
}

// Rehearsed is one step of a drill, and how long it may take. On paper nobody did
// anything.
type Rehearsed struct {
	// Part is the process whose step it is; empty: the exit itself.
	Part   string    `json:"part,omitempty"`
	Step   string    `json:"step"`
	Does   string    `json:"does,omitempty"` // what it is for
	Starts time.Time `json:"starts"`
	Ends   time.Time `json:"ends"`
	// Seats are how many people would be asked, Theirs how many of them are the vendor's;
	// Waivable: somebody may say by name that we do without it.
	Seats    int  `json:"seats,omitempty"`
	Theirs   int  `json:"theirs,omitempty"`
	Waivable bool `json:"waivable,omitempty"`
	// State is what became of the task of an hour that somebody had of it: done, failed,
	// or open, since nobody had done it in time; empty: nobody was asked. Answer says so.
	State  State  `json:"state,omitempty"`
	By     string `json:"by,omitempty"`
	Answer string `json:"answer,omitempty"`
}

// Certificate says what became of everything that an exit had to see to. It is one page,
// and kept as a document.
type Certificate struct {
	Case   string `json:"case"`
	Vendor string `json:"vendor"` // slug
	Number int    `json:"number"` // counts those of the exit: the last is the one that was signed
	Order  Order  `json:"order"`
	// Began is when the exit was asked for, Returned when the point of no return was
	// passed, At when the certificate was made.
	Began    time.Time `json:"began"`
	Returned time.Time `json:"noReturn,omitzero"`
	At       time.Time `json:"at"`
	// Plan is the digest of the one that was carried out, Notice that of the receipt.
	Plan   string `json:"plan,omitempty"`
	Notice string `json:"notice,omitempty"`
	// Matters are all of them; Backups are open, and followed to their end by another case.
	Matters []Matter `json:"matters"`
	Backups []Backup `json:"backups,omitempty"`
	// Contract is the digest of the one that was read for what outlives it, Clauses what
	// was looked for in it.
	Contract string   `json:"contract,omitempty"`
	Clauses  []Clause `json:"clauses,omitempty"`
	// GivenUp is what the plan did without, as the document Without says it in words.
	GivenUp []GivenUp `json:"givenUp,omitempty"`
	Without string    `json:"without,omitempty"`
	// Drill: it is the report of a rehearsal and certifies nothing. Steps are how long each
	// may take, NoticeDays the notice period that they are held against.
	Drill      bool        `json:"drill,omitempty"`
	Steps      []Rehearsed `json:"steps,omitempty"`
	NoticeDays int         `json:"noticeDays,omitempty"`
	// Chase is what would be asked, rung by rung, of a vendor who never answered, from the
	// first day on which they owe something; Alone when we would go on without them.
	Chase []Rehearsed `json:"chase,omitempty"`
	Alone time.Time   `json:"alone,omitzero"`
}

// Clause is one that outlives the contract, or that was looked for in it and is not there.
type Clause struct {
	Point string `json:"point"` // its id in the checklist
	Title string `json:"title"` // as the playbook calls it
	// Places are where it stands, by the contract's own numbers; Until is how long it
	// binds, where the checklist asks for a day.
	Places  []string  `json:"places,omitempty"`
	Until   time.Time `json:"until,omitzero"`
	Missing bool      `json:"missing,omitempty"`
}

// Survives are the clauses that were found to outlive the contract, and those that it
// lacks.
func (c Certificate) Survives() (found, lacking []Clause) {
	for _, x := range c.Clauses {
		if x.Missing {
			lacking = append(lacking, x)
		} else {
			found = append(found, x)
		}
	}
	return found, lacking
}

// Needed is from when the notice period runs in a drill, once notice is given, until the
// vendor is needed no longer: to the cut-over, or where there is none until knowledge and
// assets have passed over.
func (c Certificate) Needed() (from, until time.Time) {
	from = c.Began
	cut := false
	for _, s := range c.Steps {
		switch {
		case s.Does == DoesNotice:
			from = s.Ends
		case s.Does == DoesCutOver:
			until, cut = s.Ends, true
		case !cut && (s.Part == PartTransfer || s.Part == PartHandover) && s.Ends.After(until):
			until = s.Ends
		}
	}
	if until.Before(from) {
		until = c.At
	}
	return from, until
}

// Issue asks for a certificate to be written down.
type Issue struct {
	Certificate Certificate `json:"certificate"`
}

// Check says why a certificate can't be issued; nil: it can. A drill's report can always
// be made: it calls nothing done.
func (c Certificate) Check() error {
	if c.Drill {
		return nil
	}
	if len(c.Matters) == 0 {
		return fmt.Errorf("nothing was seen to")
	}
	seen := map[string]bool{} // looked up only
	for _, m := range c.Matters {
		if m.ID == "" || seen[m.ID] {
			return fmt.Errorf("a matter has no id of its own")
		}
		seen[m.ID] = true
	}
	if n := len(Blocking(c.Matters, c.At)); n > 0 {
		return fmt.Errorf("%d of %d matters are open, failed or unchecked", n, len(c.Matters))
	}
	for _, b := range c.Backups {
		if b.On.IsZero() {
			return fmt.Errorf("a backup has no day on which it runs out")
		}
	}
	return nil
}

// Count is how many matters came to a state.
func (c Certificate) Count(s State) int {
	n := 0
	for _, m := range c.Matters {
		if m.State == s {
			n++
		}
	}
	return n
}
