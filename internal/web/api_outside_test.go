package web

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"gangway/internal/playbook"
)

// TestAPIOutside: named, listed and ended by the case owner; by nobody else, and never
// with half of what it takes.
func TestAPIOutside(t *testing.T) {
	t.Parallel()
	s, b := newWholeSite(t)
	list := func(who string) []playbook.Contact {
		return decode[[]playbook.Contact](s.call(who, "GET", "/api/outside?case="+url.QueryEscape(theCase), "").wants(200))
	}
	if got := list("ola"); got == nil || len(got) != 0 {
		t.Errorf("nobody was named, and %v are listed", got)
	}
	type who = map[string]string
	otto := who{"request": reviewID, "seat": "outside-counsel", "name": "Otto Out\u202eside", "mail": "otto@chambers.example"}
	for _, lacks := range []string{"request", "seat", "name", "mail"} {
		half := who{}
		for k, v := range otto {
			if k != lacks {
				half[k] = v
			}
		}
		s.call("ola", "POST", "/api/outside", pack(t, half)).wants(http.StatusBadRequest)
	}
	s.call("ola", "POST", "/api/outside", `{"request":"x","seat":"y","name":"z","mail":"z@example.org","case":"x"}`).wants(http.StatusBadRequest)
	s.call("ola", "POST", "/api/outside", pack(t, who{"request": reviewID, "seat": "outside-counsel", "name": "Otto", "mail": "otto"})).wants(http.StatusBadRequest)
	s.call("lena", "POST", "/api/outside", pack(t, otto)).wants(http.StatusForbidden)
	s.call("una", "POST", "/api/outside", pack(t, otto)).wants(http.StatusForbidden)
	s.call("", "POST", "/api/outside", pack(t, otto)).wants(http.StatusUnauthorized)
	b.fail = invalidInput{}
	s.call("ola", "POST", "/api/outside", pack(t, otto)).wants(http.StatusUnprocessableEntity)
	b.fail = nil
	got := decode[playbook.Contact](s.call("ola", "POST", "/api/outside", pack(t, otto)).wants(200))
	if got.ID != "outside.1" || got.Name != "Otto Outside" || got.Seat != "outside-counsel" || got.State != playbook.ContactActive {
		t.Errorf("named %+v", got)
	}
	if got := list("lena"); len(got) != 1 || got[0].ID != "outside.1" {
		t.Errorf("listed %+v", got)
	}
	s.call("una", "GET", "/api/outside?case="+url.QueryEscape(theCase), "").wants(http.StatusForbidden)
	s.call("ola", "GET", "/api/outside", "").wants(http.StatusBadRequest)
	end := pack(t, who{"case": theCase, "contact": "outside.1"})
	s.call("lena", "POST", "/api/outside/end", end).wants(http.StatusForbidden)
	s.call("ola", "POST", "/api/outside/end", pack(t, who{"case": theCase})).wants(http.StatusBadRequest)
	s.call("ola", "GET", "/api/outside/end?case="+url.QueryEscape(theCase)+"&contact=outside.1", "").wants(http.StatusNotFound)
	if got := list("ola"); got[0].State != playbook.ContactActive {
		t.Error("somebody was ended by nobody who may")
	}
	s.call("ola", "POST", "/api/outside/end", end).wants(200)
	if got := list("ola"); got[0].State != playbook.ContactEnded {
		t.Errorf("ended: %+v", got)
	}
	if want := []string{"name Otto Outside otto@chambers.example for outside-counsel", "end outside outside.1"}; !slices.Equal(b.acts(), want) {
		t.Errorf("the desk did %q", b.acts())
	}
}
