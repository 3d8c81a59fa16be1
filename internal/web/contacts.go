package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"gangway/internal/access"
	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// vendorSideView is what a case page says of the vendor's people, and what whoever
// acts as the owner does about them.
type vendorSideView struct {
	Case, Vendor string
	Contacts     []contactView
	Mails        []mailView
	Offers       []offerView
	Steers       bool
	Filing       []choice // what can be filed in the vendor's place; Checked: a form
	Forms        []choice // those of them that are forms
	Nonce        string
	Form         contactForm // as it came in, when it could not be taken
	File         fileForm
}

// contactView is one of the vendor's people.
type contactView struct {
	ID, Name, Mail, Phone, Role, By string
	State, Tone                     string
	Since                           *instant
	Proposed, Active                bool
}

// mailView is a mail that came, and what became of it.
type mailView struct {
	From, What, Became, Link string
	Why                      []string
	At                       *instant
	Waits                    bool
}

// offerView is what a mailbox said of its person's being away.
type offerView struct {
	ID, Who, Taken string
	Until, At      *instant
}

// contactForm names one more of them.
type contactForm struct{ Name, Mail, Phone, Role string }

// vendorSide reads what the page says; nil where there are no contacts here.
func (s *server) vendorSide(ctx context.Context, me visitor, who names, c dossier.CaseView) (*vendorSideView, error) {
	if s.o.VendorSide == nil {
		return nil, nil
	}
	v := &vendorSideView{Case: c.ID, Vendor: cut(s.desk.VendorName(ctx, c.Vendor)), Steers: access.May(me.Person, access.Steer, &c), Nonce: newNonce()}
	now := s.nowIn(&c)
	contacts, err := s.contactsOf(ctx, me, who, c.ID)
	if err != nil {
		return nil, err
	}
	for _, x := range contacts {
		v.Contacts = append(v.Contacts, who.contact(x, me, s.o.Now()))
	}
	mails, err := s.o.VendorSide.ArrivalsOf(ctx, me.address(), c.ID)
	switch {
	case forbidden(err): // who may see the case and not its record
	case err != nil:
		return nil, fmt.Errorf("listing the mails that came: %w", err)
	}
	for _, a := range mails {
		v.Mails = append(v.Mails, who.mail(a, me, s.o.Now()))
	}
	slices.Reverse(v.Mails)
	if !v.Steers {
		return v, nil
	}
	offers, err := s.o.VendorSide.Offers(ctx, me.address(), c.ID)
	if err != nil {
		return nil, fmt.Errorf("listing what mailboxes said: %w", err)
	}
	for _, o := range offers {
		x := offerView{ID: o.ID, Who: who.of(o.Person), Until: me.at(o.Until, s.o.Now()), At: me.at(o.At, s.o.Now())}
		if o.Taken != "" {
			x.Taken = who.of(o.Taken)
		}
		v.Offers = append(v.Offers, x)
	}
	v.Filing = fileable(c, me.ID, now)
	for _, x := range v.Filing {
		if x.Checked {
			v.Forms = append(v.Forms, choice{ID: formLink(x.ID), Label: x.Label})
		}
	}
	return v, nil
}

// contactsOf lists the vendor's people of a case, and lets the page name them.
func (s *server) contactsOf(ctx context.Context, me visitor, who names, caseID string) ([]playbook.Contact, error) {
	if s.o.VendorSide == nil {
		return nil, nil
	}
	contacts, err := s.o.VendorSide.ContactsOf(ctx, me.address(), caseID)
	if err != nil {
		return nil, fmt.Errorf("listing the vendor's people: %w", err)
	}
	for _, c := range contacts {
		who.byID[c.ID] = cut(c.Name)
	}
	return contacts, nil
}

// fileable are the open requests in which something is the vendor's to deliver and
// the person may file it in the vendor's place.
func fileable(c dossier.CaseView, person string, now time.Time) []choice {
	var list []choice
	for i := range c.Requests {
		r := &c.Requests[i]
		vendors := slices.ContainsFunc(r.Policy.Seats(), func(x review.Seat) bool { return x.Role == review.VendorRole && r.Standing(x.ID) == nil })
		if r.Closed == nil && vendors && slices.Contains(r.Filers, person) && c.State == dossier.Running {
			x := choice{ID: r.ID, Label: flat(r.Title), Checked: r.Sheet}
			if d := due(r, now); !d.IsZero() {
				x.Note = "due " + d.Format("2 Jan 2006")
			}
			list = append(list, x)
		}
	}
	return list
}

// contact puts one of the vendor's people into words.
func (n names) contact(c playbook.Contact, me visitor, now time.Time) contactView {
	v := contactView{ID: c.ID, Name: cut(c.Name), Mail: cut(c.Mail), Phone: cut(c.Phone), Role: cut(c.Role), By: n.of(c.By), Since: me.at(c.Changed, now)}
	switch c.State {
	case playbook.ContactProposed:
		v.State, v.Tone, v.Proposed = "to be confirmed", "warn", true
	case playbook.ContactActive:
		v.State, v.Tone, v.Active = "active", "good", true
	default:
		v.State, v.Tone = "ended", "quiet"
	}
	return v
}

func (n names) mail(a arrivals.Arrival, me visitor, now time.Time) mailView {
	v := mailView{What: arrivalWords(a.Kind), At: me.at(a.Came, now), Waits: a.State != arrivals.Settled}
	if v.Waits {
		v.What = "being read"
	}
	if a.Person != "" {
		v.From = n.of(a.Person)
	}
	if a.Request != "" {
		v.Link = requestLink(a.Request)
	}
	if a.Outcome != "" {
		v.Became = human(a.Outcome)
	}
	for _, w := range a.Why {
		v.Why = append(v.Why, whyWords(w))
	}
	return v
}

// sideAgain shows the case once more, with what was typed into one of the forms of
// the vendor's side.
func (s *server) sideAgain(w http.ResponseWriter, r *http.Request, me visitor, caseID, wrong string, status int, fill func(*vendorSideView)) error {
	return s.renderCaseWith(w, r, me, status, caseID, actForm{}, wrong, func(p *casePage) {
		if p.Side != nil && fill != nil {
			fill(p.Side)
		}
	})
}

// actOnContact adds, confirms, ends or cuts off one of the vendor's people, or
// believes a mailbox.
func (s *server) actOnContact(w http.ResponseWriter, r *http.Request, me visitor) error {
	side, get := s.o.VendorSide, r.PostForm.Get
	if side == nil {
		return missing("page")
	}
	caseID, contact := get("case"), get("contact")
	if caseID == "" || !isPlain(caseID) || !isPlain(contact) {
		return badForm("the form names no case")
	}
	ctx, who := r.Context(), me.address()
	f := contactForm{flat(tidy(get("name"))), tidy(get("mail")), flat(tidy(get("phone"))), flat(tidy(get("role")))}
	var err error
	switch get("act") {
	case "add":
		if f.Name == "" || !isMail(f.Mail) {
			return s.sideAgain(w, r, me, caseID, "Write the name and the mail address, such as sam@company.example.", http.StatusUnprocessableEntity, func(v *vendorSideView) { v.Form = f })
		}
		_, err = side.AddContact(ctx, who, caseID, playbook.Contact{Name: f.Name, Mail: f.Mail, Phone: f.Phone, Role: f.Role})
	case "confirm":
		err = side.ConfirmContact(ctx, who, caseID, contact)
	case "end":
		err = side.EndContact(ctx, who, caseID, contact)
	case "revoke":
		_, err = side.RevokeLinks(ctx, who, caseID, contact)
	case "take-offer":
		err = side.TakeOffer(ctx, who, get("offer"))
	default:
		return badForm("the form says nothing that can be done here")
	}
	if err != nil {
		told := s.report(r, err)
		if told.Status != http.StatusUnprocessableEntity {
			return fmt.Errorf("changing the vendor's people: %w", err)
		}
		return s.sideAgain(w, r, me, caseID, sentence(told), told.Status, func(v *vendorSideView) { v.Form = f })
	}
	http.Redirect(w, r, caseLink(caseID)+"#contacts", http.StatusSeeOther)
	return nil
}

// arrivalWords say what a mail turned out to be.
func arrivalWords(k arrivals.Kind) string {
	switch k {
	case arrivals.Decision:
		return "an answer"
	case arrivals.Delivered:
		return "a delivery"
	case arrivals.Comment:
		return "a comment, which decides nothing"
	case arrivals.Away:
		return "an out-of-office"
	case arrivals.Automatic:
		return "an automatic message"
	case arrivals.Bounce:
		return "a mail of ours that could not be delivered"
	case arrivals.Stray:
		return "a mail that belongs to nothing"
	case arrivals.Unsafe:
		return "a mail that is too large or too deep to be read"
	}
	return human(string(k))
}

// whyWords say what kept a mail from deciding.
func whyWords(w arrivals.Why) string {
	switch w {
	case arrivals.NoToken:
		return "it went to no address of a request"
	case arrivals.OldToken:
		return "what it answers is closed, or has a newer version"
	case arrivals.NotAddressee:
		return "it came from another address than the one we asked"
	case arrivals.ManySenders:
		return "it names not exactly one sender"
	case arrivals.NotAligned:
		return "nothing proves that the sender’s domain sent it"
	case arrivals.SaysFail:
		return "our mail server says that its sender is forged"
	case arrivals.IsAutomatic:
		return "no person wrote it"
	case arrivals.Unclear:
		return "its first line is none of the words that count"
	case arrivals.NeedsMore:
		return "the answer needs more than a line of mail"
	case arrivals.CommentOnly:
		return "this step takes comments by mail and no decisions"
	case arrivals.NotKnown:
		return "nobody on record has its address"
	case arrivals.TooBig:
		return "it is too large"
	case arrivals.TooDeep:
		return "it has too many parts within parts"
	case arrivals.BadDocument:
		return "what was attached could not be taken"
	}
	return human(string(w))
}
