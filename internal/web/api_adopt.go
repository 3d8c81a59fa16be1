package web

import (
	"context"
	"net/http"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// Adopter takes in vendors who work already. A Desk that is one has the call;
// Invalid, Forbidden.
type Adopter interface {
	Adopt(ctx context.Context, who review.Address, o dossier.AdoptOrder) (dossier.Adoption, error)
}

// apiAdoptRoutes is the call that takes in vendors who work already.
//
//	POST /api/adopt                     dossier.AdoptOrder; dossier.Adoption
func (s *server) apiAdoptRoutes() []route {
	return []route{{"POST /api/adopt", s.api(s.apiAdopt)}}
}

func (s *server) apiAdopt(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	var in dossier.AdoptOrder
	if err := readJSON(w, r, &in); err != nil {
		return nil, err
	}
	if in.CSV == "" {
		return nil, badCall("no file was sent")
	}
	a, can := s.desk.(Adopter)
	if !can {
		return nil, plainFault{http.StatusNotFound, "no vendors are adopted here", "the command line and this server may be of different versions"}
	}
	return a.Adopt(r.Context(), who, in)
}
