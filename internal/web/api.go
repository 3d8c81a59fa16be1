package web

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// maxJSON bounds what /api takes besides documents: ten thousand people fit.
const maxJSON = 16 << 20

// apiRoutes are the door of the command line. Who speaks is in Authorization, as
// Bearer and a token; a browser's cookie counts for nothing here. Where one picks
// a person, Gangway-As names them.
//
//	GET  /api/cases[?after=][&most=]    [dossier.CaseView]: those that run first, then the newest first
//	GET  /api/case?id=                  dossier.CaseView
//	GET  /api/lines?case=               [dossier.Line]
//	GET  /api/waiting[?person=]         [review.Request]
//	GET  /api/people                    [playbook.Person]
//	GET  /api/document?case=&digest=    the bytes; Gangway-Digest, Gangway-Media
//	GET  /api/dossier?case=             the zip file
//	GET  /api/fingerprint               {"fingerprint"}
//	GET  /api/receipt?id=               {"outcome", "filed"}: filed is a dossier.Line or null
//	GET  /api/me                        {"id", "name"}
//	GET  /api/away                      [playbook.Away] of the one who asks, those that ended left out
//	POST /api/away                      {"id", "from", "until", "backup"}; [playbook.Away]; without until what stood ends
//	GET  /api/tokens                    [access.Token] of the one who asks
//	POST /api/tokens                    {"name", "until"}; {"token", "secret"}
//	POST /api/tokens/revoke             {"id"}; {}
//	POST /api/documents                 the bytes; dossier.Paper
//	POST /api/open                      playbook.Intake; {"case"}
//	POST /api/answer, /api/act          review.Form; review.Outcome
//	POST /api/people                    [playbook.Person]; {"revision", "changed"}
//
// Errors are {"error", "hint"} with a status; a refused answer is no error but
// an outcome.
func (s *server) apiRoutes() []route {
	return []route{
		{"GET /api/cases", s.api(s.apiCases)},
		{"GET /api/case", s.api(s.apiCase)},
		{"GET /api/lines", s.api(s.apiLines)},
		{"GET /api/waiting", s.api(s.apiWaiting)},
		{"GET /api/people", s.api(s.apiPeople)},
		{"GET /api/document", s.api(s.apiDocument)},
		{"GET /api/dossier", s.api(func(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
			return nil, s.sendDossier(w, r, who.ID, who.Channel, r.FormValue("case"))
		})},
		{"GET /api/fingerprint", s.api(func(_ http.ResponseWriter, r *http.Request, _ review.Address) (any, error) {
			return map[string]string{"fingerprint": s.desk.Fingerprint(r.Context())}, nil
		})},
		{"GET /api/receipt", s.api(s.apiReceipt)},
		{"GET /api/me", s.api(s.apiMe)},
		{"GET /api/away", s.api(s.apiAways)},
		{"POST /api/away", s.api(s.apiSetAway)},
		{"GET /api/tokens", s.api(s.apiTokens)},
		{"POST /api/tokens", s.api(s.apiMakeToken)},
		{"POST /api/tokens/revoke", s.api(s.apiRevokeToken)},
		{"POST /api/documents", s.api(s.apiFile)},
		{"POST /api/open", s.api(s.apiOpen)},
		{"POST /api/answer", s.api(s.apiAnswer)},
		{"POST /api/act", s.api(s.apiAct)},
		{"POST /api/people", s.api(s.apiApplyPeople)},
		{"/api/", s.api(func(http.ResponseWriter, *http.Request, review.Address) (any, error) {
			return nil, plainFault{http.StatusNotFound, "there is no such call", "the command line and this server may be of different versions"}
		})},
	}
}

// apiCall answers one call; nil without an error: it has written by itself.
type apiCall func(w http.ResponseWriter, r *http.Request, who review.Address) (any, error)

func (s *server) api(do apiCall) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := s.caller(r)
		if err != nil {
			s.fail(w, r, nil, err)
			return
		}
		value, err := do(w, r, who)
		switch {
		case err != nil:
			s.fail(w, r, nil, err)
		case value != nil:
			writeJSON(w, http.StatusOK, value)
		}
	}
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"error":"this can't be written as JSON"}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="gangway"`)
	}
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // an error: the caller went away
}

func writeFault(w http.ResponseWriter, f fault) {
	writeJSON(w, f.Status, struct {
		Error     string `json:"error"`
		Hint      string `json:"hint,omitempty"`
		Reference string `json:"reference,omitempty"`
	}{f.What, f.Hint, f.Reference})
}

// readJSON reads one value and nothing after it, and refuses fields that it does
// not know: a mistyped one would be dropped in silence.
func readJSON(w http.ResponseWriter, r *http.Request, into any) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind != "application/json" {
		return plainFault{http.StatusUnsupportedMediaType, "this call takes JSON", "send it as application/json"}
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxJSON))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something stands after the value")
		}
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	if err != nil {
		return plainFault{http.StatusBadRequest, "reading what was sent: " + err.Error(), "the command line and this server may be of different versions"}
	}
	return nil
}

// list writes an empty list as [], never as null.
func list[T any](values []T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	if values == nil {
		values = []T{}
	}
	return values, nil
}

// mostCases bounds a page of cases; one that nobody bounded has as many.
const mostCases = 500

func (s *server) apiCases(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	most := mostCases
	if text := r.FormValue("most"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mostCases {
			return nil, plainFault{http.StatusBadRequest, "this is no number of cases", "ask for 1 to " + strconv.Itoa(mostCases) + ", and for more with after="}
		}
		most = n
	}
	return list(s.desk.CasePage(r.Context(), who, r.FormValue("after"), most))
}

func (s *server) apiCase(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	id := r.FormValue("id")
	if id == "" {
		return nil, badCall("no case is named")
	}
	return s.desk.Case(r.Context(), who, id)
}

func (s *server) apiLines(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	id := r.FormValue("case")
	if id == "" {
		return nil, badCall("no case is named")
	}
	return list(s.desk.Lines(r.Context(), who, id))
}

// apiWaiting may ask for somebody else's, which only a deployment where one
// picks a person allows.
func (s *server) apiWaiting(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	if person := r.FormValue("person"); person != "" && s.o.PickPerson {
		if _, err := s.desk.Waiting(r.Context(), who); err != nil { // who may not ask for themselves asks for nobody
			return nil, err
		}
		who.ID = person
	}
	return list(s.desk.Waiting(r.Context(), who))
}

func (s *server) apiPeople(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	people, err := s.desk.People(r.Context(), who)
	return list(playbook.Own(people), err) // what a program reads it may write back as a people file
}

func (s *server) apiDocument(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	caseID, digest := r.FormValue("case"), r.FormValue("digest")
	if caseID == "" || !isDigest(digest) {
		return nil, badCall("no case and document are named")
	}
	c, err := s.desk.Case(r.Context(), who, caseID)
	if err != nil {
		return nil, err
	}
	paper, body, err := s.desk.Document(r.Context(), who, caseID, digest)
	if err != nil {
		return nil, err
	}
	defer func() { _ = body.Close() }() // only read
	s.send(w, paper, documentName(c, paper), body)
	return nil, nil
}

func (s *server) apiReceipt(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	id := r.FormValue("id")
	if id == "" {
		return nil, badCall("no answer is named")
	}
	out, line, filed, err := s.desk.Receipt(r.Context(), who, id)
	if err != nil {
		return nil, err
	}
	answer := struct {
		Outcome review.Outcome `json:"outcome"`
		Filed   *dossier.Line  `json:"filed"`
	}{Outcome: out}
	if filed {
		answer.Filed = &line
	}
	return answer, nil
}

func (s *server) apiFile(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	if r.ContentLength > s.o.MaxDocument {
		return nil, &http.MaxBytesError{Limit: s.o.MaxDocument}
	}
	body := bufio.NewReader(http.MaxBytesReader(w, r.Body, s.o.MaxDocument))
	if _, err := body.Peek(1); errors.Is(err, io.EOF) {
		return nil, emptyDocument()
	}
	return s.desk.File(r.Context(), who, body)
}

func (s *server) apiOpen(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	var in playbook.Intake
	if err := readJSON(w, r, &in); err != nil {
		return nil, err
	}
	if in.ID == "" {
		return nil, badCall("the intake has no id")
	}
	in.From = who
	id, err := s.desk.Open(r.Context(), in)
	return map[string]string{"case": id}, err
}

func (s *server) apiAnswer(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	var f review.Form
	if err := readJSON(w, r, &f); err != nil {
		return nil, err
	}
	switch {
	case f.ID == "":
		return nil, badCall("the answer has no id")
	case f.Request == "":
		return nil, badCall("the answer names no request")
	case f.Verdict == "" || f.Act != "":
		return nil, badCall("the answer says nothing")
	}
	f.Inside, f.Vendor = tidy(f.Inside), tidy(f.Vendor) // as a page's form is
	return s.desk.Answer(r.Context(), f.Answer(who, s.o.Now()))
}

func (s *server) apiAct(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	var f review.Form
	if err := readJSON(w, r, &f); err != nil {
		return nil, err
	}
	switch {
	case f.ID == "":
		return nil, badCall("the act has no id")
	case f.Request == "" && f.Process == "":
		return nil, badCall("the act names neither a request nor a process")
	case f.Act == "" || f.Verdict != "":
		return nil, badCall("the act says nothing")
	}
	f.Inside, f.Vendor = tidy(f.Inside), tidy(f.Vendor)
	return s.desk.Act(r.Context(), f.ActFrom(who, s.o.Now()))
}

func (s *server) apiApplyPeople(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	var people []playbook.Person
	if err := readJSON(w, r, &people); err != nil {
		return nil, err
	}
	revision, changed, err := s.desk.ApplyPeople(r.Context(), who, people)
	if changed == nil {
		changed = []string{}
	}
	return struct {
		Revision int      `json:"revision"`
		Changed  []string `json:"changed"`
	}{revision, changed}, err
}

func badCall(what string) error {
	return plainFault{http.StatusBadRequest, what, "the command line and this server may be of different versions"}
}
