package web

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// maxBounce bounds a mail server's report; one that carries the whole of one of
// our mails is far below.
const maxBounce = 1 << 20

// apiSteerRoutes are the calls about steering, people, letters and the audit.
// Steering itself is an act: POST /api/act. What a GET previews it changes
// nothing of.
//
//	GET  /api/correction?case=&field=[&value=…][&amount=]   playbook.Correction
//	GET  /api/replacement?leaver=&by=   dossier.Replacement
//	POST /api/replace                   dossier.ReplaceOrder; dossier.Replacement
//	GET  /api/question?request=         {"text"}
//	GET  /api/trouble                   {"ownerless": [case ids]}: of the first 500 cases
//	GET  /api/audit?from=&to=           dossier.AuditRow, one a line, and at the end {"rows"}:
//	                                    without that line something is missing
//	GET  /api/letters                   [outbox.Letter] that failed or of which nothing is known
//	POST /api/letters/again             {"id"}; outbox.Letter
//	POST /api/bounce                    a mail server's report as it came, as message/rfc822; {}
func (s *server) apiSteerRoutes() []route {
	return []route{
		{"GET /api/correction", s.api(s.apiCorrection)},
		{"GET /api/replacement", s.api(s.apiReplacement)},
		{"POST /api/replace", s.api(s.apiReplace)},
		{"GET /api/question", s.api(s.apiQuestion)},
		{"GET /api/trouble", s.api(s.apiTrouble)},
		{"GET /api/audit", s.api(s.apiAudit)},
		{"GET /api/letters", s.api(s.apiLetters)},
		{"POST /api/letters/again", s.api(s.apiLetterAgain)},
		{"POST /api/bounce", s.api(s.apiBounce)},
	}
}

func (s *server) apiCorrection(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	q := r.URL.Query()
	f := review.Form{Act: review.Correct, Process: q.Get("case"), Field: q.Get("field"), Values: q["value"]}
	if f.Process == "" || f.Field == "" || len(f.Values) > maxAttest {
		return nil, badCall("no case and field are named")
	}
	if text := q.Get("amount"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, badCall("the amount is no number")
		}
		f.Amount = n
	}
	return s.desk.Preview(r.Context(), who, f.ActFrom(who, s.o.Now()))
}

func (s *server) apiReplacement(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	leaver, by := r.FormValue("leaver"), r.FormValue("by")
	if leaver == "" || by == "" {
		return nil, badCall("two people are not named")
	}
	return s.desk.PreviewReplace(r.Context(), who, leaver, by)
}

func (s *server) apiReplace(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	var o dossier.ReplaceOrder
	if err := readJSON(w, r, &o); err != nil {
		return nil, err
	}
	if o.ID == "" || o.Leaver == "" || o.By == "" || o.Digest == "" {
		return nil, badCall("the order lacks its id, its people or the digest of what was shown")
	}
	o.Reason = tidy(o.Reason)
	return s.desk.ReplacePeople(r.Context(), who, o)
}

func (s *server) apiQuestion(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	id := r.FormValue("request")
	if id == "" {
		return nil, badCall("no request is named")
	}
	req, err := s.desk.Request(r.Context(), who, id)
	if err != nil {
		return nil, err
	}
	text, err := s.desk.Question(r.Context(), who, req)
	return map[string]string{"text": text}, err
}

func (s *server) apiTrouble(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	views, err := s.desk.CasePage(r.Context(), who, "", mostCases)
	if err != nil {
		return nil, err
	}
	ids, err := s.desk.Ownerless(r.Context(), who, views)
	if ids == nil {
		ids = []string{}
	}
	return map[string][]string{"ownerless": ids}, err
}

// apiAudit streams: a period may hold more than fits into memory. An error after
// the first row breaks the connection, so that nobody takes a part for the whole.
func (s *server) apiAudit(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	var bounds [2]time.Time
	for i, name := range []string{"from", "to"} {
		at, err := time.Parse(time.RFC3339, r.FormValue(name))
		if err != nil {
			return nil, badCall("the audit has no " + name)
		}
		bounds[i] = at
	}
	rows, out := 0, json.NewEncoder(w)
	begin := func() {
		w.Header().Set("Content-Type", "application/x-ndjson; charset=utf-8")
	}
	err := s.desk.Audit(r.Context(), who, bounds[0], bounds[1], func(row dossier.AuditRow) error {
		if rows == 0 {
			begin()
		}
		rows++
		if err := out.Encode(row); err != nil {
			return fmt.Errorf("sending an audit: %w", err)
		}
		return nil
	})
	switch {
	case err != nil && rows == 0:
		return nil, err
	case err != nil:
		s.report(r, err)
		panic(http.ErrAbortHandler)
	case rows == 0:
		begin()
	}
	_ = out.Encode(map[string]int{"rows": rows}) // an error: the caller went away, and misses the line
	return nil, nil
}

// postCaller is the post for whoever calls, if they look after letters.
func (s *server) postCaller(r *http.Request, who review.Address) (Post, error) {
	p, err := s.desk.Who(r.Context(), who)
	if err != nil {
		return nil, fmt.Errorf("asking who looks after letters: %w", err)
	}
	return s.postOf(p)
}

func (s *server) apiLetters(_ http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	post, err := s.postCaller(r, who)
	if err != nil {
		return nil, err
	}
	return list(post.Trouble(r.Context()))
}

func (s *server) apiLetterAgain(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	var in struct {
		ID string `json:"id"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return nil, err
	}
	if in.ID == "" {
		return nil, badCall("no letter is named")
	}
	post, err := s.postCaller(r, who)
	if err != nil {
		return nil, err
	}
	return post.Again(r.Context(), in.ID)
}

func (s *server) apiBounce(w http.ResponseWriter, r *http.Request, who review.Address) (any, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "message/rfc822" {
		return nil, plainFault{http.StatusUnsupportedMediaType, "this call takes a mail", "send it as message/rfc822"}
	}
	post, err := s.postCaller(r, who)
	if err != nil {
		return nil, err
	}
	report, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBounce))
	if err != nil {
		return nil, fmt.Errorf("reading a bounce: %w", err)
	}
	return struct{}{}, post.Bounced(r.Context(), report)
}
