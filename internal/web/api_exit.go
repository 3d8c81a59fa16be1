package web

import (
	"context"
	"net/http"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// Leaver leaves vendors who work. A Desk that is one has the calls; Invalid, Forbidden.
type Leaver interface {
	// OpenExit opens the case of an exit; the same order's id opens one case only.
	OpenExit(ctx context.Context, who review.Address, o dossier.ExitOrder) (caseID string, err error)
	// PreviewExit says what it would come to, and does nothing.
	PreviewExit(ctx context.Context, who review.Address, o dossier.ExitOrder) (dossier.ExitPreview, error)
	// LeftBy reports whether the vendor of an onboarding that ended live was left since, and
	// by which exit: empty for somebody who may not see that.
	LeftBy(ctx context.Context, who review.Address, onBoard string) (exit string, left bool, err error)
}

// apiExitRoutes are the calls by which a vendor is left.
//
//	POST /api/exit                      dossier.ExitOrder; {"case"}
//	POST /api/exit/preview              dossier.ExitOrder; dossier.ExitPreview: nothing is done
func (s *server) apiExitRoutes() []route {
	return []route{{"POST /api/exit", s.api(s.apiExit)}, {"POST /api/exit/preview", s.api(s.apiPreviewExit)}}
}

func (s *server) apiExit(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	l, o, err := s.exitCall(w, r)
	if err != nil {
		return nil, err
	}
	if o.ID == "" || o.Confirm == "" {
		return nil, badCall("the order lacks its id or the typed name")
	}
	id, err := l.OpenExit(r.Context(), who, o)
	return struct {
		Case string `json:"case"`
	}{id}, err
}

func (s *server) apiPreviewExit(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	l, o, err := s.exitCall(w, r)
	if err != nil {
		return nil, err
	}
	return l.PreviewExit(r.Context(), who, o)
}

// exitCall reads an order, where vendors are left here.
func (s *server) exitCall(w http.ResponseWriter, r *http.Request) (Leaver, dossier.ExitOrder, error) {
	var o dossier.ExitOrder
	if err := readJSON(w, r, &o); err != nil {
		return nil, o, err
	}
	o.Reason = tidy(o.Reason)
	if o.Vendor == "" {
		return nil, o, badCall("no vendor is named")
	}
	l, can := s.desk.(Leaver)
	if !can {
		return nil, o, noExits()
	}
	return l, o, nil
}

func noExits() error {
	return plainFault{http.StatusNotFound, "no vendors are left here", "the command line and this server may be of different versions"}
}
