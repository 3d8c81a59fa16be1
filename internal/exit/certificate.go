package exit

import (
	"fmt"
	"slices"
	"time"
)

// Blocks reports whether a matter keeps the certificate from being issued: it is not
// done, or waived by nobody, for ever, or only until a day that has come.
func (m Matter) Blocks(now time.Time) bool {
	switch m.State {
	case StateDone, StateNotNeeded:
		return false
	case StateWaived:
		return m.By == "" || m.Answer == "" || !m.Until.After(now)
	}
	return true
}

// Blocking are those of the matters that keep the certificate from being issued.
func Blocking(all []Matter, now time.Time) []Matter {
	return slices.DeleteFunc(slices.Clone(all), func(m Matter) bool { return !m.Blocks(now) })
}

// Rehearsed is one step of a drill on paper: nobody did anything, and this is how long it
// may take.
type Rehearsed struct {
	Step   string    `json:"step"`
	Starts time.Time `json:"starts"`
	Ends   time.Time `json:"ends"`
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
	// Drill: it is the report of a rehearsal and certifies nothing. Steps are how long each
	// may take, NoticeDays the notice period that they are held against.
	Drill      bool        `json:"drill,omitempty"`
	Steps      []Rehearsed `json:"steps,omitempty"`
	NoticeDays int         `json:"noticeDays,omitempty"`
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
