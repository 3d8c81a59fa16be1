package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"gangway/internal/access"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// maxSecret bounds what is taken for a session's, a link's or a token's secret
// before the Gate is asked; ours have 26 to 60 letters.
const maxSecret = 200

// caller is who speaks to /api: the person of a token, or whoever Gangway-As
// names where one picks a person. No cookie is looked at.
func (s *server) caller(r *http.Request) (review.Address, error) {
	if name := r.Header.Get("Gangway-As"); s.o.PickPerson && (name != "" || s.o.Gate == nil || bearer(r) == "") {
		return s.namedCaller(r, name)
	}
	p, _, err := s.tokenCaller(r)
	if err != nil {
		return review.Address{}, err
	}
	if name := r.Header.Get("Gangway-As"); name != "" && name != p.ID { // silence would be an act in another name than the one that was meant
		return review.Address{}, plainFault{http.StatusForbidden, fmt.Sprintf("this token does not speak for %q", flat(name)), "leave out --as and GANGWAY_AS, or use that person's own token"}
	}
	return review.Address{Channel: apiChannel, ID: p.ID}, nil
}

// namedCaller believes a name.
func (s *server) namedCaller(r *http.Request, name string) (review.Address, error) {
	who := review.Address{Channel: apiChannel, ID: name}
	if name == "" {
		return who, plainFault{http.StatusUnauthorized, "nobody is named", "say who acts with --as PERSON"}
	}
	if !isPlain(name) {
		return who, plainFault{http.StatusUnauthorized, "this is nobody's id", "say who acts with --as PERSON"}
	}
	p, err := s.desk.Who(r.Context(), who)
	switch {
	case gone(err):
		return who, plainFault{http.StatusUnauthorized, fmt.Sprintf("there is no person %q", flat(name)), "list them with: gangway people list --as SOMEBODY; or see the sign-in page"}
	case err != nil:
		return who, fmt.Errorf("asking who acts: %w", err)
	case p.Left:
		return who, plainFault{http.StatusForbidden, fmt.Sprintf("%q is no longer with us", flat(name)), "act as somebody who is"}
	}
	return who, nil
}

// tokenCaller asks the Gate who a token stands for.
func (s *server) tokenCaller(r *http.Request) (playbook.Person, access.Token, error) {
	var p playbook.Person
	var t access.Token
	const how = "make a token in the browser, under your name, and give it in GANGWAY_TOKEN or with --token-file"
	if s.o.Gate == nil {
		return p, t, plainFault{http.StatusUnauthorized, "this gangway takes neither names nor tokens", "answer in the browser"}
	}
	secret := bearer(r)
	switch {
	case secret == "" && r.Header.Get("Gangway-As") != "":
		return p, t, plainFault{http.StatusUnauthorized, "this gangway takes no name for a person", how}
	case secret == "":
		return p, t, plainFault{http.StatusUnauthorized, "no token was sent", how}
	case !isSecret(secret) || !strings.HasPrefix(secret, "gwt_"):
		return p, t, plainFault{http.StatusUnauthorized, "this is no token of ours", how}
	}
	p, t, err := s.o.Gate.TokenOf(r.Context(), secret)
	switch {
	case gone(err):
		return p, t, plainFault{http.StatusUnauthorized, "this token is not known, has ended or was revoked", how}
	case err != nil:
		return p, t, fmt.Errorf("asking whose token this is: %w", err)
	case p.Left:
		return p, t, plainFault{http.StatusForbidden, "this token's person is no longer with us", "act as somebody who is"}
	}
	return p, t, nil
}

// bearer is the token in Authorization (RFC 6750 section 2.1), empty without.
func bearer(r *http.Request) string {
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(secret)
}

// isSecret keeps what is asked of the Gate to the letters that secrets have.
func isSecret(text string) bool {
	return text != "" && len(text) <= maxSecret && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' && r != '-' && r != '.' && r != '~'
	})
}

// limited reports an error that says to come back later.
func limited(err error) bool {
	var l interface{ Limited() bool }
	return errors.As(err, &l) && l.Limited()
}
