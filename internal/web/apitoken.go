package web

import (
	"fmt"
	"net/http"
	"time"

	"gangway/internal/access"
	"gangway/internal/review"
)

// apiMe is who the caller is: with a token the command line doesn't know.
func (s *server) apiMe(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	p, err := s.desk.Who(r.Context(), who)
	if err != nil {
		return nil, fmt.Errorf("asking who calls: %w", err)
	}
	return map[string]string{"id": p.ID, "name": p.Name}, nil
}

// gate is the Gate for a call about tokens.
func (s *server) gate() (Gate, error) {
	if s.o.Gate == nil {
		return nil, plainFault{http.StatusNotFound, "this gangway has no tokens", "name the person who acts with --as PERSON"}
	}
	return s.o.Gate, nil
}

func (s *server) apiTokens(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	gate, err := s.gate()
	if err != nil {
		return nil, err
	}
	return list(gate.Tokens(r.Context(), who.ID))
}

// apiMakeToken makes one more token, for the one whose token asks.
func (s *server) apiMakeToken(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	gate, err := s.gate()
	if err != nil {
		return nil, err
	}
	var in struct {
		Name  string    `json:"name"`
		Until time.Time `json:"until"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return nil, err
	}
	in.Name = tidy(in.Name)
	if in.Until.IsZero() {
		in.Until = s.o.Now().Add(access.TokenFor)
	}
	if wrong := wrongToken(in.Name, in.Until, s.o.Now()); wrong != "" {
		return nil, plainFault{http.StatusUnprocessableEntity, wrong, ""}
	}
	secret, t, err := gate.NewToken(r.Context(), who.ID, in.Name, in.Until)
	if err != nil {
		return nil, err
	}
	return struct {
		Token  access.Token `json:"token"`
		Secret string       `json:"secret"`
	}{t, secret}, nil
}

func (s *server) apiRevokeToken(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	gate, err := s.gate()
	if err != nil {
		return nil, err
	}
	var in struct {
		ID string `json:"id"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return nil, err
	}
	if in.ID == "" || !isPlain(in.ID) {
		return nil, badCall("no token is named")
	}
	return struct{}{}, gate.RevokeToken(r.Context(), who.ID, in.ID)
}
