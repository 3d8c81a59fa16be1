package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Outsiders is what the client's people do about somebody of neither side, who reads
// one document and says what they think of it.
type Outsiders interface {
	// OutsidersOf are those who were ever named in a case, for whoever may see it.
	OutsidersOf(ctx context.Context, who review.Address, caseID string) ([]playbook.Contact, error)
	// NameOutside names one for a seat of a request that is theirs to hold; Invalid.
	// EndOutside takes one off it. Both are for the case owner; Forbidden, NotFound.
	NameOutside(ctx context.Context, who review.Address, request, seat string, c playbook.Contact) (playbook.Contact, error)
	EndOutside(ctx context.Context, who review.Address, caseID, id string) error
}

// outsidersView is what a case page says of people of neither side; nil where nothing
// in the case is for them.
type outsidersView struct {
	Case  string
	Named []outsiderView
	Seats []choice // that nobody was named for
	Owner bool     // whose forms they are
	Form  contactForm
	Seat  string
}

// outsiderView is one of them.
type outsiderView struct {
	ID, Name, Mail, By, Seat, Title, Link, Said, State, Tone string
	Since                                                    *instant
	Active                                                   bool
}

// outsidersFor reads who was named, and lets the page call them by their names.
func (s *server) outsidersFor(ctx context.Context, me visitor, who names, c *dossier.CaseView) (*outsidersView, error) {
	if s.o.VendorSide == nil {
		return nil, nil
	}
	list, err := s.outsidersOf(ctx, me, who, c.ID)
	if err != nil {
		return nil, err
	}
	now := s.nowIn(c)
	v := &outsidersView{Case: c.ID, Owner: c.State == dossier.Running && access.May(me.Person, access.Steer, c)}
	taken := map[string]bool{}
	for _, x := range list {
		v.Named = append(v.Named, who.outsider(x, c, me, s.o.Now()))
		if x.State == playbook.ContactActive {
			taken[x.Process+"|"+x.Seat] = true
		}
	}
	for i := range c.Requests {
		r := &c.Requests[i]
		if r.Closed != nil {
			continue
		}
		for _, seat := range r.Policy.Seats() {
			if seat.Role == review.OutsideRole && !taken[r.Process+"|"+seat.ID] && r.Standing(seat.ID) == nil {
				x := choice{ID: r.ID + "|" + seat.ID, Label: human(seat.ID) + " in " + flat(r.Title)}
				if d := due(r, now); !d.IsZero() {
					x.Note = "due " + d.In(me.zone).Format("2 Jan 2006")
				}
				v.Seats = append(v.Seats, x)
			}
		}
	}
	if len(v.Named)+len(v.Seats) == 0 {
		return nil, nil
	}
	return v, nil
}

// outsidersOf lists people of neither side of a case, and lets the page name them.
func (s *server) outsidersOf(ctx context.Context, me visitor, who names, caseID string) ([]playbook.Contact, error) {
	if s.o.VendorSide == nil {
		return nil, nil
	}
	list, err := s.o.VendorSide.OutsidersOf(ctx, me.address(), caseID)
	if err != nil {
		return nil, fmt.Errorf("listing who reads from outside: %w", err)
	}
	for _, x := range list {
		who.byID[x.ID] = cut(x.Name)
	}
	return list, nil
}

func (n names) outsider(x playbook.Contact, c *dossier.CaseView, me visitor, now time.Time) outsiderView {
	v := outsiderView{ID: x.ID, Name: cut(x.Name), Mail: cut(x.Mail), By: n.of(x.By), Seat: human(x.Seat), State: "ended", Tone: "quiet", Since: me.at(x.Changed, now)}
	if x.State == playbook.ContactActive {
		v.State, v.Tone, v.Active = "asked", "open", true
	}
	for i := range c.Requests {
		r := &c.Requests[i]
		seat, _, ok := r.Seat(x.Seat)
		if r.Process != x.Process || !ok || seat.Role != review.OutsideRole {
			continue
		}
		v.Title, v.Link = cut(r.Title), requestLink(r.ID)
		if b := r.Standing(x.Seat); b != nil && b.Person == x.ID {
			v.Said = playbook.Said(b.Verdict)
			if v.Active {
				v.State, v.Tone = "answered", "good"
			}
		}
	}
	return v
}

// actOnOutsider names somebody of neither side, or ends them.
func (s *server) actOnOutsider(w http.ResponseWriter, r *http.Request, me visitor) error {
	side, get := s.o.VendorSide, r.PostForm.Get
	if side == nil {
		return missing("page")
	}
	caseID, id := get("case"), get("contact")
	if caseID == "" || !isPlain(caseID) || !isPlain(id) {
		return badForm("the form names no case")
	}
	f, seat := contactForm{Name: flat(tidy(get("name"))), Mail: tidy(get("mail"))}, get("seat")
	again := func(wrong string, status int) error {
		return s.renderCaseWith(w, r, me, status, caseID, actForm{}, wrong, func(p *casePage) {
			if p.Outsiders != nil {
				p.Outsiders.Form, p.Outsiders.Seat = f, seat
			}
		})
	}
	var err error
	switch get("act") {
	case "name":
		request, of, found := strings.Cut(seat, "|")
		switch {
		case !found || !isPlain(seat):
			return again("Pick what they are to read.", http.StatusUnprocessableEntity)
		case f.Name == "" || !isMail(f.Mail):
			return again("Write the name and the mail address, such as sam@chambers.example.", http.StatusUnprocessableEntity)
		}
		_, err = side.NameOutside(r.Context(), me.address(), request, of, playbook.Contact{Name: f.Name, Mail: f.Mail})
	case "end":
		err = side.EndOutside(r.Context(), me.address(), caseID, id)
	default:
		return badForm("the form says nothing that can be done here")
	}
	if err != nil {
		told := s.report(r, err)
		if told.Status != http.StatusUnprocessableEntity {
			return fmt.Errorf("changing who reads from outside: %w", err)
		}
		return again(sentence(told), told.Status)
	}
	http.Redirect(w, r, caseLink(caseID)+"#outside", http.StatusSeeOther)
	return nil
}
