package dossier

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"gangway/internal/review"
)

// Replacement is everything that is touched when one person takes another's
// place, as it is shown before it is done.
type Replacement struct {
	Leaver string `json:"leaver"`
	By     string `json:"by"`
	// Seats that the leaver holds in open requests; what they answered stands.
	Seats []ReplacedSeat `json:"seats,omitempty"`
	// Cases that the leaver owns, stands in for or sponsors.
	Cases []ReplacedCase `json:"cases,omitempty"`
	// Requested are cases that the leaver asked for: they stay who asked.
	Requested []string `json:"requested,omitempty"`
	// Roles that the other one gets, and whose backup or manager they become.
	Roles []string `json:"roles,omitempty"`
	Named []string `json:"named,omitempty"`
	// Digest is what the order has to carry: it stands for all of the above.
	Digest string `json:"digest"`
}

// ReplacedSeat is a seat that changes hands. Delegated says from whom the leaver
// has it; Passed to whom they passed it on, who lose it with them.
type ReplacedSeat struct {
	Case      string   `json:"case"`
	Request   string   `json:"request"`
	Step      string   `json:"step"`
	Seat      string   `json:"seat"`
	Delegated string   `json:"delegated,omitempty"`
	Passed    []string `json:"passed,omitempty"`
	// Vacant: the other one may not hold it, so that the role's others are asked,
	// or the owner where there is nobody.
	Vacant bool `json:"vacant,omitempty"`
}

// ReplacedCase is a case whose owner, deputy or sponsor changes.
type ReplacedCase struct {
	Case string `json:"case"`
	As   string `json:"as"` // owner, deputy, sponsor
}

// ReplaceOrder is the order to replace somebody, as a channel sends it.
type ReplaceOrder struct {
	// ID makes it idempotent.
	ID     string `json:"id"`
	Leaver string `json:"leaver"`
	By     string `json:"by"`
	Reason string `json:"reason"`
	Digest string `json:"digest"`
}

// Replace finds what replacing somebody touches in the open cases. real is the
// instant at which it is asked.
func Replace(leaver string, by review.Person, views []CaseView, real time.Time) Replacement {
	r := Replacement{Leaver: leaver, By: by.ID}
	for i := range views {
		v := &views[i]
		for _, x := range []struct{ as, who string }{{"owner", v.Owner}, {"deputy", v.Deputy}, {"sponsor", v.Sponsor}} {
			if x.who == leaver {
				r.Cases = append(r.Cases, ReplacedCase{Case: v.ID, As: x.as})
			}
		}
		if v.Requester == leaver {
			r.Requested = append(r.Requested, v.ID)
		}
		now := v.Now(real)
		for j := range v.Requests {
			if v.Requests[j].Closed == nil {
				r.Seats = append(r.Seats, replaced(v.ID, &v.Requests[j], leaver, by, now)...)
			}
		}
	}
	return r
}

func replaced(caseID string, q *review.Request, leaver string, by review.Person, now time.Time) []ReplacedSeat {
	var seats []ReplacedSeat
	for _, id := range q.SeatsOf(leaver, now) {
		s := ReplacedSeat{Case: caseID, Request: q.ID, Step: q.Step, Seat: id, Vacant: by.Employer != "" || !q.MayHold(id, by, now)}
		for _, h := range q.Seating(id).Holders {
			switch {
			case !h.Active(now):
			case h.Person == leaver && h.Via == review.ViaDelegate:
				s.Delegated = h.From
			case h.From == leaver && h.Via == review.ViaDelegate:
				s.Passed = append(s.Passed, h.Person)
			}
		}
		seats = append(seats, s)
	}
	return seats
}

// Sign gives the replacement its digest.
func (r *Replacement) Sign() {
	r.Digest = ""
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", []any{r.Leaver, r.By, fmt.Sprint(r.Seats), fmt.Sprint(r.Cases), r.Requested, r.Roles, r.Named}))
	r.Digest = "sha256:" + hex.EncodeToString(sum[:])
}
