package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/web"
)

const outsides = "contract/heron/1"

// readOutside is a contract that two people of neither side are to read.
func readOutside() dossier.CaseView {
	r := review.Request{ID: outsides + ":review.1", Case: outsides, Process: outsides, Step: "review", Kind: review.Decision, Title: "Review", Vendor: "heron", Opened: days(1),
		Policy: review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "legal", Role: "legal"}, {ID: "counsel", Role: review.OutsideRole}, {ID: "expert", Role: review.OutsideRole}}}}},
		Clocks: []review.Clock{{Opened: days(1), Due: days(9)}}}
	one := r
	one.ID, one.Step = outsides+":clauses.1", "clauses"
	one.Policy = review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "legal", Role: "legal"}, {ID: "reader", Role: review.OutsideRole}}}}}
	none := r
	none.ID, none.Step, none.Policy = outsides+":sign.1", "sign", review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "legal", Role: "legal"}}}}}
	return dossier.CaseView{ID: outsides, Vendor: "heron", Owner: "maya", State: dossier.Running, Opened: days(1), Requests: []review.Request{r, one, none}}
}

func namedOutside() []playbook.Contact {
	return []playbook.Contact{{ID: "outside.1", Vendor: review.OutsideRole, Name: "Otto \x1b[2JLang", Mail: "otto@chambers.example", State: playbook.ContactEnded, By: "maya", Seat: "counsel", Case: outsides, Process: outsides, Changed: days(2)}}
}

func (f *fakeAPI) outsideGet(w http.ResponseWriter, q url.Values) {
	switch q.Get("case") {
	case outsides:
		f.json(w, namedOutside())
	case brightwell:
		f.json(w, []playbook.Contact{})
	default:
		f.fault(w, http.StatusNotFound, "there is no case \""+q.Get("case")+`"`, "")
	}
}

// outsidePost takes who is named or ended; false: it is about something else.
func (f *fakeAPI) outsidePost(w http.ResponseWriter, r *http.Request, as string, body []byte) bool {
	switch r.URL.Path {
	case "/api/outside":
		var in struct{ Request, Seat, Name, Mail string }
		f.strict(body, &in)
		f.note(r, as, "", body)
		switch {
		case !strings.Contains(in.Mail, "@"):
			f.fault(w, http.StatusBadRequest, "no name and mail address are given", "the command line and this server may be of different versions")
		case as != "maya":
			f.fault(w, http.StatusForbidden, "acting as the case owner is not for you", "")
		default:
			f.json(w, freshOutside(in.Name, in.Mail, in.Seat))
		}
	case "/api/outside/end":
		var in struct{ Case, Contact string }
		f.strict(body, &in)
		f.note(r, as, "", body)
		switch {
		case as != "maya":
			f.fault(w, http.StatusForbidden, "acting as the case owner is not for you", "")
		case in.Contact != "outside.1":
			f.fault(w, http.StatusNotFound, `there is no outside reviewer "`+in.Contact+`"`, "")
		default:
			f.json(w, struct{}{})
		}
	default:
		return false
	}
	return true
}

func freshOutside(name, mail, seat string) playbook.Contact {
	return playbook.Contact{ID: "outside.2", Vendor: review.OutsideRole, Name: name, Mail: mail, Seat: seat, Case: outsides, Process: outsides, State: playbook.ContactActive, By: "maya", Changed: days(7)}
}

// outsideDesk and outsideSide stand behind the real /api with the same people.
type outsideDesk struct{ sampleDesk }

func (*outsideDesk) Case(_ context.Context, _ review.Address, id string) (dossier.CaseView, error) {
	if id != outsides {
		return dossier.CaseView{}, dossier.NotFoundError{What: "case", ID: id}
	}
	return readOutside(), nil
}

type outsideSide struct {
	web.VendorSide // nothing else is called
}

type notOwner struct{}

func (notOwner) Error() string   { return "acting as the case owner is not for you" }
func (notOwner) Forbidden() bool { return true }

func (outsideSide) OutsidersOf(_ context.Context, _ review.Address, id string) ([]playbook.Contact, error) {
	switch id {
	case outsides:
		return namedOutside(), nil
	case brightwell:
		return nil, nil
	}
	return nil, dossier.NotFoundError{What: "case", ID: id}
}

func (outsideSide) NameOutside(_ context.Context, who review.Address, _, seat string, c playbook.Contact) (playbook.Contact, error) {
	if who.ID != "maya" {
		return c, notOwner{}
	}
	return freshOutside(c.Name, c.Mail, seat), nil
}

func (outsideSide) EndOutside(_ context.Context, who review.Address, _, id string) error {
	if who.ID != "maya" {
		return notOwner{}
	}
	if id != "outside.1" {
		return dossier.NotFoundError{What: "outside reviewer", ID: id}
	}
	return nil
}

// TestFakeKnowsPeopleOfNeitherSideLikeTheRealThing: the scripts' /api and the real one
// give the same command lines the same output and exit codes.
func TestFakeKnowsPeopleOfNeitherSideLikeTheRealThing(t *testing.T) {
	t.Parallel()
	fake := httptest.NewServer(&fakeAPI{t: t, dir: t.TempDir()})
	t.Cleanup(fake.Close)
	genuine := httptest.NewServer(web.New(&outsideDesk{}, web.Options{PickPerson: true, VendorSide: outsideSide{}}))
	t.Cleanup(genuine.Close)
	for _, args := range [][]string{
		{"outside", "list", outsides}, {"outside", "list", outsides, "-o", "json"}, {"outside", "list", brightwell}, {"outside", "list", "onboarding/nobody/1"},
		{"outside", "name", outsides, "clauses", "Olive Ray", "olive@chambers.example"}, {"outside", "name", outsides, "review", "Olive Ray", "olive@chambers.example", "--seat", "expert", "-o", "json"},
		{"outside", "name", outsides, "clauses", "Olive Ray", "olive"}, {"outside", "name", outsides, "clauses", "Olive Ray", "olive@chambers.example", "--as", "daniel"},
		{"outside", "end", outsides, "outside.1"}, {"outside", "end", outsides, "outside.9"}, {"outside", "end", outsides, "outside.1", "--as", "daniel"},
	} {
		call := func(url string) (int, string, string) {
			var out, errs bytes.Buffer
			code := patient().run(t.Context(), append([]string{"--url", url, "--as", "maya"}, args...), nil, nil, &out, &errs)
			return code, out.String(), errs.String()
		}
		code, out, errs := call(genuine.URL)
		wantCode, wantOut, wantErrs := call(fake.URL)
		if code != wantCode || out != wantOut || errs != wantErrs {
			t.Errorf("%v: the real server gives %d, the fake %d\n%s\n%s", args, code, wantCode, cmp.Diff(wantOut, out), cmp.Diff(wantErrs, errs))
		}
	}
}
