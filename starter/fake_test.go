package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/config"
	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// fakeAPI is a strict /api: it answers with recorded JSON, takes nothing that the
// real one would not take, and writes down what was sent. A file `reply` in its
// folder (a status, then a body) answers the next calls that send something; a
// file `broken` does so for those that only read.
type fakeAPI struct {
	t    *testing.T
	dir  string
	mu   sync.Mutex
	seen []string // ids of answers, as sent
}

func (f *fakeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.Header.Get("Accept") != "application/json" {
		f.t.Errorf("%s: Accept is %q", r.URL.Path, r.Header.Get("Accept"))
	}
	as := r.Header.Get("Gangway-As")
	if secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer gwt_"); ok && as == "" {
		as = secret // each person's token here is their name
	}
	i := slices.IndexFunc(people(), func(p playbook.Person) bool { return p.ID == as })
	switch {
	case i >= 0 && people()[i].Left:
		f.fault(w, http.StatusForbidden, fmt.Sprintf("%q is no longer with us", as), "act as somebody who is")
		return
	case i < 0:
		f.fault(w, http.StatusUnauthorized, fmt.Sprintf("there is no person %q", as), "list them with: gangway people list --as SOMEBODY; or see the sign-in page")
		return
	}
	if r.Method == http.MethodPost {
		f.post(w, r, as)
		return
	}
	f.get(w, r, as)
}

func (f *fakeAPI) get(w http.ResponseWriter, r *http.Request, as string) {
	if f.prepared(w, "broken") {
		return
	}
	q := r.URL.Query()
	if f.vendorGet(w, r.URL.Path, q) {
		return
	}
	switch r.URL.Path {
	case "/api/cases":
		if q.Get("most") == "" || q.Get("after") != "" {
			f.t.Errorf("cases were asked for with %v", q)
		}
		f.recorded(w, "cases.json")
	case "/api/people":
		f.recorded(w, "people.json")
	case "/api/me":
		f.json(w, map[string]string{"id": as, "name": "Somebody"})
	case "/api/away":
		f.recorded(w, "away.json")
	case "/api/tokens":
		f.json(w, tokensOf(as))
	case "/api/case":
		for _, v := range []dossier.CaseView{running(), hostile(), withdrawn(), held(), collecting(), filling(), overseeing(), winding(), readOutside()} {
			if v.ID == q.Get("id") {
				f.json(w, v)
				return
			}
		}
		f.fault(w, http.StatusNotFound, fmt.Sprintf("there is no case %q", q.Get("id")), "")
	case "/api/lines":
		f.recorded(w, "lines.json")
	case "/api/waiting":
		person := q.Get("person")
		if person == "daniel" || person == "" && as == "daniel" {
			f.recorded(w, "waiting.json")
			return
		}
		f.json(w, []review.Request{})
	case "/api/correction":
		if q.Get("case") != brightwell {
			f.fault(w, http.StatusNotFound, fmt.Sprintf("there is no case %q", q.Get("case")), "")
			return
		}
		f.json(w, correction(q.Get("field")))
	case "/api/replacement":
		if as != "maya" {
			f.fault(w, http.StatusForbidden, "this case is not for you", "ask the case owner")
			return
		}
		f.json(w, replacement(q.Get("leaver"), q.Get("by")))
	case "/api/audit":
		if q.Get("from") == "" || q.Get("to") == "" {
			f.t.Errorf("an audit was asked for with %v", q)
		}
		f.note(r, as, "", []byte(q.Get("from")+" "+q.Get("to")))
		for _, row := range audited() {
			f.json(w, row)
			f.write(w, []byte("\n"))
		}
		f.json(w, map[string]int{"rows": len(audited())})
	case "/api/letters":
		if f.operator(w, as) {
			f.json(w, lettersOf())
		}
	case "/api/fingerprint":
		f.json(w, map[string]string{"fingerprint": "gw1:aaaa-bbbb"})
	case "/api/receipt":
		f.receipt(w, q.Get("id"))
	case "/api/document":
		if q.Get("case") != brightwell || q.Get("digest") != bookDigest {
			f.fault(w, http.StatusNotFound, "there is no such document", "")
			return
		}
		_, text, err := config.Shipped("standard")
		f.raw(w, text, err)
	case "/api/dossier":
		if q.Get("case") != brightwell {
			f.fault(w, http.StatusForbidden, "this case is not for you", "ask the case owner")
			return
		}
		text, err := os.ReadFile(filepath.Join(f.dir, "served.zip"))
		f.raw(w, text, err)
	default:
		f.t.Errorf("the real server has no %s", r.URL.Path)
		f.fault(w, http.StatusNotFound, "there is no such call", "")
	}
}

// tokensOf are somebody's tokens: one that works, one that doesn't.
func tokensOf(person string) []access.Token {
	return []access.Token{{ID: "t1", Person: person, Name: "build server", Made: days(1), Until: days(90), Seen: days(6)},
		{ID: "t2", Person: person, Name: "old \x1b[2Jlaptop", Made: days(0), Until: days(30), Revoked: days(2)}}
}

func (f *fakeAPI) receipt(w http.ResponseWriter, id string) {
	counted := review.Outcome{Status: review.Counted, Seat: "legal", Version: 2, Verdict: review.Approve}
	switch id {
	case "counted":
		f.json(w, receiptJSON{Outcome: counted, Filed: &lines()[2]})
	case "fresh":
		f.json(w, receiptJSON{Outcome: counted})
	case "pending":
		f.json(w, receiptJSON{Outcome: review.Outcome{Status: review.Pending}})
	case "refused":
		f.json(w, receiptJSON{Outcome: review.Outcome{Status: review.Refused, Refusal: review.Stale}})
	default:
		f.fault(w, http.StatusNotFound, fmt.Sprintf("there is no receipt %q", id), "")
	}
}

func (f *fakeAPI) post(w http.ResponseWriter, r *http.Request, as string) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		f.t.Errorf("reading what was sent: %v", err)
	}
	if r.URL.Path == "/api/documents" {
		f.document(w, r, as, body)
		return
	}
	if r.URL.Path == "/api/bounce" {
		f.bounce(w, r, as, body)
		return
	}
	if r.Header.Get("Content-Type") != "application/json" {
		f.t.Errorf("%s: Content-Type is %q", r.URL.Path, r.Header.Get("Content-Type"))
	}
	if f.vendorPost(w, r, as, body) {
		return
	}
	var form review.Form
	switch r.URL.Path {
	case "/api/answer", "/api/act":
		f.strict(body, &form)
		if form.ID == "" || (form.Verdict == "") == (form.Act == "") || (form.Act != "") != (r.URL.Path == "/api/act") || form.Process == "" {
			f.t.Errorf("%s: a form that the server refuses: %s", r.URL.Path, body)
		}
		f.note(r, as, form.ID, body)
		if f.prepared(w, "reply") {
			return
		}
		f.json(w, review.Outcome{Status: review.Counted, Request: form.Request, Seat: form.Seat, Version: form.Version, Verdict: form.Verdict, By: as, State: review.Open})
	case "/api/open":
		var in playbook.Intake
		f.strict(body, &in)
		f.note(r, as, in.ID, body)
		if !f.prepared(w, "reply") {
			f.json(w, map[string]string{"case": "onboarding/" + in.VendorSlug() + "/1"})
		}
	case "/api/replace":
		var o dossier.ReplaceOrder
		f.strict(body, &o)
		if o.ID == "" || o.Digest == "" || o.Reason == "" {
			f.t.Errorf("an order that the server refuses: %s", body)
		}
		f.note(r, as, o.ID, body)
		if !f.prepared(w, "reply") {
			f.json(w, replacement(o.Leaver, o.By))
		}
	case "/api/letters/again":
		var in struct{ ID string }
		f.strict(body, &in)
		if !f.operator(w, as) {
			return
		}
		f.note(r, as, "", body)
		if in.ID != lettersOf()[0].ID {
			f.fault(w, http.StatusNotFound, fmt.Sprintf("there is no letter %q", in.ID), "")
			return
		}
		f.json(w, repeated())
	case "/api/away":
		var in struct {
			ID string
			playbook.Away
		}
		f.strict(body, &in)
		f.note(r, as, in.ID, body)
		if !f.prepared(w, "reply") {
			f.json(w, afterSaying(in.Away))
		}
	case "/api/tokens":
		var in struct {
			Name  string
			Until time.Time
		}
		f.strict(body, &in)
		f.note(r, as, "", body)
		if in.Until.IsZero() {
			in.Until = days(7).Add(access.TokenFor)
		}
		f.json(w, struct {
			Token  access.Token `json:"token"`
			Secret string       `json:"secret"`
		}{access.Token{ID: "t9", Person: as, Name: in.Name, Made: days(7), Until: in.Until}, "gwt_fresh"})
	case "/api/tokens/revoke":
		var in struct{ ID string }
		f.strict(body, &in)
		if in.ID != "t1" {
			f.fault(w, http.StatusNotFound, "there is no such token of yours", "")
			return
		}
		f.note(r, as, "", body)
		f.json(w, struct{}{})
	case "/api/people":
		var list []playbook.Person
		f.strict(body, &list)
		var ids []string
		for _, p := range list {
			ids = append(ids, p.ID)
		}
		f.note(r, as, "", []byte(strings.Join(ids, " ")))
		if !f.prepared(w, "reply") {
			f.json(w, map[string]any{"revision": 4, "changed": ids[:2]})
		}
	default:
		f.t.Errorf("the real server has no %s", r.URL.Path)
	}
}

// operator lets maya look after letters, and nobody else.
func (f *fakeAPI) operator(w http.ResponseWriter, as string) bool {
	if as != "maya" {
		f.fault(w, http.StatusForbidden, "letters are not for you", "an operator looks after them")
	}
	return as == "maya"
}

func (f *fakeAPI) bounce(w http.ResponseWriter, r *http.Request, as string, body []byte) {
	if r.Header.Get("Content-Type") != "message/rfc822" {
		f.t.Errorf("a bounce came as %q", r.Header.Get("Content-Type"))
	}
	if !f.operator(w, as) || f.prepared(w, "reply") {
		return
	}
	if !strings.Contains(string(body), "delivery-status") {
		f.fault(w, http.StatusUnprocessableEntity, "the mail is no delivery report", "")
		return
	}
	f.note(r, as, "", []byte(fmt.Sprintf("%d bytes", len(body))))
	f.json(w, struct{}{})
}

func (f *fakeAPI) document(w http.ResponseWriter, r *http.Request, as string, body []byte) {
	sum := sha256.Sum256(body)
	f.note(r, as, "", []byte(fmt.Sprintf("%d bytes", len(body))))
	f.json(w, dossier.Paper{Digest: "sha256:" + hex.EncodeToString(sum[:]), Size: int64(len(body)), Media: "text/plain"})
}

func (f *fakeAPI) strict(body []byte, into any) {
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		f.t.Errorf("what was sent: %v: %s", err, body)
	}
}

// note writes down what was sent, a fresh id as ID.
func (f *fakeAPI) note(r *http.Request, as, id string, body []byte) {
	text := string(body)
	if len(id) >= 26 && !strings.ContainsAny(id, "-/") {
		text = strings.ReplaceAll(text, id, "ID")
	}
	if id != "" {
		f.seen = append(f.seen, id)
	}
	out, err := os.OpenFile(filepath.Join(f.dir, "sent"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		f.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(out, "%s %s as %s\n%s\n", r.Method, r.URL.Path, as, text); err != nil {
		f.t.Error(err)
	}
	if err := out.Close(); err != nil {
		f.t.Error(err)
	}
}

// prepared answers with a file of the script, if there is one.
func (f *fakeAPI) prepared(w http.ResponseWriter, name string) bool {
	text, err := os.ReadFile(filepath.Join(f.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return false
	}
	head, body, _ := strings.Cut(string(text), "\n")
	code, bad := strconv.Atoi(head)
	if err != nil || bad != nil {
		f.t.Errorf("the file %s: %v %v", name, err, bad)
	}
	w.WriteHeader(code)
	f.write(w, []byte(body))
	return true
}

func (f *fakeAPI) recorded(w http.ResponseWriter, name string) {
	text, err := os.ReadFile(filepath.Join("testdata", "api", name))
	f.raw(w, text, err)
}

func (f *fakeAPI) raw(w http.ResponseWriter, text []byte, err error) {
	if err != nil {
		f.t.Errorf("answering: %v", err)
	}
	f.write(w, text)
}

func (f *fakeAPI) json(w http.ResponseWriter, value any) {
	text, err := json.Marshal(value)
	f.raw(w, text, err)
}

func (f *fakeAPI) fault(w http.ResponseWriter, code int, what, hint string) {
	w.WriteHeader(code)
	f.json(w, map[string]string{"error": what, "hint": hint})
}

func (f *fakeAPI) write(w http.ResponseWriter, text []byte) {
	if _, err := w.Write(text); err != nil {
		f.t.Logf("the client went away: %v", err)
	}
}
