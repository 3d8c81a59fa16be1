package web

import (
	"context"
	"net/http"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Collector opens the collection of a data processing agreement as a case of its
// own. A Desk that is one has the call; Invalid, Forbidden.
type Collector interface {
	OpenDPA(ctx context.Context, i playbook.DPAIntake) (caseID string, err error)
}

// PartOpener opens a due diligence, a pilot or a contract review as a case of its own.
// A Desk that is one has the call; Invalid, Forbidden.
type PartOpener interface {
	OpenPart(ctx context.Context, part playbook.Process, i playbook.Intake) (caseID string, err error)
}

// apiVendorRoutes are the calls about the vendor's people and what came from them.
// Filing in the vendor's place is an answer: POST /api/answer with forVendor.
//
//	GET  /api/contacts?case=            [playbook.Contact]
//	POST /api/contacts                  {"case", "name", "mail", "phone", "role"}; playbook.Contact
//	POST /api/contacts/confirm          {"case", "contact"}; {}
//	POST /api/contacts/end              {"case", "contact"}; {}
//	POST /api/contacts/revoke           {"case", "contact"}; {"links"}: how many ended
//	GET  /api/arrivals?case=            [arrivals.Arrival]: the mails that came, and what became of each
//	GET  /api/reading?case=&digest=     engagement.Reading: what was found in a document
//	GET  /api/offers?case=              [access.AwayOffer]
//	POST /api/offers/take               {"id"}; {}
//	POST /api/dpa                       playbook.DPAIntake; {"case"}
//	POST /api/diligence                 playbook.Intake; {"case"}
//	POST /api/pilot                     playbook.Intake; {"case"}
//	POST /api/contract                  playbook.Intake; {"case"}
func (s *server) apiVendorRoutes() []route {
	return []route{
		{"GET /api/contacts", s.api(s.aside(s.apiContacts))},
		{"POST /api/contacts", s.api(s.aside(s.apiAddContact))},
		{"POST /api/contacts/confirm", s.api(s.aside(s.apiConfirmContact))},
		{"POST /api/contacts/end", s.api(s.aside(s.apiEndContact))},
		{"POST /api/contacts/revoke", s.api(s.aside(s.apiRevokeLinks))},
		{"GET /api/arrivals", s.api(s.aside(s.apiArrivals))},
		{"GET /api/reading", s.api(s.aside(s.apiReading))},
		{"GET /api/offers", s.api(s.aside(s.apiOffers))},
		{"POST /api/offers/take", s.api(s.aside(s.apiTakeOffer))},
		{"POST /api/dpa", s.api(s.apiOpenDPA)},
		{"POST /api/diligence", s.api(s.apiOpenPart(playbook.Diligence))},
		{"POST /api/pilot", s.api(s.apiOpenPart(playbook.Pilot))},
		{"POST /api/contract", s.api(s.apiOpenPart(playbook.Contract))},
	}
}

// aside answers where the vendor's people are looked after here.
func (s *server) aside(do apiCall) apiCall {
	return func(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
		if s.o.VendorSide == nil {
			return nil, noVendorSide()
		}
		return do(w, r, who)
	}
}

func noVendorSide() error {
	return plainFault{http.StatusNotFound, "the vendor's people are not looked after here", "the command line and this server may be of different versions"}
}

// named is the case that a call is about.
func named(r *http.Request) (string, error) {
	id := r.FormValue("case")
	if id == "" {
		return "", badCall("no case is named")
	}
	return id, nil
}

func (s *server) apiContacts(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	id, err := named(r)
	if err != nil {
		return nil, err
	}
	return list(s.o.VendorSide.ContactsOf(r.Context(), who, id))
}

func (s *server) apiAddContact(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	var in struct {
		Case  string `json:"case"`
		Name  string `json:"name"`
		Mail  string `json:"mail"`
		Phone string `json:"phone"`
		Role  string `json:"role"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return nil, err
	}
	if in.Case == "" || in.Name == "" || in.Mail == "" {
		return nil, badCall("no case, name and mail address are named")
	}
	return s.o.VendorSide.AddContact(r.Context(), who, in.Case, playbook.Contact{Name: tidy(in.Name), Mail: in.Mail, Phone: in.Phone, Role: tidy(in.Role)})
}

// contactNamed reads which contact of which case is meant.
func contactNamed(w http.ResponseWriter, r *http.Request) (caseID, contact string, err error) {
	var in struct {
		Case    string `json:"case"`
		Contact string `json:"contact"`
	}
	err = readJSON(w, r, &in)
	if err == nil && (in.Case == "" || in.Contact == "") {
		err = badCall("no case and contact are named")
	}
	return in.Case, in.Contact, err
}

func (s *server) apiConfirmContact(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	caseID, contact, err := contactNamed(w, r)
	if err != nil {
		return nil, err
	}
	return struct{}{}, s.o.VendorSide.ConfirmContact(r.Context(), who, caseID, contact)
}

func (s *server) apiEndContact(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	caseID, contact, err := contactNamed(w, r)
	if err != nil {
		return nil, err
	}
	return struct{}{}, s.o.VendorSide.EndContact(r.Context(), who, caseID, contact)
}

func (s *server) apiRevokeLinks(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	caseID, contact, err := contactNamed(w, r)
	if err != nil {
		return nil, err
	}
	n, err := s.o.VendorSide.RevokeLinks(r.Context(), who, caseID, contact)
	return map[string]int{"links": n}, err
}

func (s *server) apiArrivals(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	id, err := named(r)
	if err != nil {
		return nil, err
	}
	return list(s.o.VendorSide.ArrivalsOf(r.Context(), who, id))
}

func (s *server) apiReading(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	id, err := named(r)
	if err != nil {
		return nil, err
	}
	digest := r.FormValue("digest")
	if !isDigest(digest) {
		return nil, badCall("no document is named")
	}
	return s.o.VendorSide.ReadingOf(r.Context(), who, id, digest)
}

func (s *server) apiOffers(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	id, err := named(r)
	if err != nil {
		return nil, err
	}
	return list(s.o.VendorSide.Offers(r.Context(), who, id))
}

func (s *server) apiTakeOffer(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	var in struct {
		ID string `json:"id"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return nil, err
	}
	if in.ID == "" {
		return nil, badCall("no offer is named")
	}
	return struct{}{}, s.o.VendorSide.TakeOffer(r.Context(), who, in.ID)
}

func (s *server) apiOpenDPA(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	var in playbook.DPAIntake
	if err := readJSON(w, r, &in); err != nil {
		return nil, err
	}
	if in.ID == "" {
		return nil, badCall("the intake has no id")
	}
	c, can := s.desk.(Collector)
	if !can {
		return nil, plainFault{http.StatusNotFound, "no agreements are collected here", "the command line and this server may be of different versions"}
	}
	in.From = who
	id, err := c.OpenDPA(r.Context(), in)
	return map[string]string{"case": id}, err
}

func (s *server) apiOpenPart(part playbook.Process) apiCall {
	return func(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
		var in playbook.Intake
		if err := readJSON(w, r, &in); err != nil {
			return nil, err
		}
		if in.ID == "" {
			return nil, badCall("the intake has no id")
		}
		opener, can := s.desk.(PartOpener)
		if !can {
			return nil, plainFault{http.StatusNotFound, "nothing of an onboarding is opened alone here", "the command line and this server may be of different versions"}
		}
		in.From = who
		id, err := opener.OpenPart(r.Context(), part, in)
		return map[string]string{"case": id}, err
	}
}
