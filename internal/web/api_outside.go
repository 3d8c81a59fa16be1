package web

import (
	"net/http"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// apiOutsideRoutes are the calls about people of neither side. The link by which one of
// them reads goes to their own address, and is in no answer.
//
//	GET  /api/outside?case=   [playbook.Contact]: those who were ever named
//	POST /api/outside         {"request", "seat", "name", "mail"}; playbook.Contact
//	POST /api/outside/end     {"case", "contact"}; {}
func (s *server) apiOutsideRoutes() []route {
	return []route{
		{"GET /api/outside", s.api(s.aside(s.apiOutsiders))},
		{"POST /api/outside", s.api(s.aside(s.apiNameOutside))},
		{"POST /api/outside/end", s.api(s.aside(s.apiEndOutside))},
	}
}

func (s *server) apiOutsiders(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	id, err := named(r)
	if err != nil {
		return nil, err
	}
	return list(s.o.VendorSide.OutsidersOf(r.Context(), who, id))
}

func (s *server) apiNameOutside(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	var in struct {
		Request string `json:"request"`
		Seat    string `json:"seat"`
		Name    string `json:"name"`
		Mail    string `json:"mail"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return nil, err
	}
	name, mail := flat(tidy(in.Name)), tidy(in.Mail)
	switch {
	case in.Request == "" || in.Seat == "":
		return nil, badCall("no request and seat are named")
	case name == "" || !isMail(mail):
		return nil, badCall("no name and mail address are given")
	}
	return s.o.VendorSide.NameOutside(r.Context(), who, in.Request, in.Seat, playbook.Contact{Name: name, Mail: mail})
}

func (s *server) apiEndOutside(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	caseID, contact, err := contactNamed(w, r)
	if err != nil {
		return nil, err
	}
	return struct{}{}, s.o.VendorSide.EndOutside(r.Context(), who, caseID, contact)
}
